#pragma once
#include <vector>

#include "ldap/connect/connection.hpp"
#include "ldap/connect/stop.hpp"
#include "ldap/flavour.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// For closer looks: a part that was left out may be where an entry is.
Settings careful_settings(Settings settings);

/// One attempt at a closer look, one answer per probe, on an open connection to a server of that flavour.
/// `settings`: careful ones. Blocks. Thread: the directory's own. Errors: LdapErrc: the connection was lost.
Result<std::vector<Presence>> probe_entries(Settings const& settings, Connection& connection,
                                            FlavourTraits const& flavour,
                                            std::vector<EntryProbe> const& probes);
/// The same on a connection of its own. Errors: also those of opening it.
Result<std::vector<Presence>> probe_entries(Settings const& settings, std::vector<EntryProbe> const& probes,
                                            Stop& stop);

}  // namespace dirsync::ldap
