#pragma once
// An LDAP group that is to be a member of a target group.
#include <variant>

#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// By which a Vault's directory mapping finds a group: the first of them that the entry has. In lower case.
inline std::vector<std::string> logon_attributes() { return {"samaccountname", "cn"}; }

/// The addition of that LDAP group: as the Directory group that the target has for it, or provisioned by name.
/// A notice when nobody can tell which object the target would take.
OrNotice<Change> group_addition(Context const& context, WritableGroup const& group, DirectoryView const& view,
                                Entry const& source, std::string const& rule);

}  // namespace dirsync::plan
