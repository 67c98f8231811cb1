#pragma once
#include <vector>

#include "ldap/read/opened.hpp"
#include "ldap/settings.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

/// For `opened` below: a part that was left out may be where an entry is.
Settings careful_settings(Settings settings);

/// One attempt at a closer look, one answer per probe. `opened`: under careful_settings(). Blocks. Thread:
/// the directory's own. Errors: LdapErrc: the connection was lost.
Result<std::vector<Presence>> probe_entries(Settings const& settings, Opened& opened,
                                            std::vector<EntryProbe> const& probes);

}  // namespace dirsync::ldap
