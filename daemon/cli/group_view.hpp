#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "daemon/cli/presentation.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::cli {

/// What is to change in one group of a target: a header with target, name, source and what happens to the
/// group itself, then a line for each member, those of a plan's order; without Presentation::verbose the
/// first 50 of them. `changes`: of that group, one at least.
std::string group_view(std::vector<Change const*> const& changes, Presentation const& presentation);

/// "+ ada", "- bob", "create group", painted by what it does.
std::string sign_of(Change const& change, Palette const& palette);

/// What is in the way, or waited for, and why the change is made; printable.
std::string reason_of(Change const& change, bool verbose);

}  // namespace dirsync::cli
