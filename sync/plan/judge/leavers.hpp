#pragma once
// Who need not wait for what else is held: people who are gone or disabled (docs/architecture.md, "Leavers").
#include "sync/plan/judge/judge.hpp"

namespace dirsync::plan {

/// Makes the removals of our grants to people who are gone or disabled a part of their own (Part::leavers),
/// where by themselves they are within all limits that count them: overall, per target, per rule, privileged
/// groups. Not those of rules that never had an applied plan, nor those whom new settings alone make leavers.
void part_leavers(Draft& draft, JudgeInput const& input);

}  // namespace dirsync::plan
