#pragma once
// Server versions and switches of the Vault simulator.
#include <optional>
#include <string_view>
#include <vector>

#include "tests/simulators/knobs.hpp"

namespace dirsync::sim::vault {

/// Knobs of that server version; nothing when there is none of that name.
std::optional<Knobs> profile(std::string_view name);
std::vector<std::string_view> profile_names();

}  // namespace dirsync::sim::vault
