#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

namespace dirsync::console {

/// What an answer says of itself.
struct PageInfo {
  std::int64_t page = 0;
  std::optional<std::int64_t> total, pages;
};

/// Reads a list page by page and decides when it is complete. The console's order is not promised, so a list
/// may shift between two pages: only a count of distinct ids that equals the server's total, which stays the
/// same on every page, proves it.
class Paging {
 public:
  enum class State { more, complete, broken };
  /// Takes the answer to page(). `info`: none when the answer had no page information.
  /// Returns, for each id, whether it is new.
  std::vector<bool> take(std::optional<PageInfo> const& info, std::vector<std::string> const& ids);
  int page() const noexcept { return page_; }  // to ask for; from 1
  State state() const noexcept { return state_; }
  /// Why it is broken, or the figures of a complete list.
  std::string const& figures() const noexcept { return figures_; }

 private:
  void finish(State state, std::string figures);
  int page_ = 1;
  State state_ = State::more;
  std::optional<std::int64_t> total_;  // of the first page
  std::string figures_;
  std::unordered_set<std::string> seen_;
};

}  // namespace dirsync::console
