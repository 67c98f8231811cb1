#pragma once
#include <chrono>
#include <string>
#include <utility>

#include "ldap/stop.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

using Instant = std::chrono::steady_clock::time_point;

/// Milliseconds from now until `end`, not below zero.
std::chrono::milliseconds left_until(Instant end);

/// Whether reads and writes wait.
void set_blocking(int socket, bool blocking);

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

/// A TCP connection to the first address of `host` that answers; the name look-up counts in `end`. Blocking
/// afterwards, but no single read or write takes longer than `idle`. `stop` watches it.
/// Errors: LdapErrc::connect_failed, timed_out, cancelled; the context is the reason alone.
Result<Socket> connect_to(std::string const& host, int port, Instant end, std::chrono::milliseconds idle,
                          Stop& stop);

/// The same to a socket of this machine. Errors: also bad_setup, for a path that is too long.
Result<Socket> connect_to_path(std::string const& path, Instant end, std::chrono::milliseconds idle,
                               Stop& stop);

}  // namespace dirsync::ldap
