#include "tests/simulators/console/routes.hpp"

#include <optional>
#include <string_view>

#include "tests/simulators/common.hpp"

namespace dirsync::sim::console {
namespace {

// The first entry that fits counts.
constexpr Entry kEntries[] = {
    {"GET", "/api/versions", Access::open, "", show_versions},
    {"GET", "/api/tokens", Access::open, "", log_in},
    {"GET", "/api/tokens/refresh", Access::open, "", refresh_token},
    {"PUT", "/api/users/logout", Access::session, "", log_out},
    {"GET", "/api/me", Access::session, "", show_me},
    {"GET", "/api/groups", Access::data, "VIEW_GROUP", list_groups},
    {"POST", "/api/groups", Access::data, "CREATE_GROUP", create_group},
    {"GET", "/api/groups/{id}", Access::data, "VIEW_GROUP", get_group},
    {"PUT", "/api/groups/{id}", Access::data, "EDIT_GROUP", update_group},
    {"DELETE", "/api/groups/{id}", Access::data, "DELETE_GROUP", delete_group},
    {"GET", "/api/console-groups/{id}/users", Access::data, "VIEW_GROUP", list_group_users, "console_groups"},
    {"GET", "/api/groups/{id}/members", Access::data, "VIEW_MEMBERSHIP", list_group_members, "group_members"},
    {"GET", "/api/users", Access::data, "VIEW_USER", list_users},
    {"POST", "/api/users", Access::data, "CREATE_USER", create_user},
    {"POST", "/api/users/forgot-password", Access::never, "", nullptr},
    {"POST", "/api/users/reset-password", Access::never, "", nullptr},
    {"GET", "/api/users/{id}", Access::data, "VIEW_USER", get_user},
    {"PUT", "/api/users/{id}", Access::data, "EDIT_USER", update_user},
    {"DELETE", "/api/users/{id}", Access::never, "", nullptr},
    {"GET", "/api/roles", Access::data, "VIEW_ROLE", list_roles},
    {"POST", "/api/roles", Access::never, "", nullptr},
    {"GET", "/api/roles/{id}", Access::data, "VIEW_ROLE", get_role},
    {"PUT", "/api/roles/{id}", Access::never, "", nullptr},
    {"DELETE", "/api/roles/{id}", Access::never, "", nullptr},
    {"GET", "/api/roles/{id}/members", Access::never, "", nullptr},
    {"GET", "/api/permissions", Access::data, "", list_permissions},
    {"GET", "/api/organizations", Access::data, "VIEW_ORGANIZATION", list_organizations},
    {"POST", "/api/organizations", Access::never, "", nullptr},
    {"POST", "/api/organizations/root", Access::never, "", nullptr},
    {"GET", "/api/organizations/{id}", Access::data, "VIEW_ORGANIZATION", get_organization},
    {"PUT", "/api/organizations/{id}", Access::never, "", nullptr},
    {"DELETE", "/api/organizations/{id}", Access::never, "", nullptr},
    {"GET", "/api/organizations/{id}/settings", Access::never, "", nullptr},
    {"PUT", "/api/organizations/{id}/settings", Access::never, "", nullptr},
    {"PUT", "/api/organizations/{id}/settings/idp/test-connection", Access::never, "", nullptr},
};

// The id in the path, empty when the pattern has none; nothing when the path is another.
std::optional<std::string> match(std::string_view pattern, std::vector<std::string> const& path) {
  auto const parts = segments(pattern);
  if (parts.size() != path.size()) return std::nullopt;
  std::string id;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (parts[at] != "{id}") {
      if (parts[at] != path[at]) return std::nullopt;
      continue;
    }
    auto decoded = percent_decode(path[at]);
    if (!decoded || decoded->empty()) return std::nullopt;
    id = std::move(*decoded);
  }
  return id;
}

}  // namespace

bool Entry::is_write() const {
  return std::string_view{method} != "GET" && access != Access::open && access != Access::session;
}

Found find_route(Knobs const& knobs, Request const& request) {
  auto const path = segments(request.path);
  Found found;
  for (auto const& entry : kEntries) {
    auto id = match(entry.pattern, path);
    if (!id) continue;
    std::string_view const presence = entry.presence;
    if (!presence.empty() && !knobs.on(presence)) {
      auto const& state = knobs.text(presence);
      found.status = state == "off" ? 404 : state == "405" ? 405 : 501;
    } else if (request.method == entry.method) {
      return {&entry, std::move(*id), 200};
    } else {
      found.status = 405;
    }
  }
  return found;
}

}  // namespace dirsync::sim::console
