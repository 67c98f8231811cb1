#include "tests/simulators/vault/profile.hpp"

#include <algorithm>
#include <array>

namespace dirsync::sim::vault {
namespace {
constexpr std::array kProfiles = {std::string_view{"pam-11.1"}, std::string_view{"pam-12.0"},
                                  std::string_view{"pam-12.2"}, std::string_view{"pam-12.6"},
                                  std::string_view{"pam-14.4"}, std::string_view{"ispss"}};

// What each knob does is in tests/simulators/README.md.
constexpr std::array kKnobs = {
    // By version; the initial value is that of pam-12.2.
    Knob{"version", "text", "12.2.0"},
    Knob{"logon", "on|off", "on"},
    Knob{"platform_token", "on|off", "off"},
    Knob{"concurrent_session", "on|off", "on"},
    Knob{"include_members", "on|off", "on"},
    Knob{"name_filter_and_sort", "on|off", "on"},
    Knob{"get_group", "on|off", "off"},
    Knob{"create_group", "on|off", "on"},
    Knob{"update_group", "on|off", "on"},
    Knob{"delete_group", "on|off", "on"},
    Knob{"extended_details", "on|off", "on"},
    Knob{"user_filters", "on|off", "off"},
    Knob{"user_paging", "on|off", "off"},
    Knob{"list_member_key", "username|UserName", "username"},
    Knob{"details_member_key", "username|UserName", "username"},
    Knob{"empty_members", "array|omit|null|mixed", "array"},
    Knob{"delete_group_status", "200|204", "200"},
    Knob{"add_member_body", "echo|id|empty", "echo"},
    Knob{"gen1", "on|off", "on"},
    Knob{"filter_quotes", "on|off", "off"},
    Knob{"page_size", "number", "0"},
    Knob{"predefined_groups", "shown|asked", "shown"},
    Knob{"created_group_id", "on|off", "on"},
    Knob{"domain_members", "on|off", "on"},
    Knob{"ldap", "on|off", "on"},
    // Answers that differ between servers for reasons unknown.
    Knob{"members", "shown|missing", "shown"},
    Knob{"nested_members", "shown|hidden", "shown"},
    Knob{"details_members", "asked|always", "asked"},
    Knob{"groups_envelope", "value|UserGroups", "value"},
    Knob{"users_envelope", "object|array", "object"},
    Knob{"users_total", "all|page", "all"},
    Knob{"id_as_text", "on|off", "off"},
    Knob{"count_as", "page|all|sent", "page"},
    Knob{"next_link", "relative|absolute|other_host|loop", "relative"},
    Knob{"list_fault", "none|truncated|duplicate|duplicate_changed|no_id|no_name|twin_id", "none"},
    Knob{"create_group_status", "200|201", "201"},
    Knob{"users_fault", "none|truncated|duplicate|no_id|no_name|twin_id", "none"},
    Knob{"unique_names", "all|kind|location", "all"},
    Knob{"forbidden_in_names", "text", ""},
    Knob{"longest_description", "number", "0"},
    Knob{"directory_group_status", "400|403", "403"},
    Knob{"directory_members", "live|stored", "live"},
    Knob{"domain_member_id", "plain_or_upn|plain|upn|down_level", "plain_or_upn"},
    Knob{"known_domain_member", "added|conflict", "added"},
    Knob{"duplicate_group_status", "400|409", "409"},
    Knob{"update_group_merges", "on|off", "off"},
    Knob{"already_member", "PASWS213E|ITATS262E", "PASWS213E"},
    Knob{"not_member_status", "204|400|404|409", "404"},
    Knob{"strict_domain_name", "on|off", "off"},
    Knob{"ldap_down", "on|off", "off"},
    Knob{"details", "array|object", "array"},
    Knob{"language", "en|fr", "en"},
    Knob{"error_shape", "pvwa|code|error", "pvwa"},
    Knob{"token_expires_in", "shown|missing", "shown"},
    Knob{"logon_answer", "token|object|challenge", "token"},
    Knob{"suspended_code", "ITATS002E|PASWS268E", "ITATS002E"},
    Knob{"suspend_after", "number", "5"},
    // The server's set-up.
    Knob{"server_gen1", "on|off", "on"},
    Knob{"server_gen2", "on|off", "on"},
    Knob{"server_needs_token", "on|off", "on"},
    Knob{"hide_users_tree", "on|off", "off"},
    Knob{"session_limit", "number", "300"},
    Knob{"session_limit_status", "403|429|500", "403"},
    Knob{"idle_seconds", "number", "1200"},
    Knob{"calls_extend_session", "on|off", "on"},
    Knob{"token_seconds", "number", "3600"},
    Knob{"nodes", "1|2", "1"},
    Knob{"webdav", "on|off", "off"},
    Knob{"gzip", "on|off", "off"},
};

struct Row {
  std::string_view knob;
  std::array<std::string_view, kProfiles.size()> values;  // in the order of kProfiles
};

constexpr std::array kRows = {
    Row{"version", {"11.1.0", "12.0.0", "12.2.0", "12.6.0", "14.4.0", "14.6.0"}},
    Row{"logon", {"on", "on", "on", "on", "on", "off"}},
    Row{"platform_token", {"off", "off", "off", "off", "off", "on"}},
    Row{"concurrent_session", {"off", "on", "on", "on", "on", "on"}},
    Row{"include_members", {"off", "on", "on", "on", "on", "on"}},
    Row{"name_filter_and_sort", {"off", "off", "on", "on", "on", "on"}},
    Row{"get_group", {"off", "off", "off", "on", "on", "on"}},
    Row{"update_group", {"off", "on", "on", "on", "on", "on"}},
    Row{"delete_group", {"off", "on", "on", "on", "on", "on"}},
    Row{"extended_details", {"off", "off", "on", "on", "on", "on"}},
    Row{"user_filters", {"off", "off", "off", "off", "on", "on"}},
    Row{"user_paging", {"off", "off", "off", "off", "on", "on"}},
    Row{"details_member_key", {"username", "username", "username", "UserName", "username", "username"}},
    Row{"empty_members", {"array", "array", "array", "array", "omit", "omit"}},
    Row{"delete_group_status", {"200", "200", "200", "204", "204", "204"}},
    Row{"add_member_body", {"echo", "echo", "echo", "echo", "id", "empty"}},
    Row{"gen1", {"on", "on", "on", "off", "off", "off"}},
    Row{"filter_quotes", {"off", "off", "off", "off", "off", "on"}},
    Row{"page_size", {"0", "0", "0", "0", "0", "100"}},
    Row{"predefined_groups", {"shown", "shown", "shown", "shown", "shown", "asked"}},
    Row{"created_group_id", {"on", "on", "on", "on", "on", "off"}},
    Row{"domain_members", {"on", "on", "on", "on", "on", "off"}},
    Row{"ldap", {"on", "on", "on", "on", "on", "off"}},
};
}  // namespace

std::optional<Knobs> profile(std::string_view name) {
  auto const found = std::ranges::find(kProfiles, name);
  if (found == kProfiles.end()) return std::nullopt;
  auto const column = static_cast<std::size_t>(found - kProfiles.begin());
  Knobs knobs{kKnobs};
  for (auto const& row : kRows) knobs.set(row.knob, row.values[column]);
  return knobs;
}

std::vector<std::string_view> profile_names() { return {kProfiles.begin(), kProfiles.end()}; }

}  // namespace dirsync::sim::vault
