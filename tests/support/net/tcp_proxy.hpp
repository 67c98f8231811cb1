#pragma once
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <thread>

#include "tests/support/net/loopback.hpp"

namespace dirsync::test {

/// Forwards connections on 127.0.0.1 and does to each what a bad network would. A thread of its own.
class TcpProxy {
 public:
  enum class Fault {
    none,
    cut,    // both ways, once `after` bytes have come from the server
    stall,  // nothing more from the server, the connection stays
  };
  TcpProxy(std::uint16_t server_port, Fault fault, std::size_t after);
  ~TcpProxy();
  TcpProxy(TcpProxy const&) = delete;
  TcpProxy& operator=(TcpProxy const&) = delete;

  std::uint16_t port() const { return listener_.port(); }
  /// So many were accepted.
  int connections() const { return connections_; }
  /// Becomes true when a fault was done.
  bool faulted() const { return faulted_; }
  /// From now on, for new connections.
  void heal() { healed_ = true; }
  /// Ends the connections that there are, both ways and soon; new ones are taken.
  void cut_all() const;

 private:
  struct Pair {
    LoopbackSocket client, server;
    std::size_t from_server = 0;  // bytes
    bool healthy = false, open = true, stalled = false;
  };
  void work();
  void forward(Pair& pair, bool from_server);

  std::uint16_t server_port_;
  Fault fault_;
  std::size_t after_;
  LoopbackSocket listener_ = LoopbackSocket::listening();
  std::atomic<int> connections_ = 0;
  std::atomic<bool> faulted_ = false, healed_ = false;
  int wake_[2] = {-1, -1};  // a pipe; each byte cuts all connections, its end ends the thread
  std::thread thread_;
};

}  // namespace dirsync::test
