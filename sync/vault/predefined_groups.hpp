#pragma once
#include <algorithm>
#include <array>
#include <string_view>

#include "sync/model/text.hpp"

namespace dirsync::vault {

/// Groups that every Vault comes with, or that its components bring. Members of them reach all or many Safes;
/// dirsyncd never changes them, whatever the configuration says.
/// Source: PAM self-hosted, "Predefined users and groups"; component groups from their installation guides.
inline constexpr std::array<std::string_view, 14> kPredefinedGroups{
    "Vault Admins", "Operators",  "DR Users",       "Backup Users", "Auditors", "Notification Engines",
    "PVWAMonitor",  "PVWAUsers",  "PVWAGWAccounts", "PVWAAppUsers", "PSMUsers", "PSMAppUsers",
    "PSMMaster",    "PTAAppUsers"};

/// Spaces around a name and letter case do not tell group names apart.
inline bool is_predefined_group(std::string_view name) {
  auto const first = name.find_first_not_of(' ');
  if (first == name.npos) return false;
  auto const folded = fold_case(name.substr(first, name.find_last_not_of(' ') - first + 1));
  return std::ranges::any_of(kPredefinedGroups, [&folded](auto known) { return fold_case(known) == folded; });
}

}  // namespace dirsync::vault
