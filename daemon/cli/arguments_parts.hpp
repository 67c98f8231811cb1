#pragma once
// The parts of the grammar of the command line: each adds its commands to `app`, which write to `arguments`
// while they are parsed. Both must outlive that.
#include "daemon/cli/arguments.hpp"

namespace CLI {
class App;
}

namespace dirsync::cli {

void add_log(CLI::App& app, Arguments& arguments);
void add_console(CLI::App& app, Arguments& arguments);

/// `command`, when it is called, is `chosen`.
void choose(CLI::App& command, Arguments& arguments, Command chosen);

}  // namespace dirsync::cli
