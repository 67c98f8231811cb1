#pragma once
// When a run gives way for what feeds told since it began.
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "daemon/schedule.hpp"
#include "sync/model/strong.hpp"
#include "sync/ports/feed.hpp"

namespace dirsync::watch {

/// A run gives way once somebody may have to lose access by what was told since it began, and it has sent its
/// rest for at least as long as it took to come to that: so that of any number of runs that give way at least
/// half of the time goes into what they send. Pure but for the question; the time is given. Thread: one at a
/// time.
class LeaverNews {
 public:
  /// Whether one of these entries of the directory may tell of that. May cost some milliseconds.
  using May = std::function<bool(std::string const& directory, std::set<EntryId> const& entries)>;
  explicit LeaverNews(May may) : may_(std::move(may)) {}

  void begin_run(SinceBoot now);
  void end_run() { began_.reset(); }
  /// While no run goes on it is as nothing: the next one reads what it tells of. That everything is to be
  /// looked at hints at nobody who leaves.
  void note(std::string const& directory, FeedNews const& news);
  /// Asked before each call of the rest. Once it is so, it is so until the run ends.
  bool gives_way(SinceBoot now);

 private:
  using Entries = std::map<std::string, std::set<EntryId>>;  // by directory
  /// Of new ones at most once in a second; of all once in five, for the run itself gives access meanwhile.
  bool is_told(SinceBoot now);
  bool is_any(Entries const& entries) const;

  May may_;
  std::optional<SinceBoot> began_, first_asked_, looked_, looked_at_all_;
  Entries fresh_, seen_;
  bool told_ = false;
};

}  // namespace dirsync::watch
