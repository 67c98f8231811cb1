#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "sync/ports/feed.hpp"

namespace dirsync::ldap {

/// What one question to the server brought; bounded, as whoever reads everything needs no list of it.
class EventBatch {
 public:
  static constexpr std::size_t kMost = 10'000;

  void add(FeedEvent event);
  /// Not a single entry, but something that cannot be said of one. `why`: for people.
  void look_everywhere(std::string why);
  bool empty() const noexcept { return events_.empty() && look_everywhere_.empty(); }
  /// Empty afterwards.
  FeedNews take(std::string cookie);

 private:
  std::vector<FeedEvent> events_;
  std::string look_everywhere_;
};

}  // namespace dirsync::ldap
