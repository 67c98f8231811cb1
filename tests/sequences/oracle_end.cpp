// Whether both targets are as the directory says, when nothing goes wrong any more.
#include <algorithm>

#include "tests/sequences/oracle.hpp"

namespace dirsync::sequences {

namespace {

/// The group that a wish is about: by its name, else the one of ours that its sources fed, or that had the
/// name before somebody renamed it.
TargetGroup const* group_for(fake::TargetWorld const& there, std::map<std::string, OurGroup> const& ours,
                             std::string const& name, Wish const& wish) {
  auto const named = std::ranges::find(there.observed.groups, name, &TargetGroup::name);
  if (named != there.observed.groups.end()) return &*named;
  auto const feeds = [&wish](OurGroup const& group) {
    return wish.rule == group.rule && std::ranges::any_of(group.sources, [&wish](auto const& source) {
             return wish.sources.contains(source);
           });
  };
  for (auto const& [id, group] : ours)
    if (feeds(group) || group.name == name)
      if (auto const* const found = find_group_by_id(there, id)) return found;
  return nullptr;
}

}  // namespace

void Oracle::at_the_end() {
  Attempt nothing;
  nothing.said = said_by(world_.truth, world_.states());
  auto const one = look_at(nothing, {});
  for (auto const& [target, wishes] : one.wishes) {
    auto const& there = world_.world_of(target);
    for (auto const& [name, wish] : wishes) {
      auto const* const group = group_for(there, ledger_.groups[target], name, wish);
      if (group == nullptr) {
        problems.push_back(target + ": there is no group " + name);
        continue;
      }
      std::set<std::string> members;
      for (auto const number : group->users) {
        auto const& user = there.observed.users[number];
        auto const* const person = bearer(nothing.said, target, user);
        if (person != nullptr) members.insert(person->id);
        auto const wanted = person != nullptr && wish.people.contains(person->id);
        auto const ours = ledger_.memberships.find(membership(target, group->id, user.id));
        auto const is_ours = ours != ledger_.memberships.end() && ours->second.certain;
        auto const strict =
            person != nullptr && world_.settings.at(wish.rule).foreign_members == ForeignMembers::remove;
        if (!wanted && (is_ours || strict))
          problems.push_back(target + ": " + user.name + " is in " + name + " for ever");
      }
      for (auto const& id : wish.people)
        if (!members.contains(id))
          problems.push_back(target + ": " + nothing.said.person(id)->dn + " is not in " + name);
    }
  }
  for (auto const& [key, ours] : ledger_.memberships) {
    if (!ours.certain || !holds(world_.world_of(ours.target), ours.group_id, ours.user_id)) continue;
    auto const* const person = nothing.said.person(ours.person);
    auto const& user =
        *std::ranges::find(world_.world_of(ours.target).observed.users, ours.user_id, &TargetUser::id);
    auto const* const now = bearer(nothing.said, ours.target, user);
    if ((person == nullptr || (person->disabled && !person->locked)) &&
        (now == nullptr || now->id == ours.person))
      problems.push_back(ours.target + ": " + user.name + " (" + ours.person +
                         "), who is gone or disabled, keeps group " + ours.group_id);
  }
  auto const open = world_.plant.journal.open_intents();
  if (!open->empty()) problems.push_back(std::to_string(open->size()) + " intents are open");
  auto const is_change = [](AuditRow const& row) {
    if (row.verb == "adopt" || row.verb == "forget") return false;
    auto const is_answered = row.result == "done" || row.result == "already" || row.result == "failed";
    // Others that are skipped were not even announced.
    auto const is_left = row.result == "skipped" && row.detail.starts_with("announced");
    return (row.phase == "change" || row.phase == "recovered") && (is_answered || is_left);
  };
  auto const rows = std::ranges::count_if(world_.plant.journal.audit, is_change);
  if (rows != world_.plant.journal.intents())
    problems.push_back(std::to_string(world_.plant.journal.intents()) + " changes were announced and " +
                       std::to_string(rows) + " rows tell what became of them");
}

}  // namespace dirsync::sequences
