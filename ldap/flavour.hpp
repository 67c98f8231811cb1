#pragma once
#include "ldap/connection.hpp"

namespace dirsync::ldap {

/// Succeeds for OpenLDAP, named or found in the root DSE. Errors: LdapErrc::unsupported_flavour; as
/// search_few().
Result<void> require_supported_flavour(Connection& connection, Settings const& settings);

}  // namespace dirsync::ldap
