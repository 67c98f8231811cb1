#pragma once
// Members of groups that no value of them names: by their own primaryGroupID (Active Directory).
#include <cstdint>

#include "ldap/read/groups.hpp"
#include "ldap/read/people.hpp"

namespace dirsync::ldap {

/// People are members of the group that their primaryGroupID names, where it was read. Returns how many.
std::uint64_t add_primary_members(People const& people, Groups& groups);

/// The same for groups without whose people were read: one search for those whose primary group is one of
/// them, and none on servers without primary groups. Counted in `groups.figures`. Blocks. Errors: LdapErrc.
/// Thread: that of `context.connection`.
Result<void> find_primary_members(ReadContext const& context, Groups& groups);

}  // namespace dirsync::ldap
