#pragma once
#include <string>

#include "daemon/cli/presentation.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::cli {

/// Of the plan of an undo: which run it takes back, and what it leaves, each with the reason; without
/// Presentation::verbose the first 20 of them. Empty for any other plan.
std::string undo_view(Plan const& plan, Presentation const& presentation);

}  // namespace dirsync::cli
