#pragma once
// What stands where a read found nothing.
#include <optional>

#include "ldap/read/read_context.hpp"
#include "sync/model/census.hpp"

namespace dirsync::ldap {

/// The first page of all that is below the area's base, by class. Nothing: the server did not tell, which
/// takes nothing from a read that is complete. One request. Blocks; thread: that of the connection.
std::optional<Census> look_beside(ReadContext const& context, Area const& area, std::string filter);

}  // namespace dirsync::ldap
