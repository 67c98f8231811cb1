#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dirsync::console {

/// Ways to learn who is in a group, and how far each was seen to exist.
enum class MembersWay {
  console_groups,  // GET console-groups/{id}/users; Pulse 2.0.2 and later
  group_members,   // GET groups/{id}/members; Pulse 2.0
  each_user,       // GET users/{id} of everyone
};

/// Everything in which releases of the product differ, as data.
struct Profile {
  std::string name;
  std::string product;
  std::string api_version = "auto";
  std::vector<MembersWay> members;  // in the order of trying

  std::string versions_path = "/api/versions";
  std::string login_path = "/api/tokens";
  std::string refresh_path = "/api/tokens/refresh";
  std::string logout_path = "/api/users/logout";
  std::string organizations_path = "/api/organizations";
  std::string roles_path = "/api/roles";
  std::string groups_path = "/api/groups";
  std::string users_path = "/api/users";
  std::string console_groups_path = "/api/console-groups";

  std::string organization_header = "x-current-org-id";
  std::string domain_header = "x-org-domain-name";
  std::string page_parameter = "page.number";
  std::string size_parameter = "page.size";
  std::string scope_query = "queryType=SHOW_CURRENT";
  std::string ancestors_query = "queryType=SHOW_ANCESTORS";
  std::string everywhere_query = "queryType=SHOW_ALL";
  std::string query_type_parameter = "queryType";
  std::string name_parameter = "name";

  std::string organizations_key = "tenants";
  std::string roles_key = "roles";
  std::string groups_key = "groups";
  std::string users_key = "users";
  std::string members_key = "members";
  std::vector<std::string> organization_fields = {"orgId", "tenantId"};  // the first one present counts

  std::vector<std::string> default_groups = {"Organization Administrators", "System Administrators"};
  bool send_user_name = true;  // in a user's PUT
};

/// auto, pulse-2.0, pulse-2.0.2 or infer-3; nothing for another name.
std::optional<Profile> profile_named(std::string_view name);

}  // namespace dirsync::console
