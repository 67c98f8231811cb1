#pragma once
// What of a target group's members is ours.
#include <unordered_map>
#include <unordered_set>

#include "sync/plan/diff/wanted.hpp"

namespace dirsync::plan {

/// Who or what in a group bears the id that a grant names.
struct GrantedMember {
  std::optional<std::uint32_t> user;    // index of the target user
  OtherMember const* nested = nullptr;  // or a Directory group
  /// It is what was granted. Otherwise the target used the id again, and nothing may be given or taken by it.
  bool holds = false;
  bool is_there() const { return user || nested != nullptr; }
};
GrantedMember granted_member(Context const& context, TargetGroup const& group, Grant const& grant);

/// The member, when a call may take it out; else why not. Code: also ambiguous, where the id was used again.
OrNotice<WritableMember> removable(Context const& context, WritableGroup const& group, Grant const& grant,
                                   GrantedMember const& member);
Notice used_again(Context const& context, TargetGroup const& group, Grant const& grant,
                  GrantedMember const& member);

struct GrantedGroup {
  OtherMember const* member;
  Grant const* grant;
};

/// A grant whose id something else in the group bears now.
struct UsedAgain {
  Grant const* grant;
  GrantedMember member;
};

struct Granted {
  std::unordered_map<std::uint32_t, Grant const*> users;  // by index of the target user
  std::vector<GrantedGroup> groups;                       // nested members
  std::vector<Grant> ended;                               // by somebody else, as enough reads have shown
  std::vector<UsedAgain> used_again;

  Grant const* find(std::uint32_t user) const;
  Grant const* find(OtherMember const& member) const;
  /// Whether an id of ours is that of this user now.
  bool has_taken_an_id(std::uint32_t user) const;
  std::int64_t size() const { return static_cast<std::int64_t>(users.size() + groups.size()); }
};

/// `wanted`: whoever is wanted keeps their grant until it is made again.
Granted granted_in(Context const& context, WritableGroup const& group, Wanted const& wanted);

}  // namespace dirsync::plan
