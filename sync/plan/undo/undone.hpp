#pragma once
// What a person took back is not simply done again.
#include <map>
#include <string>
#include <vector>

#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// Into Draft::undone what of Facts::undone still counts: the directory says the same as when it was taken
/// back, and it was not done again. What could not be looked at counts on. Where changes of the draft would
/// do some of it again, a reason `undone` of their target holds the plan; not for people who are gone or
/// disabled. `draft`: of `input` and `desired`, not judged yet.
void hold_undone(Input const& input, Desired const& desired, Draft& draft);

/// `kept` without what is about the memberships and groups of `changes`, whichever way they are changed.
std::vector<Undone> without(std::vector<Undone> kept, std::vector<Undone> const& changes);

/// `change` with what tells it from others, and no more.
Change identity_of(Change const& change);

}  // namespace dirsync::plan
