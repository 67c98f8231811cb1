#pragma once
#include "daemon/cli/arguments.hpp"

namespace dirsync {

/// `dirsyncd run`: one run after the other on [schedule] until SIGTERM or SIGINT; SIGHUP reloads. Returns the
/// exit code.
int run_service(cli::Arguments const& arguments);

}  // namespace dirsync
