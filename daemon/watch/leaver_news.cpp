#include "daemon/watch/leaver_news.hpp"

#include <algorithm>
#include <utility>

namespace dirsync::watch {
namespace {

constexpr SinceBoot kBetweenLooks{1'000}, kBetweenLooksAtAll{5'000};

}  // namespace

void LeaverNews::begin_run(SinceBoot now) {
  began_ = now;
  first_asked_ = looked_ = looked_at_all_ = std::nullopt;
  fresh_.clear();
  seen_.clear();
  told_ = false;
}

void LeaverNews::note(std::string const& directory, FeedNews const& news) {
  if (!began_ || news.events.empty()) return;
  for (auto const& event : news.events) fresh_[directory].insert(event.id);
}

bool LeaverNews::gives_way(SinceBoot now) {
  if (!began_) return false;
  if (!first_asked_) first_asked_ = now;
  if (now - *first_asked_ < *first_asked_ - *began_) return false;
  told_ = told_ || is_told(now);
  return told_;
}

bool LeaverNews::is_told(SinceBoot now) {
  if (!fresh_.empty() && (!looked_ || now - *looked_ >= kBetweenLooks)) {
    looked_ = now;
    if (!looked_at_all_) looked_at_all_ = now;
    auto const fresh = std::exchange(fresh_, {});
    for (auto const& [directory, entries] : fresh) seen_[directory].insert(entries.begin(), entries.end());
    if (is_any(fresh)) return true;
  }
  if (seen_.empty() || now - *looked_at_all_ < kBetweenLooksAtAll) return false;
  looked_at_all_ = now;
  return is_any(seen_);
}

bool LeaverNews::is_any(Entries const& entries) const {
  return std::ranges::any_of(entries, [this](auto const& of) { return may_(of.first, of.second); });
}

}  // namespace dirsync::watch
