#pragma once
// What a person at a terminal is asked before the first write.
#include <string>

#include "daemon/cli/arguments.hpp"

namespace dirsync::cli {

/// Whether somebody is there who could answer, and was not told to be left alone.
bool asks_first(Arguments const& arguments);
/// Asks on standard error and waits for a line. Thread: main.
bool asks_yes(std::string const& question);

}  // namespace dirsync::cli
