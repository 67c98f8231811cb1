#include "ldap/connect/socket.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

using std::chrono::milliseconds;

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

Result<std::pair<Socket, Socket>> socket_pair() {
  int ends[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    return Error{LdapErrc::connect_failed, words_of(errno)};
  return std::pair{Socket{ends[0]}, Socket{ends[1]}};
}

Result<Socket> connect_to(std::vector<SocketAddress> const& addresses, Instant end, milliseconds idle,
                          Stop& stop) {
  auto error = EHOSTUNREACH;
  for (auto const& address : addresses) {
    Socket socket{::socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
    if (socket.number() < 0) {
      error = errno;
      continue;
    }
    stop.watch(socket.number());
    error = open_in_time(socket.number(), address.get(), address.size, end, idle);
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
