#include "tests/simulators/vault/routes.hpp"

#include <algorithm>
#include <array>

#include "sync/model/text.hpp"

namespace dirsync::sim::vault {
namespace {
constexpr std::string_view kApplication = "PasswordVault";

constexpr std::array kRoutes = {
    RouteSpec{"logon", "POST", "API/Auth/{}/Logon", logon, Needs::nothing, "logon"},
    RouteSpec{"logoff", "POST", "API/Auth/Logoff", logoff, Needs::session, "logon"},
    RouteSpec{"platform-token", "POST", "/oauth2/platformtoken", platform_token, Needs::nothing,
              "platform_token"},
    RouteSpec{"logins-info", "GET", "API/LoginsInfo", logins_info, Needs::session, ""},
    RouteSpec{"server-gen1", "GET", "WebServices/PIMServices.svc/Server", server_info, Needs::session_gen1,
              "server_gen1"},
    RouteSpec{"server", "GET", "API/Server", server_info, Needs::session, "server_gen2"},
    RouteSpec{"verify", "GET", "API/verify", verify, Needs::nothing, ""},
    RouteSpec{"verify-gen1", "GET", "WebServices/PIMServices.svc/Verify", verify, Needs::nothing, "gen1"},
    RouteSpec{"list-groups", "GET", "API/UserGroups", list_groups, Needs::audit, ""},
    RouteSpec{"get-group", "GET", "API/UserGroups/{}", get_group, Needs::audit, "get_group"},
    RouteSpec{"create-group", "POST", "API/UserGroups", create_group, Needs::update, "create_group", false,
              true},
    RouteSpec{"update-group", "PUT", "API/UserGroups/{}", update_group, Needs::update, "update_group", false,
              true},
    RouteSpec{"delete-group", "DELETE", "API/UserGroups/{}", delete_group, Needs::update, "delete_group",
              false, true},
    RouteSpec{"add-member", "POST", "API/UserGroups/{}/Members", add_member, Needs::update, "", true, true},
    RouteSpec{"remove-member", "DELETE", "API/UserGroups/{}/Members/{}", remove_member, Needs::update, "",
              true, true},
    RouteSpec{"list-users", "GET", "API/Users", list_users, Needs::audit, ""},
    RouteSpec{"get-user", "GET", "API/Users/{}", get_user, Needs::audit, ""},
    RouteSpec{"list-directories", "GET", "API/Configuration/LDAP/Directories", list_directories,
              Needs::vault_admin, "ldap"},
    RouteSpec{"get-directory", "GET", "API/Configuration/LDAP/Directories/{}", get_directory,
              Needs::vault_admin_and_audit, "ldap"},
    RouteSpec{"list-mappings", "GET", "API/Configuration/LDAP/Directories/{}/Mappings", list_mappings,
              Needs::vault_admin_and_mapping, "ldap"},
    RouteSpec{"get-mapping", "GET", "API/Configuration/LDAP/Directories/{}/Mappings/{}", get_mapping,
              Needs::vault_admin_and_mapping, "ldap"},
};

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// "con", "Aux.txt", "com1": files of these names are devices.
bool is_device(std::string_view name) {
  auto const stem = ascii_lower(name.substr(0, name.find('.')));
  for (auto const* device : {"con", "prn", "aux", "nul"})
    if (stem == device) return true;
  auto const numbered = stem.size() == 4 && stem[3] >= '1' && stem[3] <= '9';
  return numbered && (stem.starts_with("com") || stem.starts_with("lpt"));
}

Reply no_such_file() { return html(404, "File or directory not found."); }
}  // namespace

std::span<RouteSpec const> routes() { return kRoutes; }

std::optional<std::vector<std::string>> match(RouteSpec const& route, std::string_view path) {
  auto const parts = segments(path);
  auto const below = route.pattern.starts_with('/') ? std::string{} : "/" + std::string{kApplication} + "/";
  auto const wanted = segments(below + std::string{route.pattern});
  if (parts.size() != wanted.size()) return std::nullopt;
  std::vector<std::string> parameters;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    auto part = percent_decode(parts[at]);
    if (!part || part->empty()) return std::nullopt;
    if (wanted[at] == "{}")
      parameters.push_back(*std::move(part));
    else if (!ascii_iequal(*part, wanted[at]))
      return std::nullopt;
  }
  return parameters;
}

bool is_kept_by_windows(std::string_view path) {
  auto const parts = segments(path);
  return std::ranges::any_of(parts, [](std::string const& part) {
    auto const name = percent_decode(part).value_or("%");
    return name.find_first_of("<>*%&:?+") != std::string::npos || name.ends_with('.') ||
           name.ends_with(' ') || is_device(name);
  });
}

std::optional<Reply> web_server_refusal(std::string_view path) {
  auto const decoded = percent_decode(path);
  auto const has_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
  if (!decoded || !is_utf8(*decoded) || std::ranges::any_of(*decoded, has_control))
    return html(400, "Bad Request - Invalid URL");
  auto const lower = ascii_lower(path);
  for (auto const* refused : {"+", "%2b", "%25", "%2f"})
    if (has(lower, refused)) return no_such_file();
  if (has(lower, "&") || has(lower, "%26"))
    return refuse(404, "PASWS167E", "Input parameter for [MemberName] value is invalid.");
  if (is_kept_by_windows(path)) return no_such_file();
  auto const last = decoded->substr(decoded->rfind('/') + 1);
  if (has(last, ".")) return no_such_file();  // taken for a file
  return std::nullopt;
}

}  // namespace dirsync::sim::vault
