#include "sync/plan/diff/granted.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

/// The member of a grant is still there, but the target shows no more of it than id or name: a membership
/// that nobody ended.
bool stands_unknown(TargetGroup const& group, Grant const& grant) {
  auto const is_it = [&grant, name = fold_case(grant.principal)](OtherMember const& other) {
    auto const same_name = fold_case(other.name) == name;
    if (other.id.empty() || grant.principal_id.empty()) return same_name;
    auto const same_id = other.id == grant.principal_id || group_principal_id(other.id) == grant.principal_id;
    // A known group may have the number of a user.
    return same_id && (same_name || other.kind == OtherMember::Kind::unknown);
  };
  return std::ranges::any_of(group.others, is_it);
}

/// The nested group that a grant names by its number, or by its DN while the number is not known.
OtherMember const* nested_member(Context const& context, TargetGroup const& group, Grant const& grant) {
  auto const is_it = [&context, &grant](OtherMember const& member) {
    if (grant.principal_id != kGroupPrincipal)
      return member.kind == OtherMember::Kind::group && group_principal_id(member.id) == grant.principal_id;
    // Its number was lost with an interrupted run.
    auto const dn = normalized_dn(grant.dn);
    return dn && stands_for(context.index, member, *dn);
  };
  auto const found = std::ranges::find_if(group.others, is_it);
  return found == group.others.end() ? nullptr : &*found;
}

/// By its name, or by a DN that the LDAP group has or had.
bool is_still_meant(Context const& context, OtherMember const& member, Grant const& grant) {
  if (fold_case(member.name) == fold_case(grant.principal)) return true;
  auto const* const listed = context.index.group_of(member);
  auto const dn = listed == nullptr ? std::nullopt : normalized_dn(listed->dn);
  if (!dn || dn->empty()) return false;
  auto const has_it_now = [&grant, &dn](auto const& view) {
    auto const source = view.second.snapshot->group_by_id(grant.id);
    return source && view.second.snapshot->groups()[*source].normalized_dn == *dn;
  };
  return normalized_dn(grant.dn) == dn || std::ranges::any_of(context.input.views, has_it_now) ||
         context.match.former.was_of(grant.id, *dn);
}

}  // namespace

Grant const* Granted::find(std::uint32_t user) const {
  auto const found = users.find(user);
  return found == users.end() ? nullptr : found->second;
}

Grant const* Granted::find(OtherMember const& member) const {
  auto const found = std::ranges::find(groups, &member, &GrantedGroup::member);
  return found == groups.end() ? nullptr : found->grant;
}

bool Granted::has_taken_an_id(std::uint32_t user) const {
  return std::ranges::any_of(used_again, [user](UsedAgain const& one) { return one.member.user == user; });
}

GrantedMember granted_member(Context const& context, TargetGroup const& group, Grant const& grant) {
  if (is_group_principal(grant.principal_id)) {
    auto const* const nested = nested_member(context, group, grant);
    return {std::nullopt, nested, nested != nullptr && is_still_meant(context, *nested, grant)};
  }
  auto const bound = context.binding.bind(grant);
  if (!bound.user || !std::ranges::binary_search(group.users, *bound.user)) return {};
  return {bound.user, nullptr, bound.holds};
}

Notice used_again(Context const& context, TargetGroup const& group, Grant const& grant,
                  GrantedMember const& member) {
  auto const& name = member.user ? context.user(*member.user).name : member.nested->name;
  return {
      .code = "ambiguous",
      .group = group.name,
      .principal = name,
      .text = name + " has the id under which " + grant.principal + " (" + grant.dn + ") was granted " +
              group.name +
              ", and is somebody or something else; nothing is given to it or taken from it. If it does not "
              "belong there, take " +
              name + " out of " + group.name + " by hand"};
}

OrNotice<WritableMember> removable(Context const& context, WritableGroup const& group, Grant const& grant,
                                   GrantedMember const& member) {
  if (!member.holds) return used_again(context, group.read(), grant, member);
  return member.user ? context.hands_off.user_to_remove(group, context.user(*member.user))
                     : context.hands_off.group_to_remove(group, *member.nested);
}

Granted granted_in(Context const& context, WritableGroup const& group, Wanted const& wanted) {
  Granted granted;
  auto const& have = group.read();
  auto const grants = context.index.grants(group.id());
  granted.users.reserve(grants.size());
  // Whoever is wanted is given it anew, but not while a grant names somebody else.
  auto const is_kept = [&context, &have, &wanted](Grant const& grant) {
    auto const is_wanted = contains_any(wanted.entries, grant.id) && !context.binding.bind(grant).anothers();
    return is_wanted || stands_unknown(have, grant);
  };
  for (auto const* grant : grants) {
    if (grant->rule.empty()) continue;  // put there in place of what somebody else had put there
    auto const member = granted_member(context, have, *grant);
    if (!member.is_there()) {
      if (!is_kept(*grant) &&
          context.book.count(members_of(context.target.name), grant_key(group.id(), grant->principal))
              .confirmed)
        granted.ended.push_back(*grant);
    } else if (!member.holds) {
      granted.used_again.push_back({grant, member});
    } else if (member.nested != nullptr) {
      granted.groups.push_back({member.nested, grant});
    } else {
      granted.users.emplace(*member.user, grant);
    }
  }
  return granted;
}

}  // namespace dirsync::plan
