#pragma once
// What feeds told since the last run, and when the next one had best begin.
#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "daemon/schedule.hpp"
#include "sync/model/strong.hpp"
#include "sync/model/time.hpp"
#include "sync/ports/feed.hpp"

namespace dirsync::watch {

/// A run begins once no news came for `quiet`, at the latest `longest_quiet` after the first.
struct Pace {
  std::chrono::milliseconds quiet{20}, longest_quiet{250};
};

/// What one run looks at.
struct Gathered {
  std::set<std::string> directories;  // that told something
  /// When entries were deleted: as the server says, else when the feed told.
  std::map<EntryId, Time> deleted_at;
};

/// Pure; the time is given. Thread: one at a time.
class Gathering {
 public:
  /// Deletions whose times are kept; of more it is not known how long their removals took.
  static constexpr std::size_t kMostDeletions = 100'000;

  void set_pace(Pace pace) { pace_ = pace; }
  /// An answer without events that says nothing of looking everywhere is no news. `time`: now, as people
  /// read it.
  void note(std::string const& directory, FeedNews const& news, SinceBoot now, Time time);
  /// A run could not look at all of it: another one is to, not before then. Fresh news do not wait for that.
  void put_back(Gathered news, SinceBoot not_before);
  /// When a run is to begin; nothing: nobody told anything.
  std::optional<SinceBoot> due() const;
  /// So far, as in Gathered.
  std::map<EntryId, Time> const& deleted_at() const { return gathered_.deleted_at; }
  /// All of it; nothing is left.
  Gathered take();

 private:
  void keep_time(EntryId const& deleted, Time at);

  Pace pace_;
  Gathered gathered_;
  std::optional<SinceBoot> first_, last_;  // of the fresh news
  std::optional<SinceBoot> again_;         // of those put back
};

}  // namespace dirsync::watch
