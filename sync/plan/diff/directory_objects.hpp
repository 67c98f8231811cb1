#pragma once
// Directory groups and LDAP users of the target whose DN is no longer that of their entry.
#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// Reported, and with replace_stale_groups memberships of a group that moved go to its successor: first that
/// one comes in, and the old one goes in a run whose read shows it there. No membership ends because an entry
/// is gone. Nothing on targets without DNs.
std::vector<GroupDraft> directory_objects(Context const& context);

}  // namespace dirsync::plan
