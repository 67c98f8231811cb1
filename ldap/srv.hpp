#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "ldap/settings.hpp"
#include "ldap/socket.hpp"

namespace dirsync::ldap {

/// One SRV record (RFC 2782). `target` has no final dot; empty: the service is decidedly not offered.
struct SrvRecord {
  std::uint16_t priority = 0, weight = 0, port = 0;
  std::string target;
  friend bool operator==(SrvRecord const&, SrvRecord const&) = default;
};

/// Where SRV records come from.
class Resolver {
 public:
  virtual ~Resolver() = default;
  /// All SRV records of `name`; none when the DNS says that there are none.
  /// Errors: LdapErrc::connect_failed, timed_out, cancelled, bad_answer; the context is the reason alone.
  virtual Result<std::vector<SrvRecord>> services(std::string const& name, Instant end, Stop& stop) const = 0;
};

/// A DNS server on an IPv4 address.
struct NameServer {
  std::string address;
  std::uint16_t port = 53;
};

/// Asks by libresolv, as /etc/resolv.conf says or the one `server` that is given.
class DnsResolver final : public Resolver {
 public:
  DnsResolver() = default;
  explicit DnsResolver(NameServer server) : server_(std::make_shared<NameServer>(std::move(server))) {}
  Result<std::vector<SrvRecord>> services(std::string const& name, Instant end, Stop& stop) const override;

 private:
  std::shared_ptr<NameServer const> server_;
};

/// The SRV records in a DNS message. Errors: as Resolver::services().
Result<std::vector<SrvRecord>> parse_srv(std::vector<unsigned char> const& message);

/// The order of RFC 2782: by priority, then drawn by weight. `up_to(n)`: a random number from 0 to n.
std::vector<SrvRecord> in_srv_order(std::vector<SrvRecord> records,
                                    std::function<std::uint32_t(std::uint32_t)> const& up_to);

/// URIs of the servers that the DNS names for `settings.srv`, in the order in which they are to be tried.
/// ldaps:// by _ldaps._tcp, or else port 636 of those that _ldap._tcp names; ldap:// by _ldap._tcp where the
/// settings protect it in another way. Targets outside of the domain are refused: whoever forges an answer
/// could otherwise name a server of their own, with a certificate that fits.
/// Errors: as Resolver::services(); the context is whole.
Result<std::vector<std::string>> discover(Settings const& settings, Instant end, Stop& stop);

}  // namespace dirsync::ldap
