#include "ldap/socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

using std::chrono::milliseconds;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

std::string words_of(int error) { return std::generic_category().message(error); }

/// 0, or the errno of the failure; ETIMEDOUT when `end` passed.
int connect_in_time(int socket, addrinfo const& address, Instant end) {
  if (connect(socket, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd writable{socket, POLLOUT, 0};
  int ready = 0;
  do ready = poll(&writable, 1, static_cast<int>(left_until(end).count()));
  while (ready < 0 && errno == EINTR);
  if (ready == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

void bound_waits(int socket, milliseconds idle) {
  set_blocking(socket, true);
  timeval const wait{idle.count() / 1000, idle.count() % 1000 * 1000};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  int const on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

}  // namespace

milliseconds left_until(Instant end) {
  auto const left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
  return std::clamp(left, milliseconds{0}, milliseconds{1'000'000'000});
}

void set_blocking(int socket, bool blocking) {
  auto const flags = fcntl(socket, F_GETFL);
  fcntl(socket, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK);
}

Socket::~Socket() {
  if (number_ >= 0) close(number_);
}

Result<Socket> connect_to(std::string const& host, int port, Instant end, milliseconds idle, Stop& stop) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  auto const looked_up = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (looked_up != 0)
    return Error{LdapErrc::connect_failed, "name look-up of " + host + ": " + gai_strerror(looked_up)};
  std::unique_ptr<addrinfo, FreeAddresses> const addresses{found};
  auto error = EHOSTUNREACH;
  for (auto const* address = found; address != nullptr; address = address->ai_next) {
    Socket socket{::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (socket.number() < 0) {
      error = errno;
      continue;
    }
    stop.watch(socket.number());
    error = connect_in_time(socket.number(), *address, end);
    if (stop.requested()) return Error{LdapErrc::cancelled, "stopped while connecting"};
    if (error != 0) continue;
    bound_waits(socket.number(), idle);
    return socket;
  }
  return Error{error == ETIMEDOUT ? LdapErrc::timed_out : LdapErrc::connect_failed, words_of(error)};
}

}  // namespace dirsync::ldap
