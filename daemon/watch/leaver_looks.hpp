#pragma once
// Which entries a run of leavers looks at, and when.
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "daemon/schedule.hpp"
#include "daemon/watch/spacing.hpp"
#include "sync/model/strong.hpp"
#include "sync/ports/feed.hpp"

namespace dirsync::watch {

/// What feeds told of since the last run that looked, be it of everything or of leavers. A look begins at
/// once, but looks take at most half of the time. When they told of more than a look serves, all of it is
/// left to the run of everything. Pure; the time is given. Thread: one at a time.
class LeaverLooks {
 public:
  using Entries = std::map<std::string, std::set<EntryId>>;  // by directory
  static constexpr std::size_t kMostEntries = 100;           // of one look

  /// That everything is to be looked at hints at nobody, but is_all_told() says so.
  void note(std::string const& directory, FeedNews const& news);
  /// It reads all that was told so far.
  void begin_whole_run();
  /// When a look is to begin; nothing: there is nothing to look at.
  std::optional<SinceBoot> due() const;
  /// False since a feed said that everything is to be looked at, until a run reads it: what changed besides
  /// what a look finds, nobody knows.
  bool is_all_told() const { return is_all_told_; }
  /// A look begins; nothing is left.
  Entries take();
  void note_look(SinceBoot began, SinceBoot ended) { spacing_.note_run(began, ended); }

 private:
  Entries told_;
  std::size_t count_ = 0;  // of entries told of
  bool are_too_many_ = false, is_all_told_ = true;
  Spacing spacing_;
};

}  // namespace dirsync::watch
