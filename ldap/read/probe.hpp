#pragma once
#include <vector>

#include "ldap/connect/stop.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// One attempt at a closer look, one answer per probe. Blocks. Thread: the directory's own.
/// Errors: LdapErrc: no connection, or it was lost.
Result<std::vector<Presence>> probe_entries(Settings const& settings, std::vector<EntryProbe> const& probes,
                                            Stop& stop);

}  // namespace dirsync::ldap
