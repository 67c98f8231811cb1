#include "ldap/socket.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <system_error>

#include "ldap/errand.hpp"
#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

using std::chrono::milliseconds;

struct FreeAddresses {
  void operator()(addrinfo* list) const noexcept { freeaddrinfo(list); }
};

using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

/// `flags`: of getaddrinfo().
Result<Addresses> look_up(std::string const& host, int port, int flags) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV | flags;
  addrinfo* found = nullptr;
  auto const looked_up = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (looked_up != 0) return Error{LdapErrc::connect_failed, gai_strerror(looked_up)};
  return Addresses{found};
}

/// The resolver takes as long as its own settings say; an address needs none.
Result<Addresses> addresses_of(std::string const& host, int port, Instant end, Stop& stop) {
  if (auto numeric = look_up(host, port, AI_NUMERICHOST)) return numeric;
  auto found = result_until<Addresses>(end, stop, [host, port] { return look_up(host, port, 0); });
  if (!found) return within("name look-up of " + host, found.error());
  return found;
}

std::string words_of(int error) { return std::generic_category().message(error); }

/// 0, or the errno of the failure; ETIMEDOUT when `end` passed.
int connect_in_time(int socket, sockaddr const* address, socklen_t size, Instant end) {
  if (connect(socket, address, size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd writable{socket, POLLOUT, 0};
  int ready = 0;
  do ready = poll(&writable, 1, static_cast<int>(left_until(end).count()));
  while (ready < 0 && errno == EINTR);
  if (ready == 0) return ETIMEDOUT;
  int error = 0;
  socklen_t error_size = sizeof error;
  if (getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &error_size) != 0) return errno;
  return error;
}

/// Connects; each single wait is bounded afterwards. 0, or the errno of the failure.
int open_in_time(int socket, sockaddr const* address, socklen_t size, Instant end, milliseconds idle) {
  if (auto const error = connect_in_time(socket, address, size, end); error != 0) return error;
  set_blocking(socket, true);
  timeval const wait{idle.count() / 1000, idle.count() % 1000 * 1000};
  setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  return 0;
}

void use_tcp_well(int socket) {
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
  auto const addresses = addresses_of(host, port, end, stop);
  if (!addresses) return addresses.error();
  auto error = EHOSTUNREACH;
  for (auto const* address = addresses->get(); address != nullptr; address = address->ai_next) {
    Socket socket{::socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (socket.number() < 0) {
      error = errno;
      continue;
    }
    stop.watch(socket.number());
    error = open_in_time(socket.number(), address->ai_addr, address->ai_addrlen, end, idle);
    if (stop.requested()) return Error{LdapErrc::cancelled, "stopped while connecting"};
    if (error != 0) continue;
    use_tcp_well(socket.number());
    return socket;
  }
  return Error{error == ETIMEDOUT ? LdapErrc::timed_out : LdapErrc::connect_failed, words_of(error)};
}

Result<Socket> connect_to_path(std::string const& path, Instant end, milliseconds idle, Stop& stop) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path)
    return Error{LdapErrc::bad_setup,
                 "a socket's path has at most " + std::to_string(sizeof address.sun_path - 1) + " bytes"};
  path.copy(address.sun_path, path.size());
  Socket socket{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  stop.watch(socket.number());
  auto const error =
      open_in_time(socket.number(), reinterpret_cast<sockaddr const*>(&address), sizeof address, end, idle);
  if (stop.requested()) return Error{LdapErrc::cancelled, "stopped while connecting"};
  if (error != 0) return Error{LdapErrc::connect_failed, words_of(error)};
  return socket;
}

}  // namespace dirsync::ldap
