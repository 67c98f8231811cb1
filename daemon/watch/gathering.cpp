#include "daemon/watch/gathering.hpp"

#include <algorithm>
#include <utility>

namespace dirsync::watch {

void Gathering::note(std::string const& directory, FeedNews const& news, SinceBoot now, Time time) {
  if (news.events.empty() && news.look_everywhere.empty()) return;
  gathered_.directories.insert(directory);
  for (auto const& event : news.events) {
    if (event.what == FeedEvent::What::deleted)
      keep_time(event.id, event.changed_at.value_or(time));
    else
      gathered_.deleted_at.erase(event.id);  // it came back
  }
  if (!first_) first_ = now;
  last_ = now;
}

void Gathering::keep_time(EntryId const& deleted, Time at) {
  auto& kept = gathered_.deleted_at;
  if (kept.size() < kMostDeletions || kept.contains(deleted)) kept.insert_or_assign(deleted, at);
}

void Gathering::put_back(Gathered news, SinceBoot not_before) {
  gathered_.directories.merge(news.directories);
  for (auto const& [deleted, at] : news.deleted_at)
    if (!gathered_.deleted_at.contains(deleted)) keep_time(deleted, at);
  again_ = again_ ? std::min(*again_, not_before) : not_before;
}

std::optional<SinceBoot> Gathering::due() const {
  if (!first_) return again_;
  auto const fresh = std::min(*last_ + pace_.quiet, *first_ + pace_.longest_quiet);
  return again_ ? std::min(*again_, fresh) : fresh;
}

Gathered Gathering::take() {
  first_ = last_ = again_ = std::nullopt;
  return std::exchange(gathered_, {});
}

}  // namespace dirsync::watch
