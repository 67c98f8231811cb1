#pragma once
// Single people as a whole read would show them, and whether groups still name one who is gone.
#include <vector>

#include "ldap/connect/stop.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// One attempt at Directory::read_people(): the search of a whole read, narrowed to these ids, which wants an
/// index of them on the server. Ids of another kind of server are nobody's here. Blocks. Thread: the
/// directory's own. Errors: LdapErrc, SnapshotErrc.
Result<Snapshot> read_some_people(Settings const& settings, DirectoryQuery const& query,
                                  std::vector<EntryId> const& ids, Stop& stop);

/// One attempt at Directory::names_in_groups(): one search of the groups. The same.
Result<bool> find_in_groups(Settings const& settings, DirectoryQuery const& query, EntryNames const& names,
                            Stop& stop);

}  // namespace dirsync::ldap
