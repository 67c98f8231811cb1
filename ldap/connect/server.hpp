#pragma once
#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ldap/connect/socket.hpp"
#include "ldap/settings.hpp"

namespace dirsync::ldap {

/// Where a URI (RFC 4516) leads.
struct Server {
  enum class Transport { plain, tls, local } transport = Transport::plain;
  std::string host;  // local: the socket's path
  int port = 0;
};

/// Pure. Nothing when `uri` is not ldap://HOST[:PORT], ldaps://HOST[:PORT] or ldapi://PATH, percent-encoded.
std::optional<Server> parse_server(std::string const& uri);

/// Which servers failed of late. One that did is tried after all others, for a pause that starts at twice
/// Retry::first, so that it outlasts the next attempt, and doubles with each further failure up to
/// Retry::longest. What lies longer back than that is forgotten. Thread: the directory's own.
class ServerMemory {
 public:
  explicit ServerMemory(Retry const& retry)
      : first_(std::min(2 * retry.first, retry.longest)), longest_(retry.longest) {}

  void failed(std::string const& uri, std::string reason, Instant now);
  /// Every one of `uris`; those in their pause come last.
  std::vector<std::string> in_order(std::vector<std::string> uris, Instant now) const;
  /// Why it is tried last now; empty when it is not.
  std::string reason(std::string const& uri, Instant now) const;

 private:
  struct Lapse {
    std::chrono::milliseconds pause;
    Instant until;
    std::string reason;
  };
  bool pauses(std::string const& uri, Instant now) const;

  std::chrono::milliseconds first_, longest_;
  std::map<std::string, Lapse> failures_;
};

}  // namespace dirsync::ldap
