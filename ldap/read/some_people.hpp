#pragma once
// Single people as a whole read would show them.
#include <vector>

#include "ldap/read/opened.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// One attempt at Directory::read_people(): the search of a whole read, narrowed to these ids, which wants an
/// index of them on the server. Ids of another kind of server are nobody's here. Blocks. Thread: the
/// directory's own. Errors: LdapErrc, SnapshotErrc.
Result<Snapshot> read_some_people(Settings const& settings, Opened& opened, std::vector<EntryId> const& ids);

}  // namespace dirsync::ldap
