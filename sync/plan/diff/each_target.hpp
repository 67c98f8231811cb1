#pragma once
// What the stages of each target's diff read, made once for each.
#include <functional>

#include "sync/plan/diff/context.hpp"

namespace dirsync::plan {

/// Calls `use` for every target of `input`, in its order. A context lives until its call returns; all
/// arguments must outlive the whole.
void for_each_target(Input const& input, Desired const& desired,
                     std::map<std::string, UnresolvedValues> const& unresolved, AbsenceBook& book,
                     std::function<void(Context const&)> const& use);

}  // namespace dirsync::plan
