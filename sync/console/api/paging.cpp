#include "sync/console/api/paging.hpp"

#include <algorithm>

namespace dirsync::console {

void Paging::finish(State state, std::string figures) {
  state_ = state;
  figures_ = std::move(figures);
}

std::vector<bool> Paging::take(std::optional<PageInfo> const& info, std::vector<std::string> const& ids) {
  std::vector<bool> fresh;
  for (auto const& id : ids) fresh.push_back(seen_.insert(id).second);
  if (!info) {
    finish(State::broken, "the answer has no pageInfo");
    return fresh;
  }
  if (info->page != page_) {
    finish(State::broken, "page " + std::to_string(page_) + " was asked for and page " +
                              std::to_string(info->page) + " came");
    return fresh;
  }
  if (!info->total) {
    finish(State::broken, "the answer does not tell totalElements");
    return fresh;
  }
  auto const total = *info->total;
  if (total_.value_or(total) != total) {
    // One entry less on page 1 moves one of page 2 to where it was never asked for.
    finish(State::broken, "the total changed from " + std::to_string(*total_) + " to " +
                              std::to_string(total) + " between two pages");
    return fresh;
  }
  total_ = total;
  auto const have = static_cast<std::int64_t>(seen_.size());
  // A page that brings nothing new cannot be followed by one that does.
  bool const last =
      have >= total || std::ranges::count(fresh, true) == 0 || (info->pages && page_ >= *info->pages);
  if (!last) {
    ++page_;
    return fresh;
  }
  finish(have == total ? State::complete : State::broken,
         std::to_string(have) + " of " + std::to_string(total) + " in " + std::to_string(page_) +
             (page_ == 1 ? " page" : " pages"));
  return fresh;
}

}  // namespace dirsync::console
