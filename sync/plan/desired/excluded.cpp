#include "sync/plan/desired/excluded.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/join.hpp"

namespace dirsync::plan {

namespace {

void exclude(Snapshot const& in, GroupIndex group, FoundExcluded& found) {
  auto& groups = found.groups[in.directory()];
  if (groups.size() <= group) groups.resize(group + 1);
  groups[group] = true;
}

}  // namespace

FoundExcluded find_excluded(Rule const& rule, Snapshot const& own, Flattener::Others const& others,
                            ExcludedGroups const& before) {
  FoundExcluded found;
  std::vector<Snapshot const*> searched{&own};
  for (auto const& [directory, snapshot] : others) searched.push_back(snapshot);
  for (auto const& dn : rule.exclude) {
    auto const key = normalized_dn(dn);
    if (!key) continue;
    auto const known = before.find(*key);
    std::optional<EntryId> here;
    auto has_moved = false;
    for (auto const* snapshot : searched) {
      auto const named = snapshot->group_named(dn);
      auto const moved = known == before.end() ? std::nullopt : snapshot->group_by_id(known->second);
      if (named) exclude(*snapshot, *named, found);
      if (moved) exclude(*snapshot, *moved, found);
      if (named && !here) here = snapshot->groups()[*named].id;
      has_moved = has_moved || moved;
    }
    if (here && !has_moved)
      found.followed.emplace(*key, *here);
    else if (known != before.end())
      found.followed.insert(*known);
    if (here || has_moved) continue;
    found.missing.push_back(dn);
    found.notices.push_back(
        {.code = "missing-exclude",
         .group = dn,
         .principal = "",
         .text = "rule " + rule.name + " excludes " + dn + ", which is no group below " + own.directory() +
                 "'s groups.base, nor is the group that had this name; the rule's "
                 "additions wait, since people of it may be among them. Correct the rule, "
                 "or drop the name from it"});
  }
  return found;
}

std::vector<Reason> hold_for_missing(std::span<Rule const> rules,
                                     std::map<std::string, std::vector<std::string>> const& missing,
                                     std::vector<Change> const& changes) {
  std::vector<Reason> holds;
  for (auto const& rule : rules) {
    auto const names = missing.find(rule.name);
    if (names == missing.end()) continue;
    auto const additions = std::ranges::count_if(changes, [&rule](Change const& change) {
      return change.verb == Verb::add && change.rule == rule.name;
    });
    if (additions == 0) continue;
    holds.push_back({.code = "missing-exclude",
                     .text = "rule " + rule.name +
                             " excludes what is not found: " + join(names->second, "; ") +
                             "; people of it may be among those to be added. Correct the rule, or "
                             "approve the plan if nobody of them is",
                     .target = rule.target,
                     .rule = rule.name,
                     .group = "",
                     .count = additions,
                     .allowed = 0});
  }
  return holds;
}

}  // namespace dirsync::plan
