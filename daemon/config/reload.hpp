#pragma once
// What a configuration must stand before it takes the place of one that works.
#include <string>
#include <vector>

#include "daemon/config/config.hpp"
#include "sync/model/error.hpp"

namespace dirsync::config {

/// Opens and parses the certificates and keys that it names. Errors: ConfigErrc::unreadable, with key, file
/// and remedy: not there, not PEM, no certificate in it, a key of another certificate.
Result<void> check_trust_files(Config const& config);

/// Keys that differ and that only a start takes over, in order.
std::vector<std::string> needing_restart(Config const& old_one, Config const& new_one);

}  // namespace dirsync::config
