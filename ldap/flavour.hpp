#pragma once
#include "ldap/connection.hpp"

namespace dirsync::ldap {

/// The server's flavour, named or found in the root DSE. Errors: LdapErrc::unsupported_flavour but for
/// OpenLDAP; as search_few().
Result<Flavour> require_supported_flavour(Connection& connection, Settings const& settings);

}  // namespace dirsync::ldap
