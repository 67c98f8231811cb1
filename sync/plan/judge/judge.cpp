#include "sync/plan/judge/judge.hpp"

#include <algorithm>
#include <iterator>

#include "sync/model/counted.hpp"
#include "sync/model/join.hpp"
#include "sync/plan/judge/digest.hpp"
#include "sync/plan/judge/frozen.hpp"
#include "sync/plan/judge/leavers.hpp"
#include "sync/plan/judge/limits.hpp"
#include "sync/plan/judge/nothing_comes.hpp"
#include "sync/plan/judge/verdicts.hpp"

namespace dirsync::plan {
namespace {

Reason hold_of(Rule const& rule, std::int64_t changes) {
  return {.code = "first-plan",
          .text = "the first plan of rule " + rule.name + " waits for a look",
          .target = rule.target,
          .rule = rule.name,
          .group = "",
          .count = changes,
          .allowed = 0};
}

/// A rule's first plan.
std::optional<Reason> first_plan_of(Draft const& draft, Rule const& rule, JudgeInput const& input) {
  if (input.known_rules.contains(rule.name) || rule.limits.first_plan == Limits::FirstPlan::apply)
    return std::nullopt;
  auto const changes = std::ranges::count_if(draft.plan.changes, [&rule](auto const& change) {
    return change.rule == rule.name && is_to_send(change);
  });
  return changes == 0 ? std::nullopt : std::optional{hold_of(rule, changes)};
}

/// What a rule's new settings bring about.
std::optional<Reason> new_settings_of(Rule const& rule, JudgeInput const& input) {
  auto const found = input.new_settings.rules.find(rule.name);
  if (found == input.new_settings.rules.end() || found->second.caused.empty()) return std::nullopt;
  auto const& changed = found->second;
  auto const count = static_cast<std::int64_t>(changed.caused.size());
  auto reason = hold_of(rule, count);
  reason.code = "configuration-changed";
  auto const keys = join(changed.keys, ", ", [](std::string const& key) { return std::string_view{key}; });
  if (changed.keys.empty())
    reason.text = "the settings that rule " + rule.name + " had at its last applied plan are not known";
  else
    reason.text = "the settings of rule " + rule.name + " changed since its last applied plan (" + keys + ")";
  reason.text += changed.is_worked_out
                     ? "; " + number_of(changed.caused.size(), "change follows", "changes follow") +
                           " from the new ones alone"
                     : "; which changes follow from that cannot be told from these reads, so all wait: " +
                           std::to_string(count);
  reason.text += "; approve the plan, or put the settings back";
  return reason;
}

std::optional<Reason> unconfirmed_in(std::string const& target, std::vector<Change> const& changes) {
  auto const waiting = std::ranges::count_if(
      changes, [&target](auto const& change) { return change.target == target && change.unconfirmed; });
  if (waiting == 0) return std::nullopt;
  return Reason{
      .code = "unconfirmed",
      .text = number_of(static_cast<std::uint64_t>(waiting), "removal waits until the absence behind it",
                        "removals wait until the absence behind them") +
              " is confirmed by further runs",
      .target = target,
      .rule = "",
      .group = "",
      .count = waiting,
      .allowed = std::nullopt,
      .holds = false};
}

}  // namespace

Plan judge(Draft& draft, JudgeInput const& input, std::map<std::string, RefusedTarget> const& refused) {
  std::vector<Reason> of_rules;
  for (auto const& rule : input.rules) {
    auto reason = first_plan_of(draft, rule, input);
    if (!reason) reason = new_settings_of(rule, input);
    if (reason) of_rules.push_back(*std::move(reason));
  }
  part_leavers(draft, input);
  number(draft.plan);
  auto reasons = reasons_of_freezes(draft, input.freezes);
  std::ranges::move(exceeded_limits(draft, input), std::back_inserter(reasons));
  std::ranges::move(of_rules, std::back_inserter(reasons));
  for (auto const& [name, target] : draft.plan.targets)
    if (auto reason = unconfirmed_in(name, draft.plan.changes)) reasons.push_back(*std::move(reason));
  std::ranges::copy(draft.holds, std::back_inserter(reasons));
  std::ranges::move(reasons_of_nothing(draft, input), std::back_inserter(reasons));

  auto plan = std::move(draft.plan);
  plan.freezes = input.freezes;
  plan.held = std::ranges::any_of(reasons, &Reason::holds);
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
  // One of a target that is configured no more is about nothing here.
  std::erase_if(plan.freezes, [&plan](Freeze const& freeze) {
    return !freeze.target.empty() && !plan.targets.contains(freeze.target);
  });
  settle_verdicts(plan);
  return plan;
}

}  // namespace dirsync::plan
