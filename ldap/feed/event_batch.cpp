#include "ldap/feed/event_batch.hpp"

#include <utility>

namespace dirsync::ldap {

void EventBatch::add(FeedEvent event) {
  if (!look_everywhere_.empty()) return;
  if (events_.size() == kMost)
    look_everywhere("more than " + std::to_string(kMost) + " entries changed at once");
  else
    events_.push_back(std::move(event));
}

void EventBatch::look_everywhere(std::string why) {
  look_everywhere_ = std::move(why);
  events_.clear();
}

FeedNews EventBatch::take(std::string cookie) {
  is_first_ = false;
  return {.events = std::exchange(events_, {}),
          .look_everywhere = std::exchange(look_everywhere_, {}),
          .cookie = std::move(cookie)};
}

}  // namespace dirsync::ldap
