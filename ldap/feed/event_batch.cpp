#include "ldap/feed/event_batch.hpp"

#include <set>
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

/// To a search that goes on a server names whom it does not find there, be it below another base.
void EventBatch::drop_deletions_told_otherwise() {
  std::set<EntryId> told;
  for (auto const& event : events_)
    if (event.what == FeedEvent::What::changed) told.insert(event.id);
  std::erase_if(events_, [&told](FeedEvent const& event) {
    return event.what == FeedEvent::What::deleted && !told.insert(event.id).second;
  });
}

FeedNews EventBatch::take(std::string cookie) {
  is_first_ = false;
  drop_deletions_told_otherwise();
  return {.events = std::exchange(events_, {}),
          .look_everywhere = std::exchange(look_everywhere_, {}),
          .cookie = std::move(cookie)};
}

}  // namespace dirsync::ldap
