// log and log verify.
#include <boost/json.hpp>
#include <functional>
#include <iterator>

#include "daemon/cli/context.hpp"
#include "daemon/cli/output.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/cli/when.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

struct Column {
  char const* name;
  std::function<std::string(AuditRow const&)> value;
};

/// The row's fields in the order of docs/json.md.
std::vector<Column> const& columns() {
  static std::vector<Column> const all{
      {"time", [](AuditRow const& row) { return rfc3339(row.time); }},
      {"phase", [](AuditRow const& row) { return row.phase; }},
      {"target", [](AuditRow const& row) { return row.target; }},
      {"verb", [](AuditRow const& row) { return row.verb; }},
      {"group", [](AuditRow const& row) { return row.group; }},
      {"principal", [](AuditRow const& row) { return row.principal; }},
      {"dn", [](AuditRow const& row) { return row.dn; }},
      {"id", [](AuditRow const& row) { return row.id; }},
      {"rule", [](AuditRow const& row) { return row.rule; }},
      {"path", [](AuditRow const& row) { return row.path; }},
      {"plan", [](AuditRow const& row) { return row.plan; }},
      {"actor", [](AuditRow const& row) { return row.actor; }},
      {"result", [](AuditRow const& row) { return row.result; }},
      {"detail", [](AuditRow const& row) { return row.detail; }},
      {"prev", [](AuditRow const& row) { return row.previous; }},
      {"hash", [](AuditRow const& row) { return row.hash; }},
  };
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
  AuditFilter filter;
  if (!read_when(arguments, "--since", arguments.since, filter.since) ||
      !read_when(arguments, "--until", arguments.until, filter.until))
    return std::nullopt;
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

int verify_log(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::leave);
  if (!config) return kUsage;
  auto state = open_state(*config, StateUse::examine);
  if (!state) return refuse_state(arguments, state.error());
  auto* const store = &state->store;
  auto const report = store->verify_chain();
  if (!report) {
    print_error(arguments, report.error());
    return kInternal;
  }
  if (arguments.json) {
    json::object object{{"holds", !report->fault}, {"rows", report->count}, {"head", report->head.hash}};
    if (report->fault) {
      object["first_bad"] = report->fault->sequence;
      object["kind"] = store::to_text(report->fault->kind);
      object["text"] = report->fault->text;
    }
    show_json(object);
  } else if (report->fault) {
    show(stdout, "The audit chain does NOT hold, first at sequence " +
                     std::to_string(report->fault->sequence) + " (" + store::to_text(report->fault->kind) +
                     "): " + report->fault->text + "\n");
  } else {
    show(stdout, "The audit chain holds: " + std::to_string(report->count) + " rows, head " +
                     report->head.hash + "\n");
  }
  return report->fault ? kBrokenChain : kDone;
}

}  // namespace dirsync::cli
