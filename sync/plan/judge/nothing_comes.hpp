#pragma once
// Rules and directories from which nothing came: what the plan would make of it.
#include <vector>

#include "sync/plan/judge/judge.hpp"

namespace dirsync::plan {

/// All of `draft.nothing_read`. One holds where the plan would be a rule's first, would make a group without
/// members, or would take the last managed one out; unless those it takes out are gone or disabled. Without
/// those whose groups all have removals that wait for another read.
std::vector<Reason> reasons_of_nothing(Draft const& draft, JudgeInput const& input);

}  // namespace dirsync::plan
