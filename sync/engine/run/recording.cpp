// record: what a run leaves behind for the next one, and for people.
#include <algorithm>

#include "sync/engine/apply/back_off.hpp"
#include "sync/engine/apply/strangers.hpp"
#include "sync/engine/leavers/fed_groups.hpp"
#include "sync/engine/leavers/group_lists.hpp"
#include "sync/engine/run/left_members.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/engine/run/stop_reasons.hpp"
#include "sync/engine/run/undone_changes.hpp"
#include "sync/engine/run/unseen_moves.hpp"
#include "sync/plan/kept/settings.hpp"

namespace dirsync::engine {
namespace {

/// Objects that failed now are tried again later; those that were done, or are no longer wanted, are not.
/// `whole`: everything that was planned had its turn.
Result<void> keep_set_aside(RunContext const& context, Reads const& reads, Report const& report, bool whole) {
  auto& journal = *context.setup.journal;
  for (auto const& target : context.setup.targets) {
    if (reads.refused.contains(target.name)) continue;
    auto const before = journal.set_aside(target.name);
    if (!before) return before.error();
    auto const now =
        set_aside_after(report.outcomes, target.name, *before, !whole, context.setup.clock->now());
    if (before->empty() && now.empty()) continue;
    if (auto const kept = journal.replace_set_aside(target.name, now); !kept) return kept.error();
  }
  return {};
}

/// What is due and cannot be sent, whatever became of the rest; a cut plan does not tell of the others.
Result<void> keep_blocked(RunContext const& context, Report const& report) {
  if (!context.request.is_whole()) return {};
  auto const now = context.setup.clock->now();
  for (auto const& [target, summary] : report.plan.targets) {
    if (summary.verdict == Verdict::refuse) continue;
    std::vector<Blocked> blocked;
    for (auto const& change : report.plan.changes)
      if (change.target == target && change.blocked)
        blocked.push_back({change, change.blocked->code, change.blocked->text, now});
    // Those whom this run itself let in are in no plan yet.
    auto const known = context.setup.journal->blocked(target);
    if (!known) return known.error();
    for (auto const& one : *known)
      if (one.code == kStranger && one.since >= context.start.time) blocked.push_back(one);
    auto const kept = context.setup.journal->replace_blocked(context.run, report.plan.digest, target,
                                                             context.request.actor, blocked);
    if (!kept) return kept.error();
  }
  return {};
}

/// Who let a held plan run in this run.
Result<void> tell_approval(RunContext const& context, Plan& plan) {
  if (!plan.held) return {};
  auto const stored = context.setup.journal->find_plan(plan.digest);
  if (!stored) return stored.error();
  auto const& used = *stored;
  if (!used || used->state != StoredPlan::State::applied || !used->decided) return {};
  plan.approved = Approval{used->decided_by, *used->decided};
  // What is frozen waits all the same.
  for (auto& [name, target] : plan.targets)
    if (target.verdict == Verdict::hold && !is_frozen(plan, name)) target.verdict = Verdict::run;
  if (plan.verdict == Verdict::hold && plan.freezes.empty()) plan.verdict = Verdict::run;
  return {};
}

/// What a rule's next plan is compared with. Of one with frozen changes nobody has seen all that it does.
Result<void> remember_rules(RunContext const& context, Drafted const& drafted,
                            std::set<std::string> const& unsettled, Report const& report) {
  if (!context.request.is_whole()) return {};
  std::set<std::string_view> with_changes, with_success, with_frozen;
  for (auto const& change : report.plan.changes) {
    with_changes.insert(change.rule);
    if (change.frozen) with_frozen.insert(change.rule);
  }
  for (auto const& settled : report.outcomes)
    if (is_success(settled.outcome)) with_success.insert(settled.change.rule);
  auto const& input = drafted.lined_up.input;
  for (auto const& rule : input.rules) {
    auto const known = input.facts.rules.find(rule.name);
    auto const is_known = known != input.facts.rules.end();
    if (unsettled.contains(rule.name) || with_frozen.contains(rule.name)) continue;
    auto const is_quiet = !with_changes.contains(rule.name);
    if (!with_success.contains(rule.name) && !(is_quiet && is_known)) continue;
    RuleMemory const memory{plan::settings_text(rule)};
    if (is_known && known->second.settings == memory.settings) continue;
    if (auto const kept = context.setup.journal->remember_rule(rule.name, memory); !kept) return kept.error();
  }
  return {};
}

/// Which groups are followed from now on. What the present settings exclude no longer is followed until they
/// were applied: up to then plans are compared with the settings of before.
Result<void> keep_excludes(RunContext const& context, Drafted const& drafted, bool is_applied) {
  auto const& before = drafted.lined_up.input.facts.excluded;
  for (auto const& [rule, followed] : drafted.desired.excluded) {
    auto groups = followed;
    auto const known = before.find(rule);
    if (known != before.end() && !is_applied) groups.insert(known->second.begin(), known->second.end());
    if (known == before.end() ? groups.empty() : known->second == groups) continue;
    if (auto const kept = context.setup.journal->keep_excludes(rule, groups); !kept) return kept;
  }
  return {};
}

/// What is counted of one directory, or of what one target shows. `approved`: the plan that was held for some
/// of it.
std::vector<AbsenceCount> counts_of(Drafted const& drafted, std::string const& side, bool approved) {
  auto const& [draft, input] = std::tie(drafted.draft, drafted.lined_up.input);
  auto const has = [&side](plan::AbsenceKeys const& keys, plan::AbsenceKey const& key) {
    auto const found = keys.find(side);
    return found != keys.end() && found->second.contains(key);
  };
  std::vector<AbsenceCount> counts;
  auto const add = [&counts](plan::AbsenceKey const& key, plan::AbsentBefore const& absent) {
    counts.push_back({key.value(), absent.runs, absent.counted});
  };
  for (auto const& key : draft.absent.at(side))
    if (!approved || !has(draft.to_approve, key))
      add(key, plan::absent_with_this_run(input.facts, input.limits.confirm, side, key));
  if (auto const kept = draft.still_counted.find(side); kept != draft.still_counted.end())
    for (auto const& key : kept->second)
      if (!has(draft.absent, key)) add(key, plan::absent_before(input.facts, side, key));
  return counts;
}

Result<void> keep_reads(RunContext const& context, Reads const& reads, Drafted const& drafted,
                        Report const& report) {
  auto& journal = *context.setup.journal;
  // Approved together with the plan that was held for them. One of which nothing could be sent yet was not.
  auto const approved = report.plan.approved && context.request.is_whole() && !keeps_back(report.plan);
  // First the absences: what an accepted read forgets must have been counted, whenever the process dies.
  for (auto const& [side, keys] : drafted.draft.absent) {
    auto counts = counts_of(drafted, side, approved);
    auto const moves = unseen_moves(context, reads, side);
    if (!moves) return moves.error();
    for (auto const& move : *moves)
      if (std::ranges::find(counts, move.key, &AbsenceCount::key) == counts.end()) counts.push_back(move);
    if (auto const kept = journal.replace_absences(side, counts); !kept) return kept.error();
  }
  for (auto const& [directory, snapshot] : reads.snapshots) {
    if (auto const accepted = journal.accept_read(context.run, snapshot); !accepted) return accepted.error();
    // Where the process dies before this, they are new once more: somebody stays for one more read.
    auto const kept = journal.keep_unresolved(directory, drafted.draft.unresolved.at(directory));
    if (!kept) return kept.error();
  }
  return {};
}

/// True when the target was read and left as the rules want it; a cut plan says nothing of the rest.
bool is_in_order(Reads const& reads, Judged const& judged, Report const& report, std::string const& target) {
  if (reads.refused.contains(target)) return false;
  auto const is_here = [&target](Change const& change) { return change.target == target; };
  auto const done = std::ranges::count_if(report.outcomes, [&is_here](Settled const& settled) {
    return is_here(settled.change) && is_success(settled.outcome);
  });
  auto const& reasons = report.plan.targets.at(target).reasons;
  if (std::ranges::any_of(reasons, &Reason::fails)) return false;
  auto const whole = judged.whole_changes.find(target);
  return done == std::ranges::count_if(report.plan.changes, is_here) &&
         done == (whole == judged.whole_changes.end() ? 0 : whole->second);
}

/// Targets of which some was left for the next run: how they stand is known once that went on. Until then
/// what was known before stays, as after a run that ended in its midst.
std::set<std::string> unfinished_targets(Report const& report) {
  std::set<std::string> targets;
  if (!report.gave_way) return targets;
  auto const settled = by_change(report.plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at)
    if (settled[at] == nullptr && is_to_send(report.plan.changes[at]))
      targets.insert(report.plan.changes[at].target);
  return targets;
}

/// `adopted`: what was found is ours now.
std::vector<TargetState> states_of(Reads const& reads, Judged const& judged, Report const& report,
                                   bool adopted, Time now) {
  auto states = target_states(report, now);
  auto const unfinished = unfinished_targets(report);
  std::erase_if(states,
                [&unfinished](TargetState const& state) { return unfinished.contains(state.target); });
  for (auto& state : states) {
    if (state.kind == TargetState::Kind::unread || !reads.observed.contains(state.target)) continue;
    auto const are_ours = adopted && !keeps_back(report.plan, state.target);
    state.foreign = foreign_members(reads, judged.drafted, report, state.target, are_ours);
    state.left_out = left_out_people(judged.drafted, state.target);
  }
  return states;
}

RunRecord record_of(RunContext const& context, Report const& report) {
  auto const count = [&report](auto... wanted) {
    return std::ranges::count_if(report.outcomes, [wanted...](Settled const& settled) {
      return ((settled.outcome == wanted) || ...);
    });
  };
  RunRecord record;
  record.id = context.run;
  record.start = context.start;
  record.finished = context.setup.clock->now();
  record.verdict = to_text(report.plan.verdict);
  record.exit_code = static_cast<int>(report.exit);
  record.digest = report.plan.digest.value();
  record.planned = static_cast<std::int64_t>(report.plan.changes.size());
  record.done = count(Outcome::done, Outcome::already);
  record.failed = count(Outcome::failed, Outcome::unknown, Outcome::skipped);
  record.unconfirmed = std::ranges::count(report.plan.changes, true, &Change::unconfirmed);
  keep_report(report, record);
  return record;
}

Result<void> end_run(RunContext const& context, Reads const& reads, Judged const& judged,
                     Report const& report, bool adopted) {
  auto& journal = *context.setup.journal;
  auto record = record_of(context, report);
  for (auto const& [target, summary] : report.plan.targets)
    if (!context.request.undo && is_in_order(reads, judged, report, target))
      record.succeeded.push_back(target);
  for (auto const& [directory, cookie] : context.request.feed_cookies)
    if (reads.snapshots.contains(directory)) record.feed_cookies.emplace(directory, cookie);
  // It tells nothing of what the rules want.
  if (context.request.undo) return journal.end_run(record);
  auto const states = states_of(reads, judged, report, adopted, *record.finished);
  if (auto const kept = journal.keep_target_states(context.run, states); !kept) return kept.error();
  return journal.end_run(record);
}

}  // namespace

Result<Report> record(RunContext const& context, Reads reads, Judged judged, Written written) {
  StageClock const clock{context, "record"};
  using std::chrono::milliseconds;
  auto const& drafted = judged.drafted;
  Report report;
  report.run = context.run;
  report.plan = std::move(judged.plan);
  report.outcomes = std::move(written.outcomes);
  report.applied = std::ranges::any_of(
      report.outcomes, [](Settled const& settled) { return settled.outcome != Outcome::skipped; });
  report.unverified = written.unverified;
  tell_ended(written.ended, report);
  tell_freezes(written.stopped_by, report);
  report.approval_stale = written.decision == Decision::approval_stale;
  report.approval_short = written.decision == Decision::approval_short;
  report.approval_repeated = written.decision == Decision::approval_repeated;
  report.declined = written.decision == Decision::declined || written.leavers_declined;
  report.stopped = context.stop.stop_requested();
  report.gave_way = written.gave_way;
  report.unknown_names = std::move(judged.unknown_names);
  report.certificates = std::move(reads.certificates);
  report.unread_directories = reads.failed_directories;
  report.unread_targets = reads.failed_targets;
  report.took = std::move(reads.took);
  if (context.request.keeps_members) {
    report.members = member_books(context.setup, reads, drafted.desired.accounts);
    report.users = user_books(drafted.lined_up.input);
    report.fed = fed_groups(drafted, report.outcomes);
  }
  count_managed(drafted.draft, written.decision == Decision::apply, report);
  report.total = std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - context.begun);
  report.exit = exit_of(report);
  if (written.decision == Decision::apply)
    if (auto const told = tell_approval(context, report.plan); !told) return told.error();
  if (!context.request.apply) return report;
  if (context.request.is_claim || !context.request.told.empty()) {
    if (auto const ended = context.setup.journal->end_run(record_of(context, report)); !ended)
      return ended.error();
    return report;
  }
  auto const is_applied = written.decision == Decision::apply && !keeps_back(report.plan) && !report.gave_way;
  auto const whole = is_applied && context.request.is_whole();
  if (written.decision == Decision::apply || !report.outcomes.empty())
    if (auto const kept = keep_set_aside(context, reads, report, whole); !kept) return kept.error();
  if (auto const kept = keep_blocked(context, report); !kept) return kept.error();
  if (written.decision == Decision::apply) {
    if (auto const kept = remember_rules(context, drafted, judged.unsettled_rules, report); !kept)
      return kept.error();
  }
  auto const settings_are_applied = is_applied && !context.request.undo;  // an undo is not about them
  if (auto const kept = keep_excludes(context, drafted, settings_are_applied); !kept) return kept.error();
  if (auto const kept = keep_undone(context, drafted, report); !kept) return kept.error();
  if (auto const kept = keep_reads(context, reads, drafted, report); !kept) return kept.error();
  auto const adopted = written.decision == Decision::apply;
  if (auto const ended = end_run(context, reads, judged, report, adopted); !ended) return ended.error();
  return report;
}

}  // namespace dirsync::engine
