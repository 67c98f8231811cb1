#include "sync/plan/judge/nothing_comes.hpp"

#include <algorithm>

namespace dirsync::plan {
namespace {

/// What the plan would do to the groups of one rule.
struct Effects {
  bool is_first_plan = false;
  std::set<std::string_view> emptied;  // names of groups that it makes empty, or leaves so
};

void note_emptied(Draft const& draft, std::map<std::string_view, Effects>& by_rule) {
  std::set<std::pair<std::string_view, std::string_view>> joined;  // new groups that get a member
  for (auto const& figures : draft.groups) {
    if (figures.group_id.empty() && figures.additions > 0) joined.emplace(figures.target, figures.group);
    auto const only_leavers = figures.removals == figures.leavers;
    if (!only_leavers && figures.ours_removed > 0 && figures.managed_after() <= 0)
      by_rule[figures.rule].emptied.insert(figures.group);
  }
  for (auto const& change : draft.plan.changes)
    if (change.verb == Verb::create_group && is_to_send(change) &&
        !joined.contains({change.target, change.group}))
      by_rule[change.rule].emptied.insert(change.group);
}

std::map<std::string_view, Effects> effects_of(Draft const& draft, JudgeInput const& input) {
  std::map<std::string_view, Effects> by_rule;
  for (auto const& change : draft.plan.changes)
    if (is_to_send(change) && !change.rule.empty() && !input.known_rules.contains(change.rule))
      by_rule[change.rule].is_first_plan = true;
  note_emptied(draft, by_rule);
  return by_rule;
}

bool makes(NothingRead const& nothing, Effects const& effects) {
  if (effects.is_first_plan) return true;
  return std::ranges::any_of(effects.emptied, [&nothing](std::string_view group) {
    return nothing.groups.empty() || nothing.groups.contains(std::string{group});
  });
}

/// Names of the target's groups whose members miss something that they had: who is to leave them waits for
/// another read, which may show what was not seen in this one.
std::set<std::string> waiting_groups(Draft const& draft, std::string const& target) {
  std::set<std::string> waiting;
  for (auto const& change : draft.plan.changes)
    if (change.unconfirmed && change.target == target) waiting.insert(change.group);
  return waiting;
}

bool waits_for_another_read(Draft const& draft, NothingRead const& nothing) {
  return !nothing.groups.empty() &&
         std::ranges::includes(waiting_groups(draft, nothing.reason.target), nothing.groups);
}

}  // namespace

std::vector<Reason> reasons_of_nothing(Draft const& draft, JudgeInput const& input) {
  std::vector<Reason> reasons;
  if (draft.nothing_read.empty()) return reasons;
  auto const by_rule = effects_of(draft, input);
  for (auto const& nothing : draft.nothing_read) {
    if (waits_for_another_read(draft, nothing)) continue;
    reasons.push_back(nothing.reason);
    reasons.back().holds = std::ranges::any_of(nothing.rules, [&by_rule, &nothing](std::string const& rule) {
      auto const effects = by_rule.find(rule);
      return effects != by_rule.end() && makes(nothing, effects->second);
    });
  }
  return reasons;
}

}  // namespace dirsync::plan
