#include "daemon/notify/queue.hpp"

#include <algorithm>

namespace dirsync::notify {

std::size_t Queue::push(News news, Origin origin) {
  auto const same = [&news](Waiting const& waiting) {
    return waiting.news.event == news.event && waiting.news.subject == news.subject;
  };
  auto const before = std::ranges::find_if(waiting_, same);
  Waiting latest{++last_number_, std::move(news), std::move(origin)};
  if (before != waiting_.end()) {
    *before = std::move(latest);
    return 0;
  }
  waiting_.push_back(std::move(latest));
  if (waiting_.size() <= kMost) return 0;
  waiting_.pop_front();
  return 1;
}

std::vector<Waiting> Queue::first(std::size_t most) const {
  auto const count = static_cast<std::ptrdiff_t>(std::min(most, waiting_.size()));
  return {waiting_.begin(), waiting_.begin() + count};
}

void Queue::remove(std::vector<Waiting> const& delivered) {
  for (auto const& one : delivered)
    std::erase_if(waiting_, [&one](Waiting const& waiting) { return waiting.number == one.number; });
}

}  // namespace dirsync::notify
