#pragma once
// What its reasons and changes make of a plan.
#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// A target with nothing to send whose removals wait, or are blocked, or of which something fails, is no more
/// in sync than one that waits. One that is frozen is held, whatever it has.
/// Sets the verdicts from reasons, changes and freezes. Targets that are refused stay so.
void settle_verdicts(Plan& plan);

}  // namespace dirsync::plan
