#pragma once
#include <span>
#include <string>
#include <string_view>

#include "sync/vault/settings.hpp"

namespace dirsync::vault {

/// Why a user must never be touched; empty when there is no reason. `service_user`: the one dirsyncd runs as.
std::string why_user_is_protected(std::string_view name, std::string_view service_user);

/// The same for a group. `more`: names of the configuration; the built-in list cannot be shortened.
std::string why_group_is_protected(std::string_view name, std::span<std::string const> more);

/// Why no group gets this name, whether a read shows who bears it or not: unfit for requests, built in, or of
/// the configuration; empty when it may.
std::string why_no_new_group(std::string_view name, Settings const& settings);

}  // namespace dirsync::vault
