// Directory groups as members of target groups: rules with as = "group", and what such a rule left behind.
#include "sync/plan/nestings.hpp"

#include <ranges>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/group_work.hpp"

namespace dirsync::plan {

namespace {

std::string logon_name(Entry const& group) {
  for (auto const& attribute : logon_attributes())
    if (auto const values = group.values(attribute); !values.empty()) return std::string{values.front()};
  return {};
}

std::string why_nested(Entry const& source) {
  return std::string{source.dn} + " itself is the member; as = \"group\"";
}

}  // namespace

TargetGroup const* TargetPlanner::group_of(OtherMember const& member) const {
  auto const found = member.kind == OtherMember::Kind::group ? by_id_.find(member.id) : by_id_.end();
  return found == by_id_.end() ? nullptr : found->second;
}

bool TargetPlanner::stands_for(OtherMember const& member, std::string_view normalized) const {
  auto const* const group = group_of(member);
  return group != nullptr && group->directory_group && normalized_dn(group->dn) == normalized;
}

/// Null when that membership is no longer there.
OtherMember const* TargetPlanner::granted_member(TargetGroup const& have, Grant const& grant) const {
  auto const is_it = [this, &grant](OtherMember const& member) {
    if (grant.principal_id != kGroupPrincipal)
      return member.kind == OtherMember::Kind::group && group_principal_id(member.id) == grant.principal_id;
    // Its number was lost with an interrupted run.
    auto const dn = normalized_dn(grant.dn);
    return dn && stands_for(member, *dn);
  };
  auto const found = std::ranges::find_if(have.others, is_it);
  return found == have.others.end() ? nullptr : &*found;
}

/// What the rule wants in place of people: nobody is matched, and the target finds out who is behind it.
void TargetPlanner::collect_sources(GroupWork& work) {
  for (auto const& tree : work.desired.trees) work.wanted_ids.insert(tree.source().id);
  for (auto const& member : work.desired.members) {
    work.people_behind.insert(entry_of(work.desired, member).id);
    for (auto const& ref : identities_.joined(ref_of(work.desired, member)))
      work.people_behind.insert(ref.entry().id);
  }
}

/// The member that stands for that source: by its DN, or because we put it there for this very entry when it
/// had another one.
OtherMember const* TargetPlanner::member_for(GroupWork const& work, Entry const& source) const {
  auto const by_dn = std::ranges::find_if(work.have.others, [this, &source](OtherMember const& member) {
    return stands_for(member, source.normalized_dn);
  });
  if (by_dn != work.have.others.end()) return &*by_dn;
  for (auto const& [member, grant] : work.granted_groups)
    if (grant->id == source.id) return member;
  return nullptr;
}

void TargetPlanner::plan_nestings(GroupWork& work) {
  std::set<EntryId> seen;  // two rules may select one source
  for (auto const& tree : work.desired.trees) {
    auto const& source = tree.source();
    if (!seen.insert(source.id).second) continue;
    if (auto const* const member = member_for(work, source)) {
      work.nested.emplace(member, &tree);
      continue;
    }
    work.all_nested = false;
    auto change = nesting(work.have, *tree.directory, source, tree.rule->name);
    if (!change) continue;
    change->why = why_nested(source);
    changes.push_back({*std::move(change), Cause::none});
    ++work.figures.additions;
  }
  tell_people_behind(work.desired, work.have.name);
}

/// The addition of that LDAP group: as the Directory group that the target has for it, or provisioned by
/// name. Nothing, with a notice, when nobody can tell which object the target would take.
std::optional<Change> TargetPlanner::nesting(TargetGroup const& have, DirectoryView const& view,
                                             Entry const& source, std::string const& rule) {
  auto const dn = std::string{source.dn};
  auto change = change_of(Verb::add, have, rule);
  change.dn = change.path = dn;
  change.id = source.id;
  auto const found = directory_groups_.find(std::string{source.normalized_dn});
  auto const standing = found == directory_groups_.end() ? std::vector<TargetGroup const*>{} : found->second;
  if (standing.size() > 1) {
    notice("ambiguous", have.name, dn,
           "the target has " + std::to_string(standing.size()) +
               " Directory groups with this DN; delete all but one");
    return std::nullopt;
  }
  if (!standing.empty()) {
    if (!named_once(have.name, standing.front()->name)) return std::nullopt;
    change.principal = standing.front()->name;
    change.principal_id = group_principal_id(standing.front()->id);
    return change;
  }
  auto const domain = matcher_.domain_of(view.name);
  if (domain.empty()) {
    auto const* const reason = target_.traits.no_provisioning;
    notice("waiting", have.name, dn,
           "the target has no Directory group with this DN and may not make one; " +
               (reason == nullptr ? std::string{"set domain, or"} : std::string{reason} + ":") +
               " add the LDAP group to a Safe or group there by hand");
    return std::nullopt;
  }
  change.principal = logon_name(source);
  change.principal_id = kGroupPrincipal;
  change.domain = domain;
  if (change.principal.empty()) {
    notice("unnamed", have.name, dn,
           "the group shows neither sAMAccountName nor cn, so the target cannot look it up");
    return std::nullopt;
  }
  if (auto const bearers = groups_named(view, change.principal); bearers > 1) {
    notice("ambiguous", have.name, dn,
           std::to_string(bearers) + " groups of directory " + view.name + " are named " + change.principal +
               ", and the target looks a group up by its name; rename one, or add it to the target by hand");
    return std::nullopt;
  }
  return change;
}

/// Calls name a member, so a user or group of the same name could be meant.
bool TargetPlanner::named_once(std::string const& holder, std::string const& name) {
  if (!target_.traits.members_by_name) return true;
  if (bearers_.empty()) count_names();
  if (bearers_.at(fold_case(name)) == 1) return true;
  notice("ambiguous", holder, name,
         "another user or group of the target has the name " + name +
             " as well, and calls name members; rename one of them");
  return false;
}

void TargetPlanner::count_names() {
  for (auto const& user : target_.observed->users) ++bearers_[fold_case(user.name)];
  for (auto const& group : target_.observed->groups) ++bearers_[fold_case(group.name)];
}

std::size_t TargetPlanner::groups_named(DirectoryView const& view, std::string const& name) {
  auto const [book, is_new] = logon_names_.try_emplace(view.name);
  if (is_new)
    for (auto const& group : view.snapshot->groups()) ++book->second[fold_case(logon_name(group))];
  return book->second[fold_case(name)];
}

void TargetPlanner::tell_people_behind(DesiredGroup const& desired, std::string const& group) {
  constexpr std::size_t kMost = 1000;
  std::string names;
  auto const& members = desired.members;
  for (auto const& member : members | std::views::take(kMost)) {
    auto const& name = tree_of(desired, member).names->names[member.person];
    names +=
        (names.empty() ? ": " : ", ") + (name.empty() ? std::string{entry_of(desired, member).dn} : name);
  }
  if (members.size() > kMost) names += " and " + std::to_string(members.size() - kMost) + " more";
  notice("effective", group, source_names(desired),
         std::to_string(members.size()) + " people through " + source_names(desired) + names);
}

/// Nested groups that we put there and that nothing wants any more. Whoever came through one must be in
/// otherwise before it goes: not in a run that still adds to the group.
void TargetPlanner::plan_unnestings(GroupWork& work) {
  for (auto const& [member, grant] : work.granted_groups) {
    if (work.wanted_ids.contains(grant->id) || desired_.unnamed_sources.contains(grant->id)) continue;
    if (work.figures.additions > 0) continue;
    plan_unnesting(work, *member, *grant);
  }
}

void TargetPlanner::plan_unnesting(GroupWork& work, OtherMember const& member, Grant const& grant) {
  auto const* const group = group_of(member);
  if (group == nullptr || !addressable(work.have.name, member.name) ||
      !named_once(work.have.name, group->name))
    return;
  auto const& rule = work.desired.rule();
  auto const there = source_is_there(grant.id);
  Drafted drafted{unnesting(work.have, member, grant.dn, grant.id), there ? Cause::left : Cause::gone};
  drafted.directory = rule.directory;
  drafted.ours = true;
  auto& change = drafted.change;
  change.rule = rule_named(grant.rule) == nullptr ? rule.name : grant.rule;
  change.path = source_names(work.desired);
  if (!there) {
    auto const absence = absence_of_group(rule.directory, grant.id);
    change.why = grant.dn + " is gone: " + absence.text;
    if (!absence.confirmed) change.unconfirmed = true;
  } else {
    drafted.absence_key = membership_key(target_.name, work.have.id, change.principal_id);
    change.why = rule.as == MembersAs::users
                     ? "its people are members themselves now; as = \"users\""
                     : grant.dn + " is no longer one of the groups that feed " + work.have.name;
    wait_for_doubt(work, {}, "", drafted);
  }
  changes.push_back(std::move(drafted));
}

Change TargetPlanner::unnesting(TargetGroup const& have, OtherMember const& member, std::string dn,
                                EntryId id) const {
  auto change = change_of(Verb::remove, have, "");
  change.phase = Phase::removal;
  change.principal = member.name;
  change.principal_id = group_principal_id(member.id);
  change.dn = std::move(dn);
  change.id = std::move(id);
  return change;
}

/// Memberships of wanted Directory groups that were found, not made.
void TargetPlanner::adopt_nestings(GroupWork& work) {
  for (auto const& [member, tree] : work.nested) {
    if (std::ranges::any_of(work.granted_groups,
                            [member = member](auto const& one) { return one.first == member; }))
      continue;
    auto const& source = tree->source();
    housekeeping.adopt_grants.push_back({work.have.id, work.have.name, member->name,
                                         group_principal_id(member->id), source.id, std::string{source.dn},
                                         tree->rule->name});
    ++work.figures.adopted;
  }
}

}  // namespace dirsync::plan
