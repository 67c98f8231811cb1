#include "ldap/connect/timed_call.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>
#include <thread>

#include "ldap/errors.hpp"

namespace dirsync::ldap {

Result<void> run_until(Instant end, Stop& stop, std::function<void()> work) {
  auto ends = socket_pair();
  if (!ends) return ends.error();
  Socket const here{std::move(ends->first)};
  auto const there = std::make_shared<Socket>(std::move(ends->second));
  stop.watch(here.number());
  try {
    std::thread{[work = std::move(work), there] {
      work();
      char const done = 1;
      send(there->number(), &done, 1, MSG_NOSIGNAL);  // nobody may be waiting any more
    }}.detach();
  } catch (std::system_error const& error) {
    return Error{LdapErrc::connect_failed, error.code().message()};
  }
  pollfd readable{here.number(), POLLIN, 0};
  int ready = 0;
  do ready = poll(&readable, 1, static_cast<int>(left_until(end).count()));
  while (ready < 0 && errno == EINTR);
  if (stop.requested()) return Error{LdapErrc::cancelled, "stopped while waiting"};
  char done = 0;
  if (ready > 0 && recv(here.number(), &done, 1, 0) == 1) return {};
  return Error{LdapErrc::timed_out, "no answer in time"};
}

}  // namespace dirsync::ldap
