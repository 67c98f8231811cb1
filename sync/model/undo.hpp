#pragma once
// Changes of earlier runs, and those of them that a person took back.
#include <optional>
#include <string>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/model/time.hpp"

namespace dirsync {

/// What became of a membership after the run that had changed it.
struct LaterChange {
  RunId run;  // 0: not known
  /// "add", "remove"; "adopt": it was found to be there; "forget": somebody else ended it; "delete-group".
  std::string verb;
  friend bool operator==(LaterChange const&, LaterChange const&) = default;
};

/// A change that a run made, as it is kept.
struct PastChange {
  Change change;                       // ids of the target are empty where nobody kept them
  Outcome outcome = Outcome::done;     // done or already; unknown: nobody knows
  std::optional<LaterChange> later{};  // of a membership, by another run; nothing: none
};

/// A change of a run that an undo leaves as it is.
struct LeftChange {
  Change change;              // as the run made it
  std::string code, because;  // codes are stable; they are listed in docs/json.md
  friend bool operator==(LeftChange const&, LeftChange const&) = default;
};

/// A change that would do again what an undo took back.
struct Undone {
  Change change;     // what tells it from others, and no more
  RunId run, by;     // the run that had made it, and the undo
  std::string said;  // what the directory said then, by directory_says() of sync/plan/undo
  Time since;
  friend bool operator==(Undone const&, Undone const&) = default;
};

/// How often runs changed one membership of late.
struct Flips {
  std::string group, principal;  // as of the last time
  EntryId id;
  std::vector<Time> times;  // newest first
  friend bool operator==(Flips const&, Flips const&) = default;
};

}  // namespace dirsync
