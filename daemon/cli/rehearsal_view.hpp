#pragma once
#include <string>

#include "daemon/cli/presentation.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::cli {

/// Which rules are not those in force, and how many changes follow from either side alone; empty for a plan
/// that is no rehearsal.
std::string rehearsal_view(Plan const& plan, Presentation const& presentation);

/// What only the settings in force would bring about; empty when there is nothing such.
std::string only_old_view(Plan const& plan, Presentation const& presentation);

}  // namespace dirsync::cli
