#include "sync/engine/presence.hpp"

#include <algorithm>

#include "sync/model/assert.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::engine {

namespace {

/// `observed` may be older than the member: then only its name tells.
bool holds_group(TargetGroup const& group, Observed const& observed, Change const& change) {
  auto const name = fold_case(change.principal);
  auto const dn = normalized_dn(change.dn);
  auto const is_it = [&observed, &change, &name, &dn](OtherMember const& other) {
    if (change.principal_id != kGroupPrincipal)
      return group_principal_id(other.id) == change.principal_id && fold_case(other.name) == name;
    auto const known = std::ranges::find(observed.groups, other.id, &TargetGroup::id);
    if (known != observed.groups.end()) return known->directory_group && normalized_dn(known->dn) == dn;
    return fold_case(other.name) == name;
  };
  return std::ranges::any_of(group.others, is_it);
}

}  // namespace

bool holds_member(TargetGroup const& group, Observed const& observed, Change const& change) {
  if (is_group_principal(change.principal_id)) return holds_group(group, observed, change);
  auto const name = fold_case(change.principal);
  auto const dn = change.principal_id.empty() && !change.dn.empty() ? normalized_dn(change.dn) : std::nullopt;
  auto const is_user = [&observed, &change, &name, &dn](std::uint32_t index) {
    auto const& user = observed.users[index];
    if (!change.principal_id.empty()) return user.id == change.principal_id;
    return fold_case(user.name) == name || (dn && !user.dn.empty() && normalized_dn(user.dn) == dn);
  };
  auto const is_other = [&change, &name](OtherMember const& other) {
    if (!change.principal_id.empty() && other.id == change.principal_id) return true;
    return fold_case(other.name) == name;
  };
  return std::ranges::any_of(group.users, is_user) || std::ranges::any_of(group.others, is_other);
}

TargetGroup const* find_group(Observed const& observed, TargetTraits const& traits, Change const& change) {
  auto const key = [&traits](std::string const& name) {
    return traits.group_names_fold_case ? fold_case(name) : name;
  };
  auto const wanted = key(change.group);
  auto const found = std::ranges::find_if(observed.groups, [&change, &key, &wanted](auto const& group) {
    return change.group_id.empty() ? key(group.name) == wanted : group.id == change.group_id;
  });
  return found == observed.groups.end() ? nullptr : &*found;
}

bool has_happened(Change const& change, std::string const& new_name, TargetGroup const* group,
                  Observed const& observed) {
  switch (change.verb) {
    case Verb::create_group:
      return group != nullptr;
    case Verb::delete_group:
      return group == nullptr;
    case Verb::rename_group:
      return group != nullptr && (new_name.empty() ? group->name != change.group : group->name == new_name);
    case Verb::add:
      return group != nullptr && holds_member(*group, observed, change);
    case Verb::remove:
      return group == nullptr || !holds_member(*group, observed, change);
    case Verb::update_group:
      break;  // see fate_by_read
  }
  DIRSYNC_ASSERT(false);
}

Outcome fate_by_read(Change const& change, Observed const& observed, TargetTraits const& traits) {
  // What was written is in no read.
  if (change.verb == Verb::update_group) return Outcome::unknown;
  auto const* const group = find_group(observed, traits, change);
  return has_happened(change, change.detail, group, observed) ? Outcome::done : Outcome::failed;
}

}  // namespace dirsync::engine
