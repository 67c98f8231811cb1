#pragma once
// Which limits a draft passes.
#include "sync/plan/judge/judge.hpp"

namespace dirsync::plan {

/// In this order: overall, per target, per rule, per group, privileged groups.
std::vector<Reason> exceeded_limits(Draft const& draft, JudgeInput const& input);

}  // namespace dirsync::plan
