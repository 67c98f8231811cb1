#pragma once
// What reads of a few entries have in common, be they people or groups.
#include <string>
#include <vector>

#include "ldap/connect/stop.hpp"
#include "ldap/read/opened.hpp"
#include "ldap/read/read_context.hpp"
#include "ldap/settings.hpp"
#include "sync/model/certificate.hpp"
#include "sync/ports/directory.hpp"

namespace dirsync::ldap {

struct OpenedForSome {
  Opened opened;
  ChangeNumbers numbers;  // how far the server had come at least when it answered
};

/// Blocks. Thread: the directory's own. Errors: LdapErrc.
Result<OpenedForSome> open_for_some(Settings const& settings, DirectoryQuery const& query, Stop& stop);

/// What entries with these ids fit; empty: none of them can be an id of this kind of server. Pure: any
/// thread.
std::string filter_of_ids(FlavourTraits const& flavour, std::vector<EntryId> const& ids);

/// Not that of a whole read: it says only what these few searches came to. `what`: its clause,
/// "single-people".
Certificate certificate_of_some(std::string what, ReadContext const& context, ReadFigures const& figures,
                                ChangeNumbers numbers);

}  // namespace dirsync::ldap
