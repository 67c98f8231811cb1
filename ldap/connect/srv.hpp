#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ldap/connect/dns.hpp"
#include "ldap/connect/socket.hpp"
#include "ldap/settings.hpp"

namespace dirsync::ldap {

/// The order of RFC 2782: by priority, then drawn by weight. `up_to(n)`: a random number from 0 to n.
std::vector<SrvRecord> in_srv_order(std::vector<SrvRecord> records,
                                    std::function<std::uint32_t(std::uint32_t)> const& up_to);

/// URIs of the servers that the DNS names for `settings.srv`, in the order in which they are to be tried.
/// ldaps:// by _ldaps._tcp, or else port 636 of those that _ldap._tcp names; ldap:// by _ldap._tcp where the
/// settings protect it in another way. Targets outside of the domain are refused: whoever forges an answer
/// could otherwise name a server of their own, with a certificate that fits.
/// Errors: as Resolver::services(); the context is whole. Blocks until `end` at the latest.
Result<std::vector<std::string>> discover(Settings const& settings, Instant end, Stop& stop);

}  // namespace dirsync::ldap
