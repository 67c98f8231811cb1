#pragma once
#include <string>

#include "ldap/connect/connection.hpp"
#include "ldap/connect/kerberos.hpp"

namespace dirsync::ldap {

// Both block, at most `idle` for each answer, on the thread of `connection`.

/// SASL EXTERNAL (RFC 4422, appendix A): the server knows the client by its certificate or its process.
/// Errors: LdapErrc; `what` starts the context.
Result<void> bind_external(Connection& connection, std::string const& what);

/// SASL GSSAPI (RFC 4752) with a ticket that is there. `over_tls`: no SASL layer is asked for, which Active
/// Directory would refuse, and the server's certificate is bound in (RFC 5929, 4). Else the bind fails unless
/// SASL encrypts all that follows. Errors: LdapErrc; `what` starts the context.
Result<void> bind_gssapi(Connection& connection, Ticket const& ticket, bool over_tls,
                         std::string const& what);

}  // namespace dirsync::ldap
