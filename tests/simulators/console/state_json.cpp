#include "tests/simulators/console/state_json.hpp"

#include <initializer_list>

#include "tests/simulators/common.hpp"
#include "tests/simulators/console/knobs.hpp"

namespace dirsync::sim::console {
namespace {

constexpr std::int64_t kDefaultStamp = 1'625'800'031'729;  // 9 July 2021
constexpr auto kDeepest = 4U;                              // levels below the root

Error wrong(std::string const& place, std::string const& text) {
  return console::wrong("state, " + place + ": " + text);
}

using Keys = std::initializer_list<std::string_view>;

// A misspelt key would otherwise silently test something else.
Result<void> only(Keys keys, json::object const& object, std::string const& place) {
  for (auto const& [key, value] : object)
    if (std::ranges::find(keys, std::string_view{key}) == keys.end())
      return wrong(place, "unknown key " + std::string{key});
  return {};
}

Stamps read_stamps(json::object const& entry) {
  Stamps stamps;
  stamps.created = number_of(entry, "createdTime", kDefaultStamp);
  stamps.updated = number_of(entry, "lastUpdatedTime", stamps.created);
  stamps.created_by = text_of(entry, "createdBy");
  stamps.updated_by = text_of(entry, "lastUpdatedBy", stamps.created_by);
  stamps.version = number_of(entry, "updateVersion", 1);
  return stamps;
}

json::object write_stamps(json::object entry, Stamps const& stamps) {
  entry["createdTime"] = stamps.created;
  entry["lastUpdatedTime"] = stamps.updated;
  entry["createdBy"] = stamps.created_by;
  entry["lastUpdatedBy"] = stamps.updated_by;
  entry["updateVersion"] = stamps.version;
  return entry;
}

std::string id_for(State& state, json::object const& entry) {
  auto id = text_of(entry, "id");
  return id.empty() ? state.new_id() : id;
}

template <class Entries>
std::string id_of(State const& state, Entries const& entries, std::string_view reference,
                  std::string const& org) {
  if (auto const* by_id = find(entries, reference)) return by_id->id;
  for (auto const& level : state.lineage(org))
    for (auto const& entry : entries)
      if (entry.org == level && entry.name == reference) return entry.id;
  return {};
}

// Without the key: the first organization, which is the root.
Result<std::string> read_org(State const& state, json::object const& entry, std::string const& place) {
  auto const reference = text_of(entry, "orgId");
  for (auto const& org : state.organizations)
    if (reference.empty() || org.id == reference || org.name == reference) return org.id;
  return wrong(place, reference.empty() ? "there is no organization yet" : "no organization " + reference);
}

template <class Lookup>
Result<std::vector<std::string>> read_references(json::object const& entry, std::string_view key,
                                                 Lookup const& id_of_reference, std::string const& place) {
  std::vector<std::string> ids;
  for (auto const& reference : texts_of(entry, key)) {
    auto id = id_of_reference(reference);
    if (id.empty()) return wrong(place, "unknown name or id in " + std::string{key} + ": " + reference);
    ids.push_back(std::move(id));
  }
  return ids;
}

Result<std::string> add_organization(State& state, json::object const& entry) {
  Organization org;
  org.name = text_of(entry, "name");
  auto const place = "organization " + org.name;
  if (auto known = only({"id", "name", "domainName", "status", "parentId", "createdTime", "lastUpdatedTime",
                         "createdBy", "lastUpdatedBy", "updateVersion"},
                        entry, place);
      !known)
    return known.error();
  if (org.name.empty()) return wrong("organizations", "name is missing");
  org.id = id_for(state, entry);
  org.domain_name = text_of(entry, "domainName");
  org.status = text_of(entry, "status", org.status);
  org.stamps = read_stamps(entry);
  if (auto const reference = text_of(entry, "parentId"); !reference.empty()) {
    for (auto const& parent : state.organizations)
      if (parent.id == reference || parent.name == reference) org.parent = parent.id;
    if (!org.parent) return wrong(place, "no organization " + reference + " before it, name parents first");
    if (state.lineage(*org.parent).size() > kDeepest)
      return wrong(place, "a sub-organization may lie at most four levels deep");
  }
  state.organizations.push_back(std::move(org));
  return state.organizations.back().id;
}

Result<std::string> add_role(State& state, json::object const& entry) {
  Role role;
  role.name = text_of(entry, "name");
  auto const place = "role " + role.name;
  if (auto known = only({"id", "name", "description", "orgId", "permissions", "createdTime",
                         "lastUpdatedTime", "createdBy", "lastUpdatedBy", "updateVersion"},
                        entry, place);
      !known)
    return known.error();
  if (role.name.empty()) return wrong("roles", "name is missing");
  auto org = read_org(state, entry, place);
  if (!org) return org.error();
  role.org = *org;
  role.id = id_for(state, entry);
  role.description = text_of(entry, "description", role.name);
  role.permissions = texts_of(entry, "permissions");
  for (auto const& name : role.permissions)
    if (!contains(permission_names(), name)) return wrong(place, "unknown permission " + name);
  role.stamps = read_stamps(entry);
  state.roles.push_back(std::move(role));
  return state.roles.back().id;
}

template <class Add>
Result<void> add_all(State& state, json::object const& object, std::string_view key, Add const& add) {
  for (auto const& entry : array_of(object, key)) {
    if (!entry.is_object()) return wrong(std::string{key}, "every entry is an object");
    if (auto added = add(state, entry.get_object()); !added) return added.error();
  }
  return {};
}

}  // namespace

std::string group_id(State const& state, std::string_view reference, std::string const& org) {
  return id_of(state, state.groups, reference, org);
}

std::string role_id(State const& state, std::string_view reference, std::string const& org) {
  return id_of(state, state.roles, reference, org);
}

Result<std::string> add_group(State& state, json::object const& entry) {
  Group group;
  group.name = text_of(entry, "name");
  auto const place = "group " + group.name;
  if (auto known = only({"id", "name", "description", "orgId", "isDefault", "roles", "createdTime",
                         "lastUpdatedTime", "createdBy", "lastUpdatedBy", "updateVersion"},
                        entry, place);
      !known)
    return known.error();
  if (group.name.empty()) return wrong("groups", "name is missing");
  auto org = read_org(state, entry, place);
  if (!org) return org.error();
  group.org = *org;
  auto const role = [&state, &group](std::string const& reference) {
    return role_id(state, reference, group.org);
  };
  auto roles = read_references(entry, "roles", role, place);
  if (!roles) return roles.error();
  group.roles = std::move(*roles);
  group.id = id_for(state, entry);
  group.description = text_of(entry, "description");
  group.is_default = flag_of(entry, "isDefault");
  group.stamps = read_stamps(entry);
  state.groups.push_back(std::move(group));
  return state.groups.back().id;
}

Result<std::string> add_user(State& state, json::object const& entry) {
  User user;
  user.name = text_of(entry, "userName");
  auto const place = "user " + user.name;
  if (auto known =
          only({"id", "userName", "displayName", "email", "status", "type", "orgId", "password", "roles",
                "groups", "createdTime", "lastUpdatedTime", "createdBy", "lastUpdatedBy", "updateVersion"},
               entry, place);
      !known)
    return known.error();
  if (user.name.empty()) return wrong("users", "userName is missing");
  auto org = read_org(state, entry, place);
  if (!org) return org.error();
  user.org = *org;
  auto const role = [&state, &user](std::string const& reference) {
    return role_id(state, reference, user.org);
  };
  auto const group = [&state, &user](std::string const& reference) {
    return group_id(state, reference, user.org);
  };
  auto roles = read_references(entry, "roles", role, place);
  if (!roles) return roles.error();
  auto groups = read_references(entry, "groups", group, place);
  if (!groups) return groups.error();
  user.roles = std::move(*roles);
  user.groups = std::move(*groups);
  user.id = id_for(state, entry);
  user.display_name = text_of(entry, "displayName", user.name);
  user.email = text_of(entry, "email", user.name);
  user.status = text_of(entry, "status", user.status);
  user.type = text_of(entry, "type", user.type);
  user.password = text_of(entry, "password");
  user.stamps = read_stamps(entry);
  state.users.push_back(std::move(user));
  return state.users.back().id;
}

Result<State> read_state(json::value const& value) {
  if (!value.is_object()) return wrong("file", "it is not a JSON object");
  auto const& object = value.get_object();
  if (auto known = only({"base", "fillerGroups", "fillerUsers", "serviceUser", "idsGiven", "organizations",
                         "roles", "groups", "users"},
                        object, "file");
      !known)
    return known.error();
  State state;
  auto const base = text_of(object, "base", "seed");
  if (base == "seed")
    state = seed(static_cast<int>(number_of(object, "fillerGroups", 25)),
                 static_cast<int>(number_of(object, "fillerUsers", 65)));
  else if (base != "empty")
    return wrong("base", base + " is not seed or empty");
  state.service_user = text_of(object, "serviceUser", state.service_user);
  if (auto const given = number_of(object, "idsGiven"); given > 0)
    state.ids_given = static_cast<std::uint64_t>(given);

  if (auto added = add_all(state, object, "organizations", add_organization); !added) return added.error();
  if (auto added = add_all(state, object, "roles", add_role); !added) return added.error();
  if (auto added = add_all(state, object, "groups", add_group); !added) return added.error();
  if (auto added = add_all(state, object, "users", add_user); !added) return added.error();
  return state;
}

json::object write_state(State const& state) {
  json::object object{{"base", "empty"},
                      {"serviceUser", state.service_user},
                      {"idsGiven", static_cast<std::int64_t>(state.ids_given)}};
  json::array organizations, roles, groups, users;
  for (auto const& org : state.organizations) {
    json::object entry{
        {"id", org.id}, {"name", org.name}, {"domainName", org.domain_name}, {"status", org.status}};
    if (org.parent) entry["parentId"] = *org.parent;
    organizations.push_back(write_stamps(std::move(entry), org.stamps));
  }
  for (auto const& role : state.roles)
    roles.push_back(write_stamps({{"id", role.id},
                                  {"name", role.name},
                                  {"description", role.description},
                                  {"orgId", role.org},
                                  {"permissions", to_array(role.permissions)}},
                                 role.stamps));
  for (auto const& group : state.groups)
    groups.push_back(write_stamps({{"id", group.id},
                                   {"name", group.name},
                                   {"description", group.description},
                                   {"orgId", group.org},
                                   {"isDefault", group.is_default},
                                   {"roles", to_array(group.roles)}},
                                  group.stamps));
  for (auto const& user : state.users)
    users.push_back(write_stamps({{"id", user.id},
                                  {"userName", user.name},
                                  {"displayName", user.display_name},
                                  {"email", user.email},
                                  {"status", user.status},
                                  {"type", user.type},
                                  {"orgId", user.org},
                                  {"password", user.password},
                                  {"roles", to_array(user.roles)},
                                  {"groups", to_array(user.groups)}},
                                 user.stamps));
  object["organizations"] = std::move(organizations);
  object["roles"] = std::move(roles);
  object["groups"] = std::move(groups);
  object["users"] = std::move(users);
  return object;
}

}  // namespace dirsync::sim::console
