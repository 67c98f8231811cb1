#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "sync/console/api/profile.hpp"
#include "sync/console/settings.hpp"

namespace dirsync::console {

/// Why no group may be created under this name; empty when it may. The console documents no rule for group
/// names, so only what is harmless everywhere passes: letters, digits, and the `allowed` characters inside.
std::string bad_group_name_because(std::string_view name, std::string_view allowed);

/// Why a group of this name is never changed; empty when it may be. The default groups come without their
/// mark in real answers, so their names count too, whatever case and outer spaces.
std::string protected_name_because(std::string_view name, Profile const& profile, Settings const& settings);
/// Why no group gets this name: the console refuses it, or it is protected, be that group visible or not.
/// Empty when one may.
std::string refused_new_name_because(std::string_view name, Profile const& profile, Settings const& settings);

}  // namespace dirsync::console
