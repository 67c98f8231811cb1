#include "sync/plan/judge/leavers.hpp"

#include "sync/plan/judge/limits.hpp"

namespace dirsync::plan {
namespace {

/// Positions in the plan.
std::vector<std::size_t> find_leavers(Draft const& draft, JudgeInput const& input) {
  std::vector<std::size_t> leavers;
  for (std::size_t at = 0; at < draft.plan.changes.size(); ++at) {
    auto const& change = draft.plan.changes[at];
    auto const cause = draft.causes[at];
    if (change.verb != Verb::remove || !is_to_send(change) || !draft.ours[at]) continue;
    if (cause != Cause::gone && cause != Cause::disabled) continue;
    auto const& settings = input.new_settings;
    if (settings.new_leavers.contains(at) || settings.brings_about(at)) continue;
    if (input.known_rules.contains(change.rule)) leavers.push_back(at);
  }
  return leavers;
}

}  // namespace

void part_leavers(Draft& draft, JudgeInput const& input) {
  if (input.limits.leavers == Limits::Leavers::with_plan) return;
  auto const leavers = find_leavers(draft, input);
  if (leavers.empty()) return;
  std::map<std::pair<std::string_view, std::string_view>, std::int64_t> counts;  // by target and group id
  for (auto const at : leavers) ++counts[{draft.plan.changes[at].target, draft.plan.changes[at].group_id}];
  auto figures = draft.groups;
  for (auto& group : figures) {
    auto const found = counts.find({group.target, group.group_id});
    group.removals = found == counts.end() ? 0 : found->second;
    group.additions = 0;
  }
  if (exceed_limits_of_leavers(figures, input)) return;
  for (auto const at : leavers) draft.plan.changes[at].part = Part::leavers;
  for (std::size_t n = 0; n < figures.size(); ++n) draft.groups[n].leavers_first = figures[n].removals;
}

}  // namespace dirsync::plan
