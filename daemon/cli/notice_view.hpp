#pragma once
#include <string>
#include <vector>

#include "daemon/cli/presentation.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::cli {

/// Those of a code on one line, with their number, the first few whom they are about, and the text where it
/// is the same for all but for the name, else that of the first; verbose: a line for each.
std::string notices_view(std::vector<Notice> const& notices, Presentation const& presentation);

}  // namespace dirsync::cli
