#pragma once
#include <sys/socket.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "ldap/connect/stop.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

using Instant = std::chrono::steady_clock::time_point;

/// Milliseconds from now until `end`, not below zero.
std::chrono::milliseconds left_until(Instant end);

/// Whether reads and writes wait.
void set_blocking(int socket, bool blocking);

/// Where a socket connects to: an IPv4 or IPv6 address with its port.
struct SocketAddress {
  sockaddr_storage bytes{};
  socklen_t size = 0;  // of what is used of `bytes`

  sockaddr const* get() const noexcept { return reinterpret_cast<sockaddr const*>(&bytes); }
};

/// An open descriptor.
class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Socket();
  int number() const noexcept { return number_; }
  int release() noexcept { return std::exchange(number_, -1); }

 private:
  int number_;
};

/// Two ends that are connected to each other. Errors: LdapErrc::connect_failed: no descriptors are left.
Result<std::pair<Socket, Socket>> socket_pair();

/// A TCP connection to the first of `addresses` that answers. Blocking afterwards, but no single read or
/// write takes longer than `idle`. `stop` watches it. Errors: LdapErrc::connect_failed, timed_out, cancelled;
/// the context is the reason alone.
Result<Socket> connect_to(std::vector<SocketAddress> const& addresses, Instant end,
                          std::chrono::milliseconds idle, Stop& stop);

/// The same to a socket of this machine. Errors: also bad_setup, for a path that is too long.
Result<Socket> connect_to_path(std::string const& path, Instant end, std::chrono::milliseconds idle,
                               Stop& stop);

}  // namespace dirsync::ldap
