#pragma once
// Who need not wait for what else is held: people who are gone or disabled (docs/architecture.md, "Leavers").
#include <set>
#include <string>

#include "sync/plan/judge/judge.hpp"

namespace dirsync::plan {

/// Makes the removals of our grants to people who are gone or disabled a part of their own (Part::leavers),
/// where by themselves they are within all limits that count them: overall, per target, per rule, privileged
/// groups. Not those of rules that never had an applied plan, or that are in `unsettled`: rules whose reasons
/// say that a person must look at what they want.
void part_leavers(Draft& draft, JudgeInput const& input, std::set<std::string> const& unsettled);

}  // namespace dirsync::plan
