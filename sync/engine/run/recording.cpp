// What a run leaves behind for the next one.
#include <algorithm>

#include "sync/engine/run/work.hpp"

namespace dirsync::engine {

/// What a rule's next plan is compared with.
Result<void> Engine::remember(Work& work) {
  if (!work.request.cut.empty()) return {};
  for (auto const& rule : work.input.rules) {
    auto const mine = [&rule](Change const& change) { return change.rule == rule.name; };
    auto const done = std::ranges::any_of(work.report.outcomes, [&mine](Settled const& settled) {
      return mine(settled.change) && is_success(settled.outcome);
    });
    auto const quiet = std::ranges::none_of(work.report.plan.changes, mine);
    auto const known = work.input.facts.rules.find(rule.name);
    auto const is_known = known != work.input.facts.rules.end();
    if (!done && !(quiet && is_known)) continue;
    RuleMemory const memory{rule.digest, plan::desired_digest(work.desired, rule)};
    if (is_known && known->second.configuration_digest == memory.configuration_digest &&
        known->second.desired_digest == memory.desired_digest)
      continue;
    if (auto const kept = setup_.journal->remember_rule(rule.name, memory); !kept) return kept.error();
  }
  return {};
}

/// True when the target was read and left as the rules want it; a cut plan says nothing of the rest.
bool Engine::is_in_order(Work const& work, std::string const& target) {
  if (work.refused.contains(target)) return false;
  auto const is_here = [&target](Change const& change) { return change.target == target; };
  auto const done = std::ranges::count_if(work.report.outcomes, [&is_here](Settled const& settled) {
    return is_here(settled.change) && is_success(settled.outcome);
  });
  return done == std::ranges::count_if(work.report.plan.changes, is_here) &&
         done == std::ranges::count_if(work.draft.plan.changes, is_here);
}

Result<void> Engine::keep_reads(Work& work) {
  for (auto const& [directory, snapshot] : work.readings.snapshots) {
    // Approved together with the plan that was held for them.
    auto const settled = work.report.applied && work.report.plan.held && work.request.cut.empty()
                             ? work.draft.to_approve[directory]
                             : std::set<std::string>{};
    std::vector<AbsenceCount> counts;
    for (auto const& key : work.draft.absent[directory])
      if (!settled.contains(key))
        counts.push_back({key, plan::runs_absent_before(work.input.facts, directory, key) + 1});
    // First the absences: what the accepted read forgets must have been counted, whenever the process dies.
    if (auto const kept = setup_.journal->replace_absences(directory, counts); !kept) return kept.error();
    if (auto const accepted = setup_.journal->accept_read(work.report.run, snapshot); !accepted)
      return accepted.error();
  }
  return {};
}

Result<void> Engine::finish(Work& work) {
  if (auto const kept = keep_reads(work); !kept) return kept.error();
  auto& record = work.record;
  auto const& changes = work.report.plan.changes;
  auto const count = [&work](auto... wanted) {
    return std::ranges::count_if(work.report.outcomes, [wanted...](Settled const& settled) {
      return ((settled.outcome == wanted) || ...);
    });
  };
  record.id = work.report.run;
  record.finished = setup_.clock->now();
  record.verdict = to_text(work.report.plan.verdict);
  record.exit_code = static_cast<int>(work.report.exit);
  record.digest = work.report.plan.digest.value();
  record.planned = static_cast<std::int64_t>(changes.size());
  record.done = count(Outcome::done, Outcome::already);
  record.failed = count(Outcome::failed, Outcome::unknown, Outcome::skipped);
  record.unconfirmed = std::ranges::count(changes, true, &Change::unconfirmed);
  for (auto const& [target, summary] : work.report.plan.targets)
    if (is_in_order(work, target)) record.succeeded.push_back(target);
  record.report_json = report_document(work.report);
  return setup_.journal->end_run(record);
}

Exit exit_of(Report const& report) {
  auto const& plan = report.plan;
  auto const any = [&report](auto... wanted) {
    return std::ranges::any_of(report.outcomes, [wanted...](Settled const& settled) {
      return ((settled.outcome == wanted) || ...);
    });
  };
  auto const settled = by_change(plan, report.outcomes);
  auto pending = false;
  for (std::size_t at = 0; at < settled.size(); ++at)
    pending = pending || (settled[at] == nullptr && !plan.changes[at].unconfirmed);
  auto const refused = std::ranges::any_of(
      plan.targets, [](auto const& target) { return target.second.verdict == Verdict::refuse; });
  if (refused) return Exit::unread;
  if (report.approval_stale || std::ranges::count(plan.changes, true, &Change::unconfirmed) > 0)
    return Exit::held;
  if (plan.held && pending) return Exit::held;
  if (any(Outcome::failed, Outcome::unknown, Outcome::skipped)) return Exit::failed;
  return pending ? Exit::pending : Exit::done;
}

}  // namespace dirsync::engine
