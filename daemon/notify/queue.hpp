#pragma once
// What waits for one receiver.
#include <cstdint>
#include <deque>
#include <vector>

#include "daemon/notify/message.hpp"

namespace dirsync::notify {

struct Waiting {
  std::uint64_t number = 0;  // another one for each push
  News news;
  Origin origin;
};

/// In the order of their arrival. Thread: one at a time.
class Queue {
 public:
  static constexpr std::size_t kMost = 100;

  /// The latest news of one event and subject take the place of those that wait. Of more than kMost the
  /// oldest are dropped; returns how many.
  std::size_t push(News news, Origin origin);
  /// The first `most`; they stay until they are removed.
  std::vector<Waiting> first(std::size_t most) const;
  /// Those of them that nothing newer has replaced meanwhile.
  void remove(std::vector<Waiting> const& delivered);
  std::deque<Waiting> const& all() const { return waiting_; }
  bool empty() const { return waiting_.empty(); }

 private:
  std::deque<Waiting> waiting_;
  std::uint64_t last_number_ = 0;
};

}  // namespace dirsync::notify
