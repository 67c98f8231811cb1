#include "tests/support/net/tcp_proxy.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <list>
#include <system_error>
#include <vector>

namespace dirsync::test {

TcpProxy::TcpProxy(std::uint16_t server_port, Fault fault, std::size_t after)
    : server_port_(server_port), fault_(fault), after_(after) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  thread_ = std::thread{[this] { work(); }};
}

TcpProxy::~TcpProxy() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
}

void TcpProxy::cut_all() const {
  if (::write(wake_[1], "c", 1) != 1) throw std::system_error(errno, std::generic_category(), "write");
}

void TcpProxy::work() {
  std::list<Pair> pairs;
  while (true) {
    std::vector<pollfd> polled{{wake_[0], POLLIN, 0}, {listener_.number(), POLLIN, 0}};
    for (auto const& pair : pairs) {
      polled.push_back({pair.client.number(), POLLIN, 0});
      polled.push_back({pair.stalled ? -1 : pair.server.number(), POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), -1);
    if (polled[0].revents != 0) {
      char cut = 0;
      if (::read(wake_[0], &cut, 1) != 1) return;
      pairs.clear();
      continue;
    }
    auto at = polled.begin() + 2;
    for (auto& pair : pairs) {
      if (at++->revents != 0) forward(pair, false);
      if (at++->revents != 0 && pair.open) forward(pair, true);
    }
    pairs.remove_if([](Pair const& pair) { return !pair.open; });
    if (polled[1].revents != 0) {
      Pair pair{LoopbackSocket{::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)},
                LoopbackSocket::connected(server_port_)};
      pair.healthy = healed_;
      ++connections_;
      if (pair.client.number() >= 0 && pair.server.number() >= 0) pairs.push_back(std::move(pair));
    }
  }
}

void TcpProxy::forward(Pair& pair, bool from_server) {
  auto const& source = from_server ? pair.server : pair.client;
  auto const& sink = from_server ? pair.client : pair.server;
  std::array<char, 16'384> bytes;
  auto size = ::recv(source.number(), bytes.data(), bytes.size(), 0);
  if (size <= 0) {
    pair.open = false;
    return;
  }
  auto const faulty = from_server && fault_ != Fault::none && !pair.healthy;
  if (faulty && pair.from_server + static_cast<std::size_t>(size) > after_) {
    size = static_cast<ssize_t>(after_ - pair.from_server);
    faulted_ = true;
    pair.open = fault_ == Fault::stall;
    pair.stalled = fault_ == Fault::stall;
  }
  if (from_server) pair.from_server += static_cast<std::size_t>(size);
  for (ssize_t sent = 0; sent < size;) {
    auto const now =
        ::send(sink.number(), bytes.data() + sent, static_cast<std::size_t>(size - sent), MSG_NOSIGNAL);
    if (now <= 0) {
      pair.open = false;
      return;
    }
    sent += now;
  }
}

}  // namespace dirsync::test
