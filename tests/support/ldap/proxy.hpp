#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <thread>
#include <tuple>
#include <vector>

#include "tests/support/ldap/message.hpp"
#include "tests/support/net/loopback.hpp"

namespace dirsync::test {

struct LdapRequest {
  std::uint8_t operation = 0;  // as LdapMessage::operation
  LdapSearchRequest search;    // of a search
  int nth = 0;                 // 1 for the first that asks so on its connection; of a paged search: the page
};

/// How the bytes of the answers travel.
struct Delivery {
  std::size_t most = SIZE_MAX;       // bytes sent at once: a message comes in pieces
  bool merged = false;               // all messages that answer one request are sent at once
  std::size_t cut_after = SIZE_MAX;  // bytes of one connection; then it is closed both ways
  std::size_t spoil_at = SIZE_MAX;   // the byte of one connection that becomes 0xff, counted from 0
};

/// Stands between a client and an LDAP server without TLS on 127.0.0.1 and bends what the server says.
/// What it cannot do is lie without a trace: an entry that is left out, or another valid value, looks to
/// every client like a directory without it. A thread of its own.
class LdapProxy {
 public:
  /// What the client gets in place of one message of the server, in order. In the proxy's thread.
  using Edit = std::function<std::vector<LdapMessage>(LdapRequest const&, LdapMessage)>;

  LdapProxy(std::uint16_t server_port, Edit edit, Delivery delivery = {});
  ~LdapProxy();
  LdapProxy(LdapProxy const&) = delete;
  LdapProxy& operator=(LdapProxy const&) = delete;
  std::string uri() const { return "ldap://127.0.0.1:" + std::to_string(listener_.port()); }

 private:
  using Kind = std::tuple<std::uint8_t, std::string, int, std::vector<std::string>>;
  struct Pair {
    LoopbackSocket client, server;
    std::string from_client, from_server;  // bytes of messages that are not whole yet
    std::string held_back;                 // for a merged delivery
    std::map<std::int64_t, LdapRequest> requests;
    std::map<Kind, int> counts;
    std::size_t sent = 0;  // bytes to the client
    bool open = true;
  };
  void work();
  void accept_one(std::vector<Pair>& pairs);
  void ask(Pair& pair, std::string_view bytes);
  void answer(Pair& pair, std::string_view bytes);
  void deliver(Pair& pair, std::string bytes_to_send);

  std::uint16_t server_port_;
  Edit edit_;
  Delivery delivery_;
  LoopbackSocket listener_ = LoopbackSocket::listening();
  int wake_[2] = {-1, -1};  // a pipe; its end ends the thread
  std::thread thread_;
};

}  // namespace dirsync::test
