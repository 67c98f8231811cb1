#include "daemon/watch/full_reads.hpp"

#include <algorithm>
#include <utility>

namespace dirsync::watch {

bool FullReads::Told::explains(MemberBook::Difference const& difference) const {
  return entries.contains(difference.entry) || entries.contains(difference.by);
}

void FullReads::note(std::string const& directory, FeedNews const& news) {
  auto const found = since_.find(directory);
  if (found == since_.end()) return;
  auto& told = found->second;
  if (!news.look_everywhere.empty()) told.is_all = false;
  if (!told.is_all) return;
  for (auto const& event : news.events) told.entries.insert(event.id);
  if (told.entries.size() <= kMostTold) return;
  told.is_all = false;
  told.entries.clear();
}

void FullReads::note(FeedStates const& states) {
  followed_.clear();
  for (auto const& [directory, state] : states) {
    auto const tells_all = state.kind == FeedKind::syncrepl || state.kind == FeedKind::content_sync;
    if (tells_all && state.what == FeedState::What::following) followed_.insert(directory);
  }
  for (auto& [directory, told] : since_)
    if (!followed_.contains(directory)) told.is_all = false;
}

FullReads::Untold FullReads::begin() {
  Untold untold;
  for (auto const& [directory, differences] : std::exchange(found_, {})) {
    auto const told = since_.find(directory);
    if (told == since_.end() || !told->second.is_all) continue;
    for (auto const& difference : differences)
      if (!told->second.explains(difference)) untold[directory].insert(difference.entry);
  }
  before_ = std::exchange(since_, {});
  for (auto const& directory : followed_) since_[directory];
  return untold;
}

void FullReads::end(Books const& before, Books const& later) {
  for (auto const& [directory, told] : before_) {
    auto const then = before.find(directory), now = later.find(directory);
    if (!told.is_all || then == before.end() || now == later.end()) continue;
    auto differences = then->second.differences(now->second, kMostDifferences);
    std::erase_if(differences, [&told](auto const& difference) { return told.explains(difference); });
    if (!differences.empty()) found_.emplace(directory, std::move(differences));
  }
}

}  // namespace dirsync::watch
