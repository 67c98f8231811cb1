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

}  // namespace

Grant const* Granted::find(std::uint32_t user) const {
  auto const found = users.find(user);
  return found == users.end() ? nullptr : found->second;
}

Grant const* Granted::find(OtherMember const& member) const {
  auto const found = std::ranges::find(groups, &member, &GrantedGroup::member);
  return found == groups.end() ? nullptr : found->grant;
}

OtherMember const* granted_member(Context const& context, TargetGroup const& group, Grant const& grant) {
  if (!is_group_principal(grant.principal_id)) return nullptr;
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

Granted granted_in(Context const& context, WritableGroup const& group, Wanted const& wanted) {
  Granted granted;
  auto const& have = group.read();
  auto const grants = context.index.grants(group.id());
  granted.users.reserve(grants.size());
  for (auto const* grant : grants) {
    if (grant->rule.empty()) continue;  // put there in place of what somebody else had put there
    auto const user = context.index.users().user_of(*grant);
    if (auto const* const nested = granted_member(context, have, *grant))
      granted.groups.push_back({nested, grant});
    else if (user && std::ranges::binary_search(have.users, *user))
      granted.users.emplace(*user, grant);
    else if (!contains_any(wanted.entries, grant->id) && !stands_unknown(have, *grant) &&
             context.book.count(members_of(context.target.name), grant_key(group.id(), grant->principal))
                 .confirmed)
      granted.ended.push_back(*grant);
  }
  return granted;
}

}  // namespace dirsync::plan
