#include "daemon/run_telling.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "sync/model/join.hpp"

namespace dirsync {
namespace {

std::map<std::string, std::size_t> counts_of_outcomes(engine::Report const& report) {
  std::map<std::string, std::size_t> counts;
  auto const settled = by_change(report.plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at) {
    auto const outcome = outcome_text(report.plan.changes[at], settled[at]);
    ++counts[outcome.empty() ? "planned" : outcome];
  }
  return counts;
}

bool has_reason(Plan const& plan, std::string_view code) {
  return std::ranges::find(plan.reasons, code, &Reason::code) != plan.reasons.end();
}

/// One that was rejected is no question any more.
void tell_held(Monitor& log, engine::Report const& report) {
  auto const& plan = report.plan;
  if (plan.verdict != Verdict::hold || !plan.held) return;
  Monitor::Field const fields[] = {{"cycle", std::to_string(report.run.value())},
                                   {"plan", plan.digest.value()},
                                   {"reasons", join(plan.reasons, "; ", &Reason::text)}};
  if (has_reason(plan, "rejected"))
    log.event(Monitor::Level::info, "plan_rejected", fields);
  else
    log.event(Monitor::Level::warn, "plan_held", fields);
}

void tell_frozen(Monitor& log, engine::Report const& report) {
  for (auto const& freeze : report.plan.freezes) {
    Monitor::Field const fields[] = {
        {"cycle", std::to_string(report.run.value())}, {"target", freeze.target}, {"text", text(freeze)}};
    log.event(Monitor::Level::warn, "frozen", fields);
  }
}

}  // namespace

void tell_run(Monitor& log, engine::Report const& report, std::vector<Monitor::Field> more) {
  auto const exit = static_cast<int>(report.exit);
  std::vector<Monitor::Field> fields{{"cycle", std::to_string(report.run.value())},
                                     {"verdict", to_text(report.plan.verdict)},
                                     {"exit", std::to_string(exit)},
                                     {"plan", report.plan.digest.value()},
                                     {"changes", std::to_string(report.plan.changes.size())},
                                     {"ms", std::to_string(report.total.count())}};
  auto const counts = counts_of_outcomes(report);
  for (auto const& [outcome, count] : counts) fields.push_back({outcome, std::to_string(count)});
  std::ranges::move(more, std::back_inserter(fields));
  log.event(exit == 0 ? Monitor::Level::info : Monitor::Level::warn, "run_finished", fields);
  tell_held(log, report);
  tell_frozen(log, report);
}

void tell_leavers_run(Monitor& log, engine::Report const& report) {
  std::set<EntryId> people;
  std::set<std::pair<std::string, std::string>> groups;
  for (auto const& change : report.plan.changes) {
    people.insert(change.id);
    groups.emplace(change.target, change.group_id);
  }
  std::vector<Monitor::Field> fields{{"cycle", std::to_string(report.run.value())},
                                     {"exit", std::to_string(static_cast<int>(report.exit))},
                                     {"people", std::to_string(people.size())},
                                     {"groups", std::to_string(groups.size())},
                                     {"changes", std::to_string(report.plan.changes.size())},
                                     {"ms", std::to_string(report.total.count())}};
  auto const counts = counts_of_outcomes(report);
  for (auto const& [outcome, count] : counts) fields.push_back({outcome, std::to_string(count)});
  auto const is_done = report.exit == engine::Exit::done;
  log.event(is_done ? Monitor::Level::info : Monitor::Level::warn, "leavers_run", fields);
}

std::string in_a_line(engine::Report const& report) {
  auto line = "Run " + std::to_string(report.run.value()) + ": " + to_text(report.plan.verdict) + ", exit " +
              std::to_string(static_cast<int>(report.exit));
  auto const counts = counts_of_outcomes(report);
  for (auto const& [outcome, count] : counts) line += ", " + std::to_string(count) + " " + outcome;
  return line;
}

std::string in_a_line(std::vector<Freeze> const& freezes) {
  std::string line;
  for (auto const& freeze : freezes) line += "; frozen: " + text(freeze);
  return line;
}

}  // namespace dirsync
