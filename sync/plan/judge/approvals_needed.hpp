#pragma once
// How many people must approve a plan that waits.
#include "sync/plan/judge/judge.hpp"

namespace dirsync::plan {

/// More where it would change a privileged group. `plan`: as it is sent, already cut.
int approvals_needed(Plan const& plan, JudgeInput const& input);

}  // namespace dirsync::plan
