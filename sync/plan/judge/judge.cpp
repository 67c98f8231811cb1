#include "sync/plan/judge/judge.hpp"

#include <algorithm>
#include <iterator>

#include "sync/plan/judge/digest.hpp"
#include "sync/plan/judge/leavers.hpp"
#include "sync/plan/judge/limits.hpp"
#include "sync/plan/judge/verdicts.hpp"

namespace dirsync::plan {
namespace {

/// A rule's first plan, and one that follows from another configuration than the last.
std::optional<Reason> reason_of_rule(Draft const& draft, Desired const& desired, Rule const& rule,
                                     std::map<std::string, RuleMemory> const& memories) {
  auto const changes = std::ranges::count_if(draft.plan.changes, [&rule](auto const& change) {
    return change.rule == rule.name && is_to_send(change);
  });
  if (changes == 0) return std::nullopt;
  Reason reason{.code = "first-plan",
                .text = "the first plan of rule " + rule.name + " waits for a look",
                .target = rule.target,
                .rule = rule.name,
                .group = "",
                .count = changes,
                .allowed = 0};
  auto const memory = memories.find(rule.name);
  if (memory == memories.end())
    return rule.limits.first_plan == Limits::FirstPlan::hold ? std::optional{std::move(reason)}
                                                             : std::nullopt;
  if (memory->second.configuration_digest == rule.digest) return std::nullopt;
  if (memory->second.desired_digest == desired_digest(desired, rule)) return std::nullopt;
  reason.code = "configuration-changed";
  reason.text = "the configuration of rule " + rule.name +
                " changed since its last applied plan, and so did what it wants";
  return reason;
}

std::optional<Reason> unconfirmed_in(std::string const& target, std::vector<Change> const& changes) {
  auto const waiting = std::ranges::count_if(
      changes, [&target](auto const& change) { return change.target == target && change.unconfirmed; });
  if (waiting == 0) return std::nullopt;
  return Reason{.code = "unconfirmed",
                .text = std::to_string(waiting) +
                        " removals wait until the absence behind them is confirmed by further runs",
                .target = target,
                .rule = "",
                .group = "",
                .count = waiting,
                .allowed = std::nullopt};
}

}  // namespace

Plan judge(Draft& draft, Desired const& desired, JudgeInput const& input,
           std::map<std::string, RefusedTarget> const& refused) {
  std::vector<Reason> of_rules;
  std::set<std::string> unsettled;
  for (auto const& rule : input.rules)
    if (auto reason = reason_of_rule(draft, desired, rule, input.memory)) {
      unsettled.insert(rule.name);
      of_rules.push_back(*std::move(reason));
    }
  part_leavers(draft, input, unsettled);
  number(draft.plan);
  auto reasons = exceeded_limits(draft, input);
  std::ranges::move(of_rules, std::back_inserter(reasons));
  for (auto const& [name, target] : draft.plan.targets)
    if (auto reason = unconfirmed_in(name, draft.plan.changes)) reasons.push_back(*std::move(reason));
  std::ranges::copy(draft.holds, std::back_inserter(reasons));

  auto plan = std::move(draft.plan);
  plan.held = std::ranges::any_of(reasons, is_hold);
  for (auto const& reason : reasons)
    if (auto const target = plan.targets.find(reason.target); target != plan.targets.end())
      target->second.reasons.push_back(reason);
  plan.reasons = std::move(reasons);
  for (auto const& [name, why] : refused) {
    auto& target = plan.targets[name];
    target.kind = why.kind;
    target.verdict = Verdict::refuse;
    target.reasons = why.reasons;
    std::ranges::copy(why.reasons, std::back_inserter(plan.reasons));
  }
  settle_verdicts(plan);
  return plan;
}

}  // namespace dirsync::plan
