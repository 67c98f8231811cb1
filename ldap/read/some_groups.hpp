#pragma once
// Single groups as a whole read would show them, and which groups name an entry.
#include <vector>

#include "ldap/read/opened.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// One attempt at Directory::read_groups(): the searches of a whole read, narrowed to these ids, which wants
/// an index of them on the server. Ids of another kind of server are no group's here. Blocks. Thread: the
/// directory's own. Errors: LdapErrc, SnapshotErrc, errc::operation_not_supported for a dynamic group.
Result<Snapshot> read_some_groups(Settings const& settings, Opened& opened, std::vector<EntryId> const& ids);

/// One attempt at Directory::groups_naming(): one search of the groups. Blocks; the same thread. Errors:
/// LdapErrc.
Result<std::vector<EntryId>> find_groups_naming(Settings const& settings, Opened& opened,
                                                EntryNames const& names);

}  // namespace dirsync::ldap
