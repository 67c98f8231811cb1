#pragma once
#include <atomic>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tests/support/net/loopback.hpp"

namespace dirsync::test {

/// An LDAP server on 127.0.0.1 that answers every search as a test wants, right or wrong, and lets everyone
/// bind. Each connection in a thread of its own; the script is called by one at a time.
class ScriptedLdap {
 public:
  static constexpr int kBase = 0, kSub = 2;  // scopes
  struct Entry {
    std::string dn;
    std::vector<std::pair<std::string, std::vector<std::string>>> attributes;
  };
  struct Answer {
    std::vector<Entry> entries{};
    int result = 0;
    std::string words{};
    bool paged = true;     // with the paging control (RFC 2696)
    std::string cookie{};  // empty: the last page
    /// OID and value of another control that comes with the result; none where the OID is empty.
    std::pair<std::string, std::string> control{};
  };
  struct Search {
    std::string base;
    int scope = kBase;     // as in RFC 4511, 4.5.1.2
    std::string filter{};  // RFC 4515, spelt as the client did but for escapes: each odd byte is "\\xx"
    std::vector<std::string> attributes{};
    int nth = 0;  // 1 for the first with this base and scope
  };
  explicit ScriptedLdap(std::function<Answer(Search const&)> script);
  ~ScriptedLdap();
  ScriptedLdap(ScriptedLdap const&) = delete;
  ScriptedLdap& operator=(ScriptedLdap const&) = delete;
  std::string uri() const { return "ldap://127.0.0.1:" + std::to_string(listener_.port()); }

 private:
  void work();
  void serve(int socket);
  Answer answer_to(Search& search);
  std::function<Answer(Search const&)> script_;
  std::mutex script_mutex_;  // also of the counts
  std::map<std::pair<std::string, int>, int> counts_;
  LoopbackSocket listener_ = LoopbackSocket::listening();
  std::atomic<bool> ends_ = false;
  std::list<LoopbackSocket> sockets_;  // these two belong to the accepting thread
  std::vector<std::jthread> servers_;
  std::thread thread_;
};

}  // namespace dirsync::test
