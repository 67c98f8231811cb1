#pragma once
#include "ldap/connect/stop.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// One attempt at a whole read: connect, prove, search, resolve. Blocks; Thread: the directory's own, which
/// may start a second one for a second connection.
/// `proven`: what was proven until the end, also when that is an error; its last clause says which.
/// Errors: LdapErrc, SnapshotErrc; never a snapshot of a part.
Result<Snapshot> read_directory(Settings const& settings, DirectoryQuery const& query, Stops& stops,
                                Certificate& proven);

}  // namespace dirsync::ldap
