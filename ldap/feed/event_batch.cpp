#include "ldap/feed/event_batch.hpp"

#include <set>
#include <utility>

namespace dirsync::ldap {
namespace {
std::string too_many() {
  return "more than " + std::to_string(EventBatch::kMost) + " entries changed at once";
}
}  // namespace

void EventBatch::add(FeedEvent event) {
  if (!look_everywhere_.empty()) return;
  if (events_.size() == kMost)
    look_everywhere(too_many());
  else
    events_.push_back(std::move(event));
}

void EventBatch::look_everywhere(std::string why) {
  look_everywhere_ = std::move(why);
  events_.clear();
  perhaps_.clear();
}

void EventBatch::add_unless_told(FeedEvent deletion) {
  if (!look_everywhere_.empty()) return;
  if (perhaps_.size() < kMost)
    perhaps_.push_back(std::move(deletion));
  else
    look_everywhere(too_many());
}

FeedNews EventBatch::take(std::string cookie) {
  is_first_ = false;
  std::set<EntryId> told;
  for (auto const& event : events_) told.insert(event.id);
  for (auto& deletion : std::exchange(perhaps_, {}))
    if (look_everywhere_.empty() && told.insert(deletion.id).second) add(std::move(deletion));
  return {.events = std::exchange(events_, {}),
          .look_everywhere = std::exchange(look_everywhere_, {}),
          .cookie = std::move(cookie)};
}

}  // namespace dirsync::ldap
