#include "sync/vault/protection.hpp"

#include <algorithm>
#include <array>

#include "sync/model/text.hpp"
#include "sync/vault/requests.hpp"

namespace dirsync::vault {
namespace {

// Sources: "Predefined Users and Groups"; names of component users as their installers create them. Folded.
constexpr std::array<std::string_view, 16> kUsers = {"master",
                                                     "batch",
                                                     "administrator",
                                                     "auditor",
                                                     "backup",
                                                     "operator",
                                                     "dr",
                                                     "notificationengine",
                                                     "notification engine",
                                                     "passwordmanager",
                                                     "pvwagwuser",
                                                     "ptauser",
                                                     "ptaappuser",
                                                     "export",
                                                     "psmpapp",
                                                     "psmpgw"};
constexpr std::array<std::string_view, 6> kUserPrefixes = {"psmapp_", "psmgw_",      "psmpapp_",
                                                           "psmpgw_", "pvwaappuser", "psmp_"};
constexpr std::array<std::string_view, 14> kGroups = {
    "vault admins", "operators",  "dr users",       "backup users", "auditors", "notification engines",
    "pvwamonitor",  "pvwausers",  "pvwagwaccounts", "pvwaappusers", "psmusers", "psmappusers",
    "psmmaster",    "ptaappusers"};

std::string folded(std::string_view name) {
  auto const first = name.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return fold_case(name.substr(first, name.find_last_not_of(" \t") - first + 1));
}

}  // namespace

std::string why_user_is_protected(std::string_view name, std::string_view service_user) {
  auto const key = folded(name);
  if (key == folded(service_user)) return "the service user of dirsyncd";
  if (std::ranges::find(kUsers, key) != kUsers.end()) return "predefined user";
  if (std::ranges::any_of(kUserPrefixes, [&key](std::string_view prefix) { return key.starts_with(prefix); }))
    return "component user";
  return {};
}

std::string why_group_is_protected(std::string_view name, std::span<std::string const> more) {
  auto const key = folded(name);
  if (std::ranges::find(kGroups, key) != kGroups.end()) return "predefined group";
  if (std::ranges::any_of(more, [&key](std::string const& each) { return folded(each) == key; }))
    return "listed in protected_groups";
  return {};
}

std::string why_no_new_group(std::string_view name, Settings const& settings) {
  if (auto why = why_no_group_name(name); !why.empty()) return why;
  auto why = why_group_is_protected(name, settings.protected_groups);
  // Users and groups of a Vault share their names.
  if (why.empty()) why = why_user_is_protected(name, settings.user);
  return why.empty() ? why : "the name is protected: " + why;
}

}  // namespace dirsync::vault
