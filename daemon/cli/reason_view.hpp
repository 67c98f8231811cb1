#pragma once
#include <string>
#include <string_view>

#include "daemon/cli/presentation.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::cli {

/// Why the plan waits or cannot run as a whole, under what it means: which side was not read, what a person
/// has to look at, with figures against their limits and the command that lets it run, what is missing, and
/// what waits by itself. Empty where there is no reason.
std::string reasons_view(Plan const& plan, Presentation const& presentation);

/// The lines of those with this code alone.
std::string reasons_of_code(Plan const& plan, std::string_view code, Presentation const& presentation);

/// "dirsyncd sync", as the reader calls it; of a plan with a command of its own "dirsyncd undo 17".
std::string repeat_command(Plan const& plan, Presentation const& presentation);
/// "dirsyncd approve 95566da2716f", as the reader calls it; of a plan with a command of its own "dirsyncd
/// undo 17 --approve 95566da2716f", as the next run of the service would not carry it out.
std::string approve_command(Plan const& plan, Presentation const& presentation);

}  // namespace dirsync::cli
