#include "daemon/cli/log_rows.hpp"

#include <boost/json.hpp>
#include <cstdio>

#include "daemon/cli/extract/csv_cell.hpp"
#include "daemon/cli/extract/row_fields.hpp"
#include "daemon/cli/screen.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {

/// In one line of CSV every row is one line: what would break it is marked, as for people.
std::string csv_row(AuditRow const& row) {
  auto line = std::to_string(row.sequence) + "," + rfc3339(row.time) + "," + std::to_string(row.run.value());
  for (auto const& field : text_fields()) line += "," + safe_csv_cell(row.*field.value);
  return line;
}

std::string csv_row_head() {
  std::string line = "seq,time,run";
  for (auto const& field : text_fields()) line += "," + std::string{field.name};
  return line;
}

std::string json_row(AuditRow const& row) {
  boost::json::object object{{"seq", row.sequence}, {"time", rfc3339(row.time)}, {"run", row.run.value()}};
  for (auto const& field : text_fields()) object[field.name] = as_utf8(row.*field.value);
  if (row.delay) object["delay_ms"] = row.delay->count();
  return boost::json::serialize(object);
}

std::string cells_in_line(std::vector<std::string> const& cells) {
  std::string line;
  for (auto const& cell : cells)
    line += (line.empty() ? "" : "  ") + (cell.empty() ? "-" : printable(cell, std::string::npos));
  return line;
}

}  // namespace

RowForm row_form(Arguments const& arguments) {
  if (arguments.json || arguments.format == "json") return RowForm::json;
  return arguments.format == "csv" ? RowForm::csv : RowForm::table;
}

std::vector<std::string> table_head() {
  return {"SEQ", "TIME", "RUN", "PHASE", "VERB", "TARGET", "GROUP", "PRINCIPAL", "RESULT", "DETAIL"};
}

std::vector<std::string> table_row(AuditRow const& row) {
  return {std::to_string(row.sequence),
          rfc3339(row.time),
          std::to_string(row.run.value()),
          row.phase,
          row.verb,
          row.target,
          row.group,
          row.principal,
          row.result,
          row.detail};
}

std::string row_line(RowForm form, AuditRow const& row) {
  if (form == RowForm::json) return json_row(row);
  return form == RowForm::csv ? csv_row(row) : cells_in_line(table_row(row));
}

std::string head_line(RowForm form) {
  if (form == RowForm::json) return {};
  return form == RowForm::csv ? csv_row_head() : cells_in_line(table_head());
}

void show_row_line(RowForm form, std::string const& line) {
  if (form == RowForm::json)
    show_json_text(line);
  else
    show(stdout, line + "\n");
}

}  // namespace dirsync::cli
