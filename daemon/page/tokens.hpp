#pragma once
// Who may decide by the page: whoever holds the other end of a connection on which we told a secret.
#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dirsync::control {
class EventFeed;
}

namespace dirsync::page {

/// A token holds for the account that got it, while the feed on which it was told goes on: not after the page
/// was closed, not for another page, not after the service was started anew. Thread: one.
class Tokens {
 public:
  /// 64 hexadecimal digits from the system's generator; nothing where it gives none.
  std::optional<std::string> issue(std::shared_ptr<control::EventFeed> const& feed,
                                   std::optional<uid_t> peer);
  bool holds(std::string const& token, std::optional<uid_t> peer) const;

 private:
  struct Issued {
    std::string token;
    std::weak_ptr<control::EventFeed> feed;
    std::optional<uid_t> peer;
  };
  std::vector<Issued> issued_;
};

}  // namespace dirsync::page
