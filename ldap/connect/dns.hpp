#pragma once
// Names of the DNS, looked up by c-ares: every wait has an end and heeds a stop.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ldap/connect/socket.hpp"
#include "ldap/settings.hpp"

namespace dirsync::ldap {

/// One SRV record (RFC 2782). `target` has no final dot; empty: the service is decidedly not offered.
struct SrvRecord {
  std::uint16_t priority = 0, weight = 0, port = 0;
  std::string target;
  friend bool operator==(SrvRecord const&, SrvRecord const&) = default;
};

/// Looks names up. Blocks until there is an answer, `end` is reached or a stop is requested, which may come
/// from another thread; `stop` watches this look-up from then on.
/// Errors of both: LdapErrc::connect_failed (no usable answer), timed_out, cancelled, bad_answer, bad_setup;
/// the context is the reason alone. Thread: any, one call at a time for each `stop`.
class Resolver {
 public:
  virtual ~Resolver() = default;
  /// All SRV records of `name`; none when the DNS says that there are none.
  virtual Result<std::vector<SrvRecord>> services(std::string const& name, Instant end, Stop& stop) const = 0;
  /// Addresses of `host`, best first (RFC 6724), never none: a host without one is connect_failed.
  virtual Result<std::vector<SocketAddress>> addresses(std::string const& host, std::uint16_t port,
                                                       Instant end, Stop& stop) const = 0;
};

/// A DNS server on an IPv4 address.
struct NameServer {
  std::string address;
  std::uint16_t port = 53;
};

/// Asks the DNS servers of /etc/resolv.conf, or the one that is given. Addresses may also come from
/// /etc/hosts, in the order that /etc/nsswitch.conf gives to "files" and "dns"; its other sources are not
/// asked. Each call stands alone: nothing is kept between two.
class DnsResolver final : public Resolver {
 public:
  DnsResolver() = default;
  explicit DnsResolver(NameServer server) : server_(std::move(server)) {}
  Result<std::vector<SrvRecord>> services(std::string const& name, Instant end, Stop& stop) const override;
  Result<std::vector<SocketAddress>> addresses(std::string const& host, std::uint16_t port, Instant end,
                                               Stop& stop) const override;

 private:
  std::optional<NameServer> server_;
};

/// The resolver of `settings`, or else the system's.
Resolver const& resolver_of(Settings const& settings);

/// The SRV records in a whole DNS message (RFC 1035, 4.1). Errors: LdapErrc::bad_answer for one that is
/// malformed or marked as cut; the context is the reason alone.
Result<std::vector<SrvRecord>> parse_srv(std::vector<unsigned char> const& message);

}  // namespace dirsync::ldap
