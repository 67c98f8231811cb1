// judge and decide: whether the plan may run.
#include <algorithm>
#include <utility>

#include "sync/engine/run/stages.hpp"
#include "sync/model/approvals.hpp"
#include "sync/model/join.hpp"
#include "sync/plan/document.hpp"
#include "sync/plan/judge/approvals_needed.hpp"
#include "sync/plan/judge/frozen.hpp"
#include "sync/plan/judge/judge.hpp"
#include "sync/plan/judge/unknown_names.hpp"

namespace dirsync::engine {
namespace {

using Refused = std::map<std::string, plan::RefusedTarget>;

Refused refused_in_plan(Setup const& setup, Reads const& reads) {
  Refused refused;
  for (auto const& target : setup.targets) {
    auto const found = reads.refused.find(target.name);
    if (found == reads.refused.end()) continue;
    auto& why = refused[target.name];
    why.kind = to_text(target.target->traits().kind);
    for (auto const& error : found->second)
      why.reasons.push_back({.code = refusal_code(error),
                             .text = text(error),
                             .target = target.name,
                             .rule = "",
                             .group = "",
                             .count = std::nullopt,
                             .allowed = std::nullopt});
  }
  return refused;
}

std::string in_words(std::vector<Reason> const& reasons) {
  return join(reasons, "; ", [](Reason const& reason) { return reason.code + ": " + reason.text; });
}

/// Stores the plan as one that waits; of a plan that is new in a run the audit trail gets a row.
Result<void> hold(RunContext const& context, Plan const& plan, std::optional<StoredPlan> const& known) {
  auto& journal = *context.setup.journal;
  auto const& request = context.request;
  auto const now = context.setup.clock->now();
  auto const run = request.apply ? std::optional{context.run} : std::nullopt;
  // A plan that is only looked at does not hide in which run it was held.
  auto const held_in = !run && known ? known->run : context.run;
  StoredPlan waiting;
  waiting.digest = plan.digest;
  waiting.run = held_in;
  waiting.first_seen = waiting.last_seen = now;
  waiting.document_json = plan::plan_json(plan, run);
  waiting.approvals_needed = plan.approvals;
  // First the row: of a plan that is known to be held nobody would write it any more.
  if (request.apply && (!known || known->run.value() == 0)) {
    AuditRow row;
    row.time = now;
    row.run = context.run;
    row.phase = "hold";
    row.plan = plan.digest.value();
    row.actor = request.actor;
    row.result = "held";
    row.detail = in_words(plan.reasons);
    if (auto const told = journal.append(std::move(row)); !told) return told;
  }
  return journal.hold_plan(waiting);
}

/// What nobody has to approve, or nobody could.
Result<Decision> decide_free(RunContext const& context, Reads const& reads, Plan const& plan, bool changes) {
  auto const& request = context.request;
  if (!request.apply) return Decision::plan_only;
  // What is frozen may wait for somebody once it is no more.
  if (reads.refused.empty() && request.is_whole() && !keeps_back(plan))
    if (auto const none_waits = context.setup.journal->supersede_held_plans(); !none_waits)
      return none_waits.error();
  if (changes && request.proceed && !request.proceed(plan)) return Decision::declined;
  return Decision::apply;
}

/// Of a plan that is approved.
Decision unless_another_is_meant(RunContext const& context, Plan const& plan) {
  auto const& is_expected = context.request.is_expected;
  return !is_expected || is_expected(plan) ? Decision::apply : Decision::declined;
}

/// The approval that comes with this run.
Result<Decision> approve_now(RunContext const& context, Plan const& plan, Time now) {
  auto const taken =
      context.setup.journal->decide_plan({.digest = plan.digest,
                                          .actor = context.request.actor,
                                          .time = now,
                                          .reason = context.request.reason,
                                          .valid_from = now - context.setup.limits.approval_ttl});
  if (!taken) return taken.error();
  if (taken->is_repeated) return Decision::approval_repeated;
  return taken->state == StoredPlan::State::approved ? Decision::apply : Decision::approval_short;
}

/// What a person must have approved.
Result<Decision> decide_held(RunContext const& context, Plan const& plan, bool approved_now) {
  auto& journal = *context.setup.journal;
  auto const& request = context.request;
  auto const stored = journal.find_plan(plan.digest);
  if (!stored) return stored.error();
  auto const now = context.setup.clock->now();
  if (*stored && (*stored)->state == StoredPlan::State::approved) {
    auto const given = valid_approvals(**stored, context.setup.limits.approval_ttl, now).size();
    auto const holds = std::cmp_greater_equal(given, plan.approvals);
    if (holds && request.apply) return unless_another_is_meant(context, plan);
    // It waits again, and everybody must see that.
    if (!holds) {
      auto why = std::to_string(given) + " of the " + std::to_string(plan.approvals) +
                 " approvals that it takes are younger than approval_ttl; it waits again";
      auto const ended = journal.end_approval(plan.digest, request.actor, std::move(why));
      if (!ended) return ended.error();
    }
  }
  if (request.apply || request.is_whole())
    if (auto const held = hold(context, plan, *stored); !held) return held.error();
  if (!request.apply) return Decision::plan_only;
  if (!approved_now) return Decision::held;
  if (auto const meant = unless_another_is_meant(context, plan); meant != Decision::apply) return meant;
  return approve_now(context, plan, now);
}

}  // namespace

Judged judge(RunContext const& context, Reads const& reads, Drafted drafted) {
  StageClock const clock{context, "judge"};
  auto const& setup = context.setup;
  auto const& input = drafted.lined_up.input;
  plan::freeze_changes(drafted.draft, drafted.lined_up.freezes);
  plan::JudgeInput judged{.rules = input.rules,
                          .limits = setup.limits,
                          .target_limits = {},
                          .known_rules = {},
                          .new_settings = {},
                          .freezes = drafted.lined_up.freezes};
  // What a person takes back follows from no settings.
  if (!context.request.undo)
    judged.new_settings =
        plan::compare_with_kept(input, drafted.desired, drafted.draft, drafted.lined_up.folds_case);
  for (auto const& [rule, memory] : input.facts.rules) judged.known_rules.insert(rule);
  for (auto const& target : setup.targets) judged.target_limits.emplace(target.name, target.limits);
  auto whole = plan::judge(drafted.draft, judged, refused_in_plan(setup, reads));
  std::set<std::string> unsettled;
  for (auto const& [rule, changed] : judged.new_settings.rules)
    if (changed.waits) unsettled.insert(rule);
  std::map<std::string, std::int64_t> whole_changes;
  for (auto const& change : whole.changes) ++whole_changes[change.target];
  auto plan = plan::cut(std::move(whole), context.request.cut);
  plan.approvals = plan::approvals_needed(plan, judged);
  for (auto& [target, updates] : drafted.draft.store_updates)
    updates = plan::cut(std::move(updates), context.request.cut);
  auto unknown = plan::unknown_names(context.request.cut, input, drafted.desired);
  return {std::move(drafted), std::move(whole_changes), std::move(unsettled), std::move(plan),
          std::move(unknown)};
}

Judged judge_claims(RunContext const& context, Reads const& reads, Drafted drafted) {
  StageClock const clock{context, "judge"};
  auto const& setup = context.setup;
  plan::JudgeInput const nothing_to_count{
      .rules = {}, .limits = setup.limits, .target_limits = {}, .known_rules = {}, .new_settings = {}};
  auto plan = plan::judge(drafted.draft, nothing_to_count, refused_in_plan(setup, reads));
  auto with_scopes = nothing_to_count;
  with_scopes.rules = drafted.lined_up.input.rules;
  for (auto const& target : setup.targets) with_scopes.target_limits.emplace(target.name, target.limits);
  plan.approvals = plan::approvals_needed(plan, with_scopes);
  return {std::move(drafted), {}, {}, std::move(plan), {}};
}

Result<Decision> decide(RunContext const& context, Reads const& reads, Judged const& judged) {
  StageClock const clock{context, "decide"};
  auto const& plan = judged.plan;
  auto const changes = std::ranges::any_of(plan.changes, is_to_send);
  auto const rest = std::ranges::any_of(
      plan.changes, [](Change const& change) { return is_to_send(change) && change.part == Part::rest; });
  auto approve = context.request.approve;
  // What was approved was a read; the plan that comes of it needs its own approval, if any.
  if (approve && std::ranges::any_of(reads.used_approvals,
                                     [&approve](PlanDigest const& used) { return is_meant(*approve, used); }))
    approve.reset();
  if (approve && !is_meant(*approve, plan.digest)) {
    // The plan as it is now waits for its own approval.
    if (rest && plan.held && context.request.apply) {
      auto const stored = context.setup.journal->find_plan(plan.digest);
      if (!stored) return stored.error();
      if (auto const held = hold(context, plan, *stored); !held) return held.error();
    }
    return Decision::approval_stale;
  }
  // What would have to be approved is frozen: there is nothing to ask, and nothing is as if it had been sent.
  if (!rest && plan.held && keeps_back(plan))
    return context.request.apply ? Decision::held : Decision::plan_only;
  if (!rest || !plan.held) return decide_free(context, reads, plan, changes);
  return decide_held(context, plan, approve.has_value());
}

}  // namespace dirsync::engine
