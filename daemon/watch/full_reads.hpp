#pragma once
// What reads of everything found otherwise, and no feed told of.
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "daemon/watch/feed_state.hpp"
#include "sync/model/member_book.hpp"
#include "sync/model/strong.hpp"
#include "sync/ports/feed.hpp"

namespace dirsync::watch {

/// Compares each read of everything with the one before it. What differs the feed must have told by when the
/// next one begins: one that is slow to tell is not deaf. Nothing is said of a directory whose feed was not
/// followed all the while, had everything looked at, told of very many entries, or is no content
/// synchronisation (RFC 4533): others do not tell of who no longer fits a filter, or only later. Pure.
/// Thread: one at a time.
class FullReads {
 public:
  static constexpr std::size_t kMostTold = 10'000;         // entries, kept for a read
  static constexpr std::size_t kMostDifferences = 10'000;  // of one read; there may be more

  using Books = std::map<std::string, MemberBook>;  // by directory
  /// Entries that are others than before, by directory.
  using Untold = std::map<std::string, std::set<EntryId>>;

  void note(std::string const& directory, FeedNews const& news);
  void note(FeedStates const& states);
  /// A read of everything begins; gives what the last one found and nobody has told of until now.
  Untold begin();
  /// It found `later`, the one before it `before`.
  void end(Books const& before, Books const& later);

 private:
  /// What one directory's feed told from the beginning of a read on.
  struct Told {
    std::set<EntryId> entries;
    bool is_all = true;  // that there was to tell
    bool explains(MemberBook::Difference const& difference) const;
  };
  using ByDirectory = std::map<std::string, Told>;

  std::set<std::string> followed_;  // now
  ByDirectory before_, since_;      // the last read but one and the last read began
  std::map<std::string, std::vector<MemberBook::Difference>> found_;  // by the last read
};

}  // namespace dirsync::watch
