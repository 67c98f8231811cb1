#pragma once
// What of a target group's members is ours.
#include <unordered_map>

#include "sync/plan/diff/wanted.hpp"

namespace dirsync::plan {

struct GrantedGroup {
  OtherMember const* member;
  Grant const* grant;
};

struct Granted {
  std::unordered_map<std::uint32_t, Grant const*> users;  // by index of the target user
  std::vector<GrantedGroup> groups;                       // nested members
  std::vector<Grant> ended;                               // by somebody else, as enough reads have shown

  Grant const* find(std::uint32_t user) const;
  Grant const* find(OtherMember const& member) const;
  std::int64_t size() const { return static_cast<std::int64_t>(users.size() + groups.size()); }
};

/// `wanted`: whoever is wanted keeps their grant until it is made again.
Granted granted_in(Context const& context, WritableGroup const& group, Wanted const& wanted);

/// The member that a grant to a Directory group is about; null when that membership is no longer there.
OtherMember const* granted_member(Context const& context, TargetGroup const& group, Grant const& grant);

}  // namespace dirsync::plan
