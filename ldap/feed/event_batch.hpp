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
  /// A deletion that may be none: it is told, once, if nothing else is told of the entry.
  void add_unless_told(FeedEvent deletion);
  /// Not a single entry, but something that cannot be said of one. `why`: for people.
  void look_everywhere(std::string why);
  /// Also before the first take(), with nothing in it: that a feed follows is an answer as well.
  bool has_answer() const noexcept {
    return is_first_ || !events_.empty() || !perhaps_.empty() || !look_everywhere_.empty();
  }
  /// Empty afterwards.
  FeedNews take(std::string cookie);

 private:
  std::vector<FeedEvent> events_, perhaps_;
  std::string look_everywhere_;
  bool is_first_ = true;
};

}  // namespace dirsync::ldap
