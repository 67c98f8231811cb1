#pragma once
// What a person asked for and nothing has.
#include <string>
#include <vector>

#include "sync/plan/desired/desired.hpp"
#include "sync/plan/diff/input.hpp"
#include "sync/plan/judge/cut.hpp"

namespace dirsync::plan {

/// A sentence for the group and one for the user of `cut` that neither the rules name, nor a target has, nor
/// we gave anything to: a misspelt name must not look like one that is in sync. Empty as long as a side is
/// unread, since nobody can tell. Pure.
std::vector<std::string> unknown_names(Cut const& cut, Input const& input, Desired const& desired);

}  // namespace dirsync::plan
