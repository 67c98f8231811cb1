#pragma once
// What its reasons and changes make of a plan.
#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// Whether a person must decide before the plan runs.
bool is_hold(Reason const& reason);

/// A target with nothing to send whose removals wait, or are blocked, is no more in sync than one that waits.
/// Sets the verdicts from reasons and changes. Targets that are refused stay so.
void settle_verdicts(Plan& plan);

}  // namespace dirsync::plan
