#include "tests/simulators/console/render.hpp"

#include <utility>

#include "sync/model/text.hpp"
#include "tests/simulators/common.hpp"
#include "tests/simulators/console/lists.hpp"

namespace dirsync::sim::console {
namespace {

json::value time(Knobs const& knobs, std::int64_t milliseconds) {
  if (knobs.is("times_as", "string")) return std::to_string(milliseconds).c_str();
  return milliseconds;
}

void put_stamps(json::object& object, Knobs const& knobs, Stamps const& stamps) {
  object["createdTime"] = time(knobs, stamps.created);
  object["lastUpdatedTime"] = time(knobs, stamps.updated);
  object["updateVersion"] = stamps.version;
  object["createdBy"] = stamps.created_by;
  object["lastUpdatedBy"] = stamps.updated_by;
}

json::array show_roles(Knobs const& knobs, State const& state, std::vector<std::string> const& ids,
                       bool names_only) {
  json::array shown;
  for (auto const& id : ids)
    if (auto const* role = find(state.roles, id))
      shown.push_back(names_only ? json::object{{"name", role->name}} : show_role(knobs, *role, Shown::item));
  return shown;
}

// The roles or groups of one user, in the form that `user_refs_form` asks for.
json::array references(Knobs const& knobs, json::array objects) {
  for (auto& entry : objects) {
    if (knobs.is("user_refs_form", "no_ids")) entry.get_object().erase("id");
    if (knobs.is("user_refs_form", "ids")) entry = json::value(entry.get_object().at("id"));
  }
  return objects;
}

}  // namespace

json::object show_organization(Knobs const& knobs, State const& state, Organization const& org) {
  json::object shown{
      {"id", org.id}, {"name", org.name}, {"status", org.status}, {"domainName", org.domain_name}};
  shown["orgId"] = org.id;
  shown["parentId"] = org.parent ? json::value(*org.parent) : json::value(nullptr);
  auto above = state.lineage(org.id);
  above.erase(above.begin());
  shown["ancestors"] = above.empty() ? json::value(nullptr) : json::value(to_array(above));
  put_stamps(shown, knobs, org.stamps);
  return shown;
}

json::object show_permission(std::string_view name) {
  auto const& names = permission_names();
  auto const number = std::ranges::find(names, name) - names.begin() + 1;
  // VIEW_ROLE is printed as "View Role".
  auto printed = ascii_lower(name);
  for (std::size_t at = 0; at < printed.size(); ++at) {
    if (printed[at] == '_') printed[at] = ' ';
    if (at == 0 || name[at - 1] == '_') printed[at] = name[at];
  }
  return {{"name", name}, {"description", printed}, {"permissionNumber", number}};
}

json::object show_role(Knobs const& knobs, Role const& role, Shown shown) {
  json::object object{
      {"id", role.id}, {"name", role.name}, {"description", role.description}, {"orgId", role.org}};
  put_stamps(object, knobs, role.stamps);
  if (shown == Shown::item) {
    object.erase("createdBy");
    object.erase("lastUpdatedBy");
    return object;
  }
  json::array permissions;
  for (auto const& name : role.permissions) permissions.push_back(show_permission(name));
  put_array(object, "permissions", std::move(permissions), knobs);
  return object;
}

json::object show_group(Knobs const& knobs, State const& state, Group const& group, Shown shown) {
  json::object object{{"name", group.name}, {"description", group.description}};
  // Releases that call a user's organization tenantId show none in groups.
  if (knobs.is("org_field", "orgId")) object["orgId"] = group.org;
  if (enabled(knobs, "show_is_default")) object["isDefault"] = group.is_default;
  put_stamps(object, knobs, group.stamps);
  object["id"] = group.id;
  if (shown == Shown::whole)
    put_array(object, "roles", show_roles(knobs, state, group.roles, knobs.is("group_roles_form", "names")),
              knobs);
  return object;
}

json::object show_user(Knobs const& knobs, State const& state, User const& user, Shown shown) {
  json::object object{{"userName", user.name},
                      {"email", user.email},
                      {"displayName", user.display_name},
                      {"status", user.status},
                      {"type", user.type}};
  object[knobs.text("org_field")] = user.org;
  put_stamps(object, knobs, user.stamps);
  object["id"] = user.id;
  if (enabled(knobs, "user_tokens_in_body")) {
    object["accessToken"] = "canary-access-token-of-" + user.id;
    object["refreshToken"] = "canary-refresh-token-of-" + user.id;
  }
  if (shown == Shown::whole || enabled(knobs, "users_list_with_groups")) {
    json::array groups;
    for (auto const& id : user.groups)
      if (auto const* group = find(state.groups, id))
        groups.push_back(show_group(knobs, state, *group, Shown::item));
    put_array(object, "roles", references(knobs, show_roles(knobs, state, user.roles, false)), knobs);
    put_array(object, "groups", references(knobs, std::move(groups)), knobs);
  }
  for (auto const* field : {"roles", "groups", "email", "displayName", "status"})
    if (listed(knobs.text("left_out_of_users"), field)) object.erase(field);
  return object;
}

json::object show_group_user(Knobs const& knobs, User const& user) {
  json::object object{{"id", user.id},
                      {"userName", user.name},
                      {"displayName", user.display_name},
                      {"status", user.status},
                      {"orgId", user.org}};
  put_stamps(object, knobs, user.stamps);
  return object;
}

json::object show_membership(Knobs const& knobs, User const& user) {
  json::object object{{"id", "membership-of-" + user.id},
                      {"orgId", user.org},
                      {"assigneeId", user.id},
                      {"assigneeType", "USER"},
                      {"assignedGroups", to_array(user.groups)},
                      {"assignedRoles", to_array(user.roles)}};
  put_stamps(object, knobs, user.stamps);
  object["updateVersion"] = std::to_string(user.stamps.version);
  return object;
}

json::object show_foreign_membership(Knobs const& knobs, Group const& group) {
  json::object object{{"id", "membership-of-" + group.id},
                      {"orgId", group.org},
                      {"assigneeId", group.id},
                      {"assigneeType", "GROUP"},
                      {"assignedGroups", to_array({group.id})},
                      {"assignedRoles", to_array(group.roles)}};
  put_stamps(object, knobs, group.stamps);
  object["updateVersion"] = std::to_string(group.stamps.version);
  return object;
}

}  // namespace dirsync::sim::console
