#include "daemon/watch/leaver_looks.hpp"

#include <utility>

namespace dirsync::watch {

void LeaverLooks::note(std::string const& directory, FeedNews const& news) {
  if (!news.look_everywhere.empty()) is_all_told_ = false;
  if (are_too_many_) return;
  for (auto const& event : news.events) count_ += told_[directory].insert(event.id).second ? 1U : 0U;
  if (count_ <= kMostEntries) return;
  are_too_many_ = true;
  told_.clear();
  count_ = 0;
}

void LeaverLooks::begin_whole_run() {
  told_.clear();
  count_ = 0;
  are_too_many_ = false;
  is_all_told_ = true;
}

std::optional<SinceBoot> LeaverLooks::due() const {
  return count_ == 0 ? std::nullopt : std::optional{spacing_.earliest()};
}

LeaverLooks::Entries LeaverLooks::take() {
  count_ = 0;
  return std::exchange(told_, {});
}

}  // namespace dirsync::watch
