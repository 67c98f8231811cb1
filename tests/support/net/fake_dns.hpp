#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/net/loopback.hpp"

namespace dirsync::test {

struct FakeSrv {
  std::uint16_t priority = 0, weight = 0, port = 0;
  std::string target;  // "." for "not offered"
};

/// A DNS message (RFC 1035, 4.1) that answers `query` with SRV records. `rcode`: 3 is NXDOMAIN.
std::string dns_answer(std::string const& query, std::vector<FakeSrv> const& records, int rcode = 0,
                       bool truncated = false);
/// A DNS message that answers a query for IPv4 addresses (type A) with `addresses`, "127.0.0.1", and one for
/// anything else with no record.
std::string dns_addresses(std::string const& query, std::vector<std::string> const& addresses);
/// A query for SRV records of `name`.
std::string dns_query(std::string const& name);

/// A DNS server on 127.0.0.1, UDP and TCP, whose every answer the test decides. A thread of its own.
class FakeDns {
 public:
  enum class Over { udp, tcp };
  /// From the query's bytes and its name to the answer's bytes; empty: no answer.
  using Script = std::function<std::string(std::string const& query, std::string const& name, Over)>;
  explicit FakeDns(Script script);
  ~FakeDns();
  FakeDns(FakeDns const&) = delete;
  FakeDns& operator=(FakeDns const&) = delete;

  std::uint16_t port() const { return tcp_.port(); }
  int questions() const { return questions_; }

 private:
  void work();
  void answer_datagram();
  void answer_stream();
  std::string answer(std::string const& query, Over over);

  Script script_;
  LoopbackSocket tcp_, udp_;  // one port
  std::atomic<int> questions_ = 0;
  int wake_[2] = {-1, -1};  // a pipe; its end ends the thread
  std::thread thread_;
};

}  // namespace dirsync::test
