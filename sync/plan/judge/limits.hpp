#pragma once
// Which limits a draft passes.
#include "sync/plan/judge/judge.hpp"

namespace dirsync::plan {

/// In this order: overall, per target, per rule, per group, privileged groups. Leavers who are a part of
/// their own count in all of them but the groups'.
std::vector<Reason> exceeded_limits(Draft const& draft, JudgeInput const& input);
/// `leavers`: figures with no other removals than theirs. The groups' own limits do not count them.
bool exceed_limits_of_leavers(std::span<GroupFigures const> leavers, JudgeInput const& input);

}  // namespace dirsync::plan
