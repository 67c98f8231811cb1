#include "tests/support/net/free_port.hpp"

#include <sys/un.h>

#include <cstddef>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/net/loopback.hpp"

namespace dirsync::test {
namespace {

// Below the ports that Linux hands out by itself (net.ipv4.ip_local_port_range starts at 32768).
constexpr int kFirst = 20000;
constexpr int kLast = 32700;

/// Binds a name that only one process can have, and that goes with it; -1: another has it.
int reserve(int port) {
  auto const name = "dirsyncd-test-port-" + std::to_string(port);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  name.copy(address.sun_path + 1, sizeof address.sun_path - 1);  // the leading zero: no file
  auto const socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  if (::bind(socket, reinterpret_cast<sockaddr const*>(&address), size) == 0) return socket;
  ::close(socket);
  return -1;
}

bool nothing_listens(std::uint16_t port) {
  try {
    LoopbackSocket::listening(port);
    return true;
  } catch (std::system_error const&) {
    return false;
  }
}

}  // namespace

std::uint16_t free_port() {
  static std::mutex mutex;
  static std::mt19937 random{std::random_device{}()};
  static std::vector<int> reserved;  // open until the process ends
  std::lock_guard const lock{mutex};
  std::uniform_int_distribution<int> any{kFirst, kLast};
  for (int attempt = 0; attempt < 1000; ++attempt) {
    auto const port = any(random);
    auto const reservation = reserve(port);
    if (reservation < 0) continue;
    reserved.push_back(reservation);
    if (nothing_listens(static_cast<std::uint16_t>(port))) return static_cast<std::uint16_t>(port);
  }
  throw std::runtime_error{"no free TCP port between 20000 and 32700"};
}

}  // namespace dirsync::test
