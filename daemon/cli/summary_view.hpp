#pragma once
#include <string>

#include "daemon/cli/presentation.hpp"
#include "sync/model/summary.hpp"

namespace dirsync::cli {

/// What was read, and what each rule came to: a line for each directory and rule; empty where there is none.
std::string summary_view(Summary const& summary, Presentation const& presentation);

/// "2 rules, 24 groups, 324 people wanted in them (41 waiting)": that nothing is to do is not for want of
/// something to look at.
std::string wanted_words(Summary const& summary);

}  // namespace dirsync::cli
