#include "sync/engine/apply/fate.hpp"

#include <algorithm>

#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::engine {

namespace {

std::optional<Member> find_nested(TargetGroup const& group, Observed const& observed, Change const& change) {
  auto const name = fold_case(change.principal);
  auto const dn = normalized_dn(change.dn);
  for (auto const& other : group.others) {
    Member member{other.name, group_principal_id(other.id)};
    if (change.principal_id != kGroupPrincipal) {
      if (member.id == change.principal_id && fold_case(other.name) == name) return member;
      continue;
    }
    // The target made an object for it under a name of its own.
    auto const known = std::ranges::find(observed.groups, other.id, &TargetGroup::id);
    if (known != observed.groups.end() && known->directory_group && dn && normalized_dn(known->dn) == dn)
      return member;
  }
  return std::nullopt;
}

/// Whether that user is the one of the change. Somebody to be provisioned has no id yet, and their name may
/// be another's: there the DN decides.
bool is_meant(TargetUser const& user, Change const& change) {
  if (!change.principal_id.empty()) return user.id == change.principal_id;
  if (!change.dn.empty() && !user.dn.empty()) {
    auto const dn = normalized_dn(change.dn);
    return dn && normalized_dn(user.dn) == dn;
  }
  return fold_case(user.name) == fold_case(change.principal);
}

bool is_meant(OtherMember const& other, Change const& change) {
  if (!change.principal_id.empty() && !other.id.empty()) return other.id == change.principal_id;
  auto const to_provision = change.principal_id.empty() && !change.dn.empty();
  return !to_provision && fold_case(other.name) == fold_case(change.principal);
}

}  // namespace

std::optional<Member> find_member(TargetGroup const& group, Observed const& observed, Change const& change) {
  if (is_group_principal(change.principal_id)) return find_nested(group, observed, change);
  for (auto const index : group.users)
    if (auto const& user = observed.users[index]; is_meant(user, change)) return Member{user.name, user.id};
  for (auto const& other : group.others)
    if (is_meant(other, change)) return Member{other.name, other.id};
  return std::nullopt;
}

bool holds_member(TargetGroup const& group, Observed const& observed, Change const& change) {
  return find_member(group, observed, change).has_value();
}

TargetGroup const* find_group(Observed const& observed, TargetTraits const& traits, Change const& change) {
  auto const key = [&traits](std::string const& name) {
    return traits.group_names_fold_case ? fold_case(name) : name;
  };
  auto const wanted = key(change.group);
  auto const found = std::ranges::find_if(observed.groups, [&change, &key, &wanted](auto const& group) {
    if (!change.group_id.empty()) return group.id == change.group_id;
    return !group.directory_group && key(group.name) == wanted;
  });
  return found == observed.groups.end() ? nullptr : &*found;
}

MemberIndex::MemberIndex(TargetGroup const& group, Observed const& observed)
    : group_(group), observed_(observed) {
  for (auto const user : group.users) ids_.insert(observed.users[user].id);
  for (auto const& other : group.others)
    if (other.id.empty())
      nameless_.insert(fold_case(other.name));
    else
      ids_.insert(other.id);
}

bool MemberIndex::holds(Change const& change) const {
  auto const by_id = !change.principal_id.empty() && !is_group_principal(change.principal_id);
  if (!by_id) return holds_member(group_, observed_, change);
  return ids_.contains(change.principal_id) || nameless_.contains(fold_case(change.principal));
}

bool has_happened(Change const& change, TargetGroup const* group, Observed const& observed) {
  switch (change.verb) {
    case Verb::create_group:
      return group != nullptr;
    case Verb::delete_group:
      return group == nullptr;
    case Verb::rename_group:
      return group != nullptr &&
             (change.new_name.empty() ? group->name != change.group : group->name == change.new_name);
    case Verb::add:
      return group != nullptr && holds_member(*group, observed, change);
    case Verb::remove:
      return group == nullptr || !holds_member(*group, observed, change);
    case Verb::update_group:
      return false;  // what was written is in no read
    case Verb::adopt:
      break;  // never announced
  }
  DIRSYNC_ASSERT(false);
}

}  // namespace dirsync::engine
