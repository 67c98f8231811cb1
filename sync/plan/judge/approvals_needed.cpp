#include "sync/plan/judge/approvals_needed.hpp"

#include <algorithm>
#include <set>

#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

std::set<std::string> folded(std::vector<std::string> const& names) {
  std::set<std::string> all;
  for (auto const& name : names) all.insert(fold_case(name));
  return all;
}

/// Whether one of the changes of that scope is about a group named there. Empty: of any target, or rule.
bool touches(Plan const& plan, Limits const& limits, std::string_view target, std::string_view rule) {
  auto const names = folded(limits.privileged.names);
  return !names.empty() && std::ranges::any_of(plan.changes, [&names, target, rule](Change const& change) {
    return is_to_send(change) && (target.empty() || change.target == target) &&
           (rule.empty() || change.rule == rule) &&
           (names.contains(fold_case(change.group)) || names.contains(fold_case(change.new_name)));
  });
}

}  // namespace

int approvals_needed(Plan const& plan, JudgeInput const& input) {
  auto needed = input.limits.approvals;
  auto const note = [&plan, &needed](Limits const& limits, std::string_view target, std::string_view rule) {
    if (touches(plan, limits, target, rule)) needed = std::max(needed, limits.privileged.approvals);
  };
  note(input.limits, "", "");
  for (auto const& [target, limits] : input.target_limits) note(limits, target, "");
  for (auto const& rule : input.rules) note(rule.limits, rule.target, rule.name);
  return needed;
}

}  // namespace dirsync::plan
