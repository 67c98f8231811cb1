#pragma once
// The inverse of what one run did, as far as it still stands.
#include <span>

#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// What is taken back, and the run that does it.
struct Undoing {
  RunId run;
  std::span<PastChange const> changes;
  RunId by;  // 0: plan only
};

/// The draft of the undo; what it leaves is in Plan::left. A person must approve it. `ordinary`: of the same
/// input and desired; what it found out of the reads stays, its changes and all that follows from them do
/// not.
Draft draft_undo(Input const& input, Desired const& desired, Undoing const& undoing, Draft ordinary);

}  // namespace dirsync::plan
