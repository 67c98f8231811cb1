#include "tests/support/process/server.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/support/net/loopback.hpp"

namespace dirsync::test {

std::vector<std::string> bound_to_us(std::vector<std::string> words, std::string const& user) {
  std::vector<std::string> all{"setpriv", "--pdeathsig", "KILL"};
  if (!user.empty()) all.insert(all.end(), {"--reuid", user, "--regid", user, "--clear-groups"});
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

void wait_until_listening(Process& server, std::string const& name, std::vector<std::uint16_t> const& ports,
                          std::uint32_t host) {
  auto const all_answer = [&ports, host] {
    return std::ranges::all_of(
        ports, [host](auto port) { return LoopbackSocket::connected(port, host).number() >= 0; });
  };
  auto ready = false;
  eventually([&server, &ready, &all_answer] { return (ready = all_answer()) || !server.running(); });
  if (ready) return;
  throw std::runtime_error{name + (server.running() ? " does not answer: " : " ended: ") + server.err() +
                           server.out()};
}

}  // namespace dirsync::test
