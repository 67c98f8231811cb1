#pragma once
// One function for each call of the API. Login, version, permission and the form of the body were checked
// before.
#include "tests/simulators/console/context.hpp"

namespace dirsync::sim::console {

// Sessions
Reply show_versions(Model& model, Context& context);
Reply log_in(Model& model, Context& context);
Reply refresh_token(Model& model, Context& context);
Reply log_out(Model& model, Context& context);
Reply show_me(Model& model, Context& context);

// Groups
Reply list_groups(Model& model, Context& context);
Reply get_group(Model& model, Context& context);
Reply create_group(Model& model, Context& context);
Reply update_group(Model& model, Context& context);
Reply delete_group(Model& model, Context& context);
Reply list_group_users(Model& model, Context& context);
Reply list_group_members(Model& model, Context& context);

// Users
Reply list_users(Model& model, Context& context);
Reply get_user(Model& model, Context& context);
Reply create_user(Model& model, Context& context);
Reply update_user(Model& model, Context& context);

// Roles, permissions, organizations
Reply list_roles(Model& model, Context& context);
Reply get_role(Model& model, Context& context);
Reply list_permissions(Model& model, Context& context);
Reply list_organizations(Model& model, Context& context);
Reply get_organization(Model& model, Context& context);

/// The token after `scheme` in the Authorization header; empty when there is none.
std::string credentials(Request const& request, std::string_view scheme);

}  // namespace dirsync::sim::console
