#pragma once
// What a configuration that takes the place of another one changes.
#include <string>
#include <vector>

#include "daemon/config/config.hpp"

namespace dirsync::config {

/// Keys that differ and that only a start takes over, in order.
std::vector<std::string> needing_restart(Config const& old_one, Config const& new_one);

}  // namespace dirsync::config
