#pragma once
// What reads of a few entries have in common, be they people or groups.
#include <string>
#include <vector>

#include "ldap/read/read_context.hpp"
#include "sync/model/certificate.hpp"

namespace dirsync::ldap {

/// What entries with these ids fit; empty: none of them can be an id of this kind of server. Pure: any
/// thread.
std::string filter_of_ids(FlavourTraits const& flavour, std::vector<EntryId> const& ids);

/// Not that of a whole read: it says only what these few searches came to. `what`: its clause,
/// "single-people".
Certificate certificate_of_some(std::string what, ReadContext const& context, ReadFigures const& figures,
                                ChangeNumbers numbers);

}  // namespace dirsync::ldap
