#include "ldap/connect/stop.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace dirsync::ldap {

Stop::~Stop() {
  if (auto const copy = copy_.exchange(-1); copy >= 0) close(copy);
}

void Stop::request() noexcept {
  requested_ = true;
  auto const copy = copy_.exchange(-1);
  if (copy < 0) return;
  shutdown(copy, SHUT_RDWR);
  close(copy);
}

void Stop::watch(int socket) noexcept {
  auto const old = copy_.exchange(fcntl(socket, F_DUPFD_CLOEXEC, 0));
  if (old >= 0) close(old);
  // The request may have come before the socket was there.
  if (requested_) request();
}

}  // namespace dirsync::ldap
