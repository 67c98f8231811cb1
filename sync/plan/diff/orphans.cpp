// Groups of ours that no source feeds any more.
#include <algorithm>

#include "sync/plan/diff/group_work.hpp"

namespace dirsync::plan {

void TargetPlanner::plan_orphans() {
  // One that is missing was deleted there. When all of them are, the service user may just not see them any
  // more; without the grants nobody would ever leave them again.
  auto const& ours = target_.managed->groups;
  auto const sees_ours = std::ranges::any_of(
      ours, [this](ManagedGroup const& managed) { return by_id_.contains(managed.group_id); });
  for (auto const& managed : ours) {
    if (visited_.contains(managed.group_id)) continue;
    auto const found = by_id_.find(managed.group_id);
    if (found != by_id_.end()) {
      plan_orphan(managed, *found->second);
    } else if (auto const grants = grants_by_group_.find(managed.group_id);
               sees_ours && grants != grants_by_group_.end()) {
      for (auto const* grant : grants->second) housekeeping.forget.push_back(*grant);
    }
  }
}

bool TargetPlanner::source_is_there(EntryId const& source) const {
  return std::ranges::any_of(input_.views, [&source](auto const& view) {
    return view.second.snapshot->group_by_id(source).has_value();
  });
}

void TargetPlanner::plan_orphan(ManagedGroup const& managed, TargetGroup const& have) {
  auto const orphaned = [this, &have](std::string const& text) {
    notice("orphaned", have.name, "", have.name + " keeps its members: " + text);
  };
  if (!have.protected_because.empty()) return orphaned("it is protected: " + have.protected_because);
  auto const* const rule = rule_named(managed.rule);
  if (rule == nullptr) return orphaned("rule " + managed.rule + " is no longer configured");
  auto confirmed = !managed.sources.empty();
  for (auto const& source : managed.sources) {
    if (source_is_there(source))
      return orphaned("its source is still there, but rule " + rule->name +
                      " no longer selects it under this name");
    confirmed = absence_of_group(rule->directory, source).confirmed && confirmed;
  }
  if (!confirmed) return orphaned("its source group is no longer found; its absence is not confirmed yet");

  auto const empties = rule->source_gone == SourceGone::empty;
  if (have.users.empty() && have.others.empty()) {
    if (rule->delete_groups != DeleteGroups::when_empty || !managed.created_by_us)
      return orphaned("its source group is gone, and it has none");
    auto change = change_of(Verb::delete_group, have, rule->name);
    change.phase = Phase::tidying;
    change.id = managed.sources.front();
    change.why = "its source group is gone and it has no member";
    changes.push_back({std::move(change), Cause::none});
    return;
  }
  if (!empties) return orphaned("its source group is gone; source_gone = \"keep\"");
  empty_orphan(managed, have, *rule);
}

void TargetPlanner::empty_orphan(ManagedGroup const& managed, TargetGroup const& have, Rule const& rule) {
  GroupFigures figures{target_.name, have.name, have.id, rule.name};
  auto kept = have.users.size() + have.others.size();
  if (auto const grants = grants_by_group_.find(managed.group_id); grants != grants_by_group_.end()) {
    for (auto const* grant : grants->second) {
      if (is_group_principal(grant->principal_id)) {
        if (auto const* const nested = granted_member(have, *grant)) {
          ++figures.managed;
          kept -= empty_of_group(have, *nested, *grant, rule);
        }
        continue;
      }
      auto const user = matcher_.user_of(*grant);
      if (!std::ranges::binary_search(have.users, user)) continue;
      auto const& known = target_.observed->users[user];
      ++figures.managed;
      if (!known.protected_because.empty() || !removable(have, known)) continue;
      auto change = change_of(Verb::remove, have, rule.name);
      change.phase = Phase::removal;
      change.principal = known.name;
      change.principal_id = known.id;
      change.id = grant->id;
      change.dn = grant->dn;
      change.why = "the source group is gone; source_gone = \"empty\"";
      changes.push_back({std::move(change), Cause::orphaned, "", rule.directory, true});
      --kept;
    }
  }
  if (kept > 0)
    notice("orphaned", have.name, "",
           have.name + " keeps " + std::to_string(kept) +
               " members who are not ours or protected; its source group is gone");
  groups.push_back(figures);
}

/// 1 when the nested group is to go, 0 when it stays.
std::size_t TargetPlanner::empty_of_group(TargetGroup const& have, OtherMember const& member,
                                          Grant const& grant, Rule const& rule) {
  auto const* const group = group_of(member);
  if (group == nullptr || !addressable(have.name, member.name) || !named_once(have.name, group->name))
    return 0;
  auto change = unnesting(have, member, grant.dn, grant.id);
  change.rule = rule.name;
  change.why = "the source group is gone; source_gone = \"empty\"";
  changes.push_back({std::move(change), Cause::orphaned, "", rule.directory, true});
  return 1;
}

}  // namespace dirsync::plan
