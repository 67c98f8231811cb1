#include "sync/engine/run/undone_changes.hpp"

#include "sync/plan/undo/undone.hpp"

namespace dirsync::engine {
namespace {

std::vector<Undone> of_target(std::map<std::string, std::vector<Undone>> const& undone,
                              std::string const& target) {
  auto const found = undone.find(target);
  return found == undone.end() ? std::vector<Undone>{} : found->second;
}

/// What the undo certainly did not take back.
std::vector<Undone> not_achieved(Report const& report) {
  std::vector<Undone> failed;
  for (auto const& [change, outcome, detail, delay] : report.outcomes)
    if (outcome == Outcome::failed || outcome == Outcome::skipped) failed.emplace_back().change = change;
  return failed;
}

Result<void> append_row(RunContext const& context, Plan const& plan) {
  AuditRow row;
  row.run = context.run;
  row.phase = "run";
  row.verb = "undo";
  row.plan = plan.digest.value();
  row.actor = context.request.actor;
  row.result = "begun";
  row.detail = "takes back what run " + std::to_string(plan.undoes->value()) +
               " did: " + std::to_string(plan.changes.size()) + " changes; " +
               std::to_string(plan.left.size()) + " are left as they are";
  return context.setup.journal->append(std::move(row));
}

}  // namespace

Result<void> begin_undo(RunContext const& context, Judged const& judged) {
  if (auto const told = append_row(context, judged.plan); !told) return told;
  for (auto const& [target, undone] : judged.drafted.draft.undone)
    if (auto const kept = context.setup.journal->replace_undone(target, undone); !kept) return kept;
  return {};
}

Result<void> keep_undone(RunContext const& context, Drafted const& drafted, Report const& report) {
  auto const is_undo = context.request.undo.has_value();
  if (is_undo && report.outcomes.empty()) return {};
  auto const failed = is_undo ? not_achieved(report) : std::vector<Undone>{};
  auto const& before = is_undo ? drafted.draft.undone : drafted.lined_up.input.facts.undone;
  for (auto const& [target, undone] : drafted.draft.undone) {
    auto const kept = plan::without(undone, failed);
    if (kept == of_target(before, target)) continue;
    if (auto const done = context.setup.journal->replace_undone(target, kept); !done) return done;
  }
  return {};
}

}  // namespace dirsync::engine
