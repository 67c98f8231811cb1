#include "sync/engine/run/left_members.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "sync/model/text.hpp"

namespace dirsync::engine {
namespace {

/// Members of one group that are ours, or no longer there.
class Known {
 public:
  void add(std::string const& id, std::string const& name) {
    if (!id.empty()) ids_.insert(id);
    names_.insert(fold_case(name));
  }
  bool has(std::string const& id, std::string const& name) const {
    return (!id.empty() && ids_.contains(id)) || names_.contains(fold_case(name));
  }

 private:
  std::unordered_set<std::string> ids_, names_;
};

using KnownByGroup = std::map<std::string, Known>;  // by the group's id

/// Of the groups that are ours or that a rule wants.
KnownByGroup known_members(Drafted const& drafted, Report const& report, std::string const& target,
                           bool adopted) {
  KnownByGroup known;
  auto const& ours = drafted.lined_up.ours.at(target);
  for (auto const& group : ours.groups) known.try_emplace(group.group_id);
  for (auto const& group : drafted.draft.groups)
    if (group.target == target && !group.group_id.empty()) known.try_emplace(group.group_id);
  for (auto const& grant : ours.grants) known[grant.group_id].add(grant.principal_id, grant.principal);
  auto const updates = drafted.draft.store_updates.find(target);
  if (adopted && updates != drafted.draft.store_updates.end())
    for (auto const& grant : updates->second.adopt_grants)
      known[grant.group_id].add(grant.principal_id, grant.principal);
  // Added by us, or taken out.
  for (auto const& [change, outcome, detail, delay] : report.outcomes)
    if (change.target == target && !change.principal.empty() && is_success(outcome))
      known[change.group_id].add(change.principal_id, change.principal);
  return known;
}

}  // namespace

std::vector<MembersOfOthers> foreign_members(Reads const& reads, Drafted const& drafted, Report const& report,
                                             std::string const& target, bool adopted) {
  std::vector<MembersOfOthers> all;
  auto const& observed = reads.observed.at(target);
  auto const known = known_members(drafted, report, target, adopted);
  for (auto const& group : observed.groups) {
    auto const of_group = known.find(group.id);
    if (of_group == known.end() || group.members_unread) continue;
    MembersOfOthers foreign{group.id, {}};
    for (auto const user : group.users)
      if (auto const& [id, name] = std::tie(observed.users[user].id, observed.users[user].name);
          !of_group->second.has(id, name))
        foreign.names.push_back(name);
    for (auto const& other : group.others)
      if (auto const id = other.kind == OtherMember::Kind::group ? group_principal_id(other.id) : other.id;
          !of_group->second.has(id, other.name))
        foreign.names.push_back(other.name);
    std::ranges::sort(foreign.names);
    all.push_back(std::move(foreign));
  }
  // Made by this run, and so without anybody else.
  for (auto const& [change, outcome, detail, delay] : report.outcomes)
    if (change.target == target && change.verb == Verb::create_group && outcome == Outcome::done &&
        !change.group_id.empty())
      all.push_back({change.group_id, {}});
  std::ranges::sort(all, {}, &MembersOfOthers::group_id);
  return all;
}

std::vector<LeftOut> left_out_people(Drafted const& drafted, std::string const& target) {
  std::vector<LeftOut> all;
  auto const groups = drafted.desired.groups.find(target);
  if (groups == drafted.desired.groups.end()) return all;
  for (auto const& [key, group] : groups->second) {
    LeftOut left{.group = group.name, .disabled = {}, .excluded = {}};
    for (auto const& member : group.left_out) {
      auto const& excluded = plan::tree_of(group, member).excludes(member.person);
      (excluded ? left.excluded : left.disabled).push_back(plan::entry_of(group, member).id);
    }
    for (auto* const list : {&left.disabled, &left.excluded}) {
      std::ranges::sort(*list);
      auto const rest = std::ranges::unique(*list);
      list->erase(rest.begin(), rest.end());
    }
    if (!group.left_out.empty()) all.push_back(std::move(left));
  }
  return all;
}

}  // namespace dirsync::engine
