// Rows, days and health: what the page shows beside what commands do.
#include <boost/json.hpp>
#include <iterator>

#include "daemon/cli/log_rows.hpp"
#include "daemon/cli/looks.hpp"
#include "daemon/revocation_delay.hpp"
#include "store/store.hpp"
#include "sync/engine/report.hpp"
#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::cli {
namespace {
namespace json = boost::json;

json::value delay_figure(std::optional<std::chrono::milliseconds> const& value) {
  return value ? json::value(value->count()) : json::value{};
}

json::object day_value(std::string const& day, store::DayFigures const& figures,
                       std::optional<std::chrono::milliseconds> target) {
  auto const delay = revocation_delay(figures.removal_delays, target);
  return {{"day", day},
          {"runs", figures.runs},
          {"runs_held", figures.runs_held},
          {"runs_failed", figures.runs_failed},
          {"added", figures.added},
          {"removed", figures.removed},
          {"others", figures.others},
          {"failed", figures.failed},
          {"delays", figures.removal_delays.size()},
          {"p50_ms", delay_figure(delay.p50)},
          {"p99_ms", delay_figure(delay.p99)},
          {"worst_ms", delay_figure(delay.worst)},
          {"over_target", delay.over_target ? json::value(*delay.over_target) : json::value{}}};
}

json::array certificate_values(std::map<std::string, Time> const& certificates, Time now) {
  json::array values;
  for (auto const& [side, end] : certificates)
    values.push_back(json::object{{"side", side},
                                  {"ends", rfc3339(end)},
                                  {"days", std::chrono::floor<std::chrono::days>(end - now).count()}});
  return values;
}

/// Of each side as the last run that looked at everything proved it, or did not.
json::array proof_values(RunRecord const& run) {
  auto const report = engine::kept_report(run);
  json::array values;
  for (auto const& [side, value] : object_at(object_in(report), "certificates")) {
    auto const& certificate = object_in(value);
    auto const failing = text_at(certificate, "failing");
    json::string detail;
    for (auto const& clause : array_at(certificate, "clauses"))
      if (!failing.empty() && text_at(object_in(clause), "name") == failing)
        detail = json::string{text_at(object_in(clause), "detail")};
    values.push_back(json::object{{"side", json::string{side}},
                                  {"server", text_at(certificate, "server")},
                                  {"complete", flag_at(certificate, "complete")},
                                  {"failing", failing.empty() ? json::value{} : json::value(failing)},
                                  {"detail", std::move(detail)},
                                  {"entries", integer_at(certificate, "entries").value_or(0)},
                                  {"values", integer_at(certificate, "values").value_or(0)}});
  }
  return values;
}

}  // namespace

Answer rows_answer(store::Store& store, AuditFilter filter) {
  auto const most = filter.limit.value_or(1);
  filter.limit = most + 1;  // whether there are more
  std::vector<std::string> rows;
  auto const read = store.audit(filter, [&rows](AuditRow const& row) {
    rows.push_back(row_line(RowForm::json, row));
    return true;
  });
  if (!read) return refusal(read.error());
  auto const pruned = store.pruned();
  if (!pruned) return refusal(pruned.error());
  auto const are_more = std::ssize(rows) > most;
  std::string document = "{\"rows\":[";
  for (auto row = rows.rbegin(); row != rows.rend() && row - rows.rbegin() < most; ++row)
    document += (row == rows.rbegin() ? "" : ",") + *row;
  document += std::string{"],\"more\":"} + (are_more ? "true" : "false") +
              ",\"pruned\":" + std::to_string(*pruned ? (*pruned)->rows() : 0) + "}";
  return {.document = std::move(document)};
}

Answer days_answer(config::Config const& config, store::Store& store, int days, Time now) {
  auto const first = std::chrono::floor<std::chrono::days>(now) - std::chrono::days{days - 1};
  auto figures = store.daily_figures(first);
  if (!figures) return refusal(figures.error());
  auto const& target = config.schedule.revocation_target;
  json::array values;
  for (int at = 0; at < days; ++at) {
    auto const day = rfc3339(first + std::chrono::days{at}).substr(0, 10);
    values.push_back(day_value(day, (*figures)[day], target));
  }
  json::object const document{{"days", std::move(values)}, {"target_ms", delay_figure(target)}};
  return {.document = json::serialize(document)};
}

Answer health_answer(config::Config const& config, store::Store& store,
                     std::map<std::string, Time> const& certificates, Time now) {
  json::object document{
      {"certificates", certificate_values(certificates, now)}, {"run", nullptr}, {"proofs", json::array{}}};
  auto const looked = store.in_one_state([&store, &config, &document]() -> Result<void> {
    auto const run = store.last_run(std::nullopt);
    if (!run) return run.error();
    if (*run) {
      document["run"] = (*run)->id.value();
      document["proofs"] = proof_values(**run);
    }
    auto const bytes = store.size();
    if (!bytes) return bytes.error();
    auto const head = store.chain_head();
    if (!head) return head.error();
    auto const pruned = store.pruned();
    if (!pruned) return pruned.error();
    document["store"] = json::object{{"folder", config.service.state_dir},
                                     {"bytes", *bytes},
                                     {"audit_rows", head->sequence - (*pruned ? (*pruned)->rows() : 0)},
                                     {"pruned", *pruned ? (*pruned)->rows() : 0}};
    return {};
  });
  if (!looked) return refusal(looked.error());
  return {.document = json::serialize(document)};
}

}  // namespace dirsync::cli
