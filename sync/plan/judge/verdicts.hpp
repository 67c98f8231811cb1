#pragma once
// What its reasons and changes make of a plan.
#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// Whether a person must decide before the plan runs.
bool is_hold(Reason const& reason);

/// Sets the verdicts from reasons and changes. Targets that are refused stay so.
void settle_verdicts(Plan& plan);

}  // namespace dirsync::plan
