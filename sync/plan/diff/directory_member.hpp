#pragma once
// An LDAP group that is to be a member of a target group.
#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// Of the directories whose groups may become members themselves; made once for a draft.
std::map<std::string, LogonNames> logon_names_of(Input const& input);

/// The addition of that LDAP group: as the Directory group that the target has for it, or provisioned by
/// name. A notice when nobody can tell which object the target would take.
OrNotice<Change> group_addition(Context const& context, WritableGroup const& group, DirectoryView const& view,
                                Entry const& source, std::string const& rule);

}  // namespace dirsync::plan
