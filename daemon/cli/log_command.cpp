// log.
#include <boost/json.hpp>
#include <functional>
#include <iterator>

#include "daemon/cli/context.hpp"
#include "daemon/cli/extract/row_fields.hpp"
#include "daemon/cli/log_times.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

struct Column {
  char const* name;
  std::function<std::string(AuditRow const&)> value;
};

/// Of the fields that are text: those of docs/json.md but `seq` and `run`.
std::vector<Column> const& columns() {
  static std::vector<Column> const all = [] {
    std::vector<Column> made{{"time", [](AuditRow const& row) { return rfc3339(row.time); }}};
    for (auto const& field : text_fields())
      made.push_back({field.name, [value = field.value](AuditRow const& row) { return row.*value; }});
    return made;
  }();
  return all;
}

json::object json_row(AuditRow const& row) {
  json::object object{{"seq", row.sequence}};
  for (auto const& column : columns()) {
    auto const value = column.value(row);
    object[column.name] = is_utf8(value) ? value : printable(value, value.size());
    if (object.size() == 2) object["run"] = row.run.value();  // after time
  }
  return object;
}

std::string csv_cell(std::string const& value) {
  // A spreadsheet must not take a cell for a formula.
  auto const formula =
      !value.empty() && std::string_view{"=+-@\t\r"}.find(value.front()) != std::string_view::npos;
  std::string cell = formula ? "'" + value : value;
  if (cell.find_first_of("\",\n\r") == std::string::npos) return cell;
  std::string quoted = "\"";
  for (auto const c : cell) {
    if (c == '"') quoted.push_back('"');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string csv_line(AuditRow const& row) {
  auto line = std::to_string(row.sequence);
  for (auto const& column : columns()) {
    line += "," + csv_cell(column.value(row));
    if (std::string_view{column.name} == "time") line += "," + std::to_string(row.run.value());
  }
  return line;
}

std::string csv_head() {
  std::string line = "seq";
  for (auto const& column : columns()) {
    line += "," + std::string{column.name};
    if (std::string_view{column.name} == "time") line += ",run";
  }
  return line;
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

std::optional<AuditFilter> filter_of(Arguments const& arguments) {
  auto const times = times_of(arguments);
  if (!times) return std::nullopt;
  AuditFilter filter;
  filter.since = times->since;
  filter.until = times->until;
  filter.target = arguments.target;
  filter.group = arguments.group;
  filter.user = arguments.user;
  filter.action = arguments.action;
  filter.outcome = arguments.outcome;
  if (arguments.run > 0) filter.run = RunId{arguments.run};
  filter.limit = arguments.limit;
  return filter;
}

}  // namespace

int show_log(Arguments const& arguments) {
  auto const filter = filter_of(arguments);
  if (!filter) return kUsage;
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto* const store = &state->store;
  auto const as_json = arguments.json || arguments.format == "json";
  auto const as_csv = !as_json && arguments.format == "csv";
  std::vector<std::vector<std::string>> rows{
      {"SEQ", "TIME", "RUN", "PHASE", "VERB", "TARGET", "GROUP", "PRINCIPAL", "RESULT", "DETAIL"}};
  if (as_csv) show(stdout, csv_head() + "\n");
  auto const read = store->audit(*filter, [as_json, as_csv, &rows](AuditRow const& row) {
    if (as_json)
      show_json(json_row(row));
    else if (as_csv)
      show(stdout, csv_line(row) + "\n");
    else
      rows.push_back(table_row(row));
    return true;
  });
  if (!read) {
    print_error(arguments, read.error());
    return kInternal;
  }
  if (!as_json && !as_csv) show(stdout, table(rows));
  return kDone;
}

}  // namespace dirsync::cli
