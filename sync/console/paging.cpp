#include "sync/console/paging.hpp"

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
  auto const have = static_cast<std::int64_t>(seen_.size());
  // A page that brings nothing new cannot be followed by one that does.
  bool const last =
      have >= info->total || std::ranges::count(fresh, true) == 0 || (info->pages && page_ >= *info->pages);
  if (!last) {
    ++page_;
    return fresh;
  }
  finish(have == info->total ? State::complete : State::broken,
         std::to_string(have) + " of " + std::to_string(info->total) + " in " + std::to_string(page_) +
             (page_ == 1 ? " page" : " pages"));
  return fresh;
}

}  // namespace dirsync::console
