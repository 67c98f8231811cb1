#include <algorithm>

#include "tests/simulators/vault/state.hpp"

namespace dirsync::sim::vault {
namespace {
json::array members_json(Group const& group) {
  json::array members;
  for (auto const& [id, name] : group.members) {
    if (name.empty())
      members.emplace_back(id);
    else
      members.emplace_back(json::object{{"id", id}, {"username", name}});
  }
  return members;
}

json::object to_json(Group const& group) {
  return {{"id", group.id},
          {"groupType", group.type},
          {"groupName", group.name},
          {"description", group.description},
          {"location", group.location},
          {"directory", group.directory},
          {"dn", group.dn},
          {"members", members_json(group)}};
}

json::object to_json(Directory const& directory) {
  json::array users, groups, mappings;
  for (auto const& user : directory.users)
    users.push_back({{"sAMAccountName", user.account},
                     {"userPrincipalName", user.principal_name},
                     {"dn", user.dn},
                     {"firstName", user.first_name},
                     {"lastName", user.last_name},
                     {"mail", user.mail},
                     {"enabled", user.enabled}});
  for (auto const& group : directory.groups)
    groups.push_back({{"name", group.name}, {"dn", group.dn}, {"members", to_array(group.members)}});
  for (auto const& mapping : directory.mappings)
    mappings.push_back({{"MappingID", mapping.id},
                        {"MappingName", mapping.name},
                        {"LDAPBranch", mapping.branch},
                        {"Location", mapping.location},
                        {"DomainGroups", to_array(mapping.domain_groups)},
                        {"VaultGroups", to_array(mapping.vault_groups)},
                        {"MappingAuthorizations", to_array(mapping.authorizations)}});
  return {{"DomainName", directory.domain_name},
          {"DomainBaseContext", directory.base},
          {"naming", directory.naming},
          {"prefix", directory.prefix},
          {"provisionDisabledUsers", directory.provision_disabled},
          {"users", std::move(users)},
          {"groups", std::move(groups)},
          {"mappings", std::move(mappings)}};
}

Directory to_directory(json::object const& object) {
  Directory directory;
  directory.domain_name = text_of(object, "DomainName");
  directory.base = text_of(object, "DomainBaseContext");
  directory.naming = text_of(object, "naming", directory.naming);
  directory.prefix = text_of(object, "prefix");
  directory.provision_disabled = flag_of(object, "provisionDisabledUsers");
  for (auto const& value : array_of(object, "users")) {
    auto const& user = value.as_object();
    directory.users.push_back({text_of(user, "sAMAccountName"), text_of(user, "userPrincipalName"),
                               text_of(user, "dn"), text_of(user, "firstName"), text_of(user, "lastName"),
                               text_of(user, "mail"), flag_of(user, "enabled", true)});
  }
  for (auto const& value : array_of(object, "groups")) {
    auto const& group = value.as_object();
    directory.groups.push_back({text_of(group, "name"), text_of(group, "dn"), texts_of(group, "members")});
  }
  for (auto const& value : array_of(object, "mappings")) {
    auto const& mapping = value.as_object();
    directory.mappings.push_back({number_of(mapping, "MappingID"), text_of(mapping, "MappingName"),
                                  text_of(mapping, "LDAPBranch"), text_of(mapping, "Location", "\\"),
                                  texts_of(mapping, "DomainGroups"), texts_of(mapping, "VaultGroups"),
                                  texts_of(mapping, "MappingAuthorizations")});
  }
  return directory;
}

bool is_known(State const& state, std::pair<Id const, std::string> const& member) {
  return !member.second.empty() || state.user(member.first) != nullptr ||
         state.group(member.first) != nullptr;
}
}  // namespace

json::object to_json(User const& user) {
  return {{"id", user.id},
          {"username", user.username},
          {"password", user.password},
          {"source", user.source},
          {"userType", user.user_type},
          {"location", user.location},
          {"userDN", user.user_dn},
          {"firstName", user.first_name},
          {"lastName", user.last_name},
          {"mail", user.mail},
          {"vaultAuthorization", to_array(user.authorizations)},
          {"authenticationMethod", to_array(user.methods)},
          {"componentUser", user.component},
          {"enableUser", user.enabled},
          {"suspended", user.suspended},
          {"locked", user.locked},
          {"passwordExpired", user.password_expired},
          {"hidden", user.hidden},
          {"failedLogons", user.failed_logons}};
}

User to_user(json::object const& object) {
  User user;
  user.id = number_of(object, "id");
  user.username = text_of(object, "username");
  user.password = text_of(object, "password");
  user.source = text_of(object, "source", user.source);
  user.user_type = text_of(object, "userType", user.user_type);
  user.location = text_of(object, "location", user.location);
  user.user_dn = text_of(object, "userDN");
  user.first_name = text_of(object, "firstName");
  user.last_name = text_of(object, "lastName");
  user.mail = text_of(object, "mail");
  user.authorizations = texts_of(object, "vaultAuthorization");
  if (object.contains("authenticationMethod"))
    user.methods = texts_of(object, "authenticationMethod");
  else if (user.source == "LDAP")
    user.methods = {"AuthTypeLDAP"};
  user.component = flag_of(object, "componentUser");
  user.enabled = flag_of(object, "enableUser", true);
  user.suspended = flag_of(object, "suspended");
  user.locked = flag_of(object, "locked");
  user.password_expired = flag_of(object, "passwordExpired");
  user.hidden = flag_of(object, "hidden");
  user.failed_logons = number_of(object, "failedLogons");
  return user;
}

Group to_group(json::object const& object) {
  Group group;
  group.id = number_of(object, "id");
  group.type = text_of(object, "groupType", group.type);
  group.name = text_of(object, "groupName");
  group.description = text_of(object, "description");
  group.location = text_of(object, "location", group.location);
  group.directory = text_of(object, "directory");
  group.dn = text_of(object, "dn");
  for (auto const& member : array_of(object, "members")) {
    if (member.is_int64())
      group.members.emplace(member.get_int64(), "");
    else if (auto const* named = member.if_object())
      group.members.emplace(number_of(*named, "id"), text_of(*named, "username"));
  }
  return group;
}

json::object State::dump() const {
  json::array users, groups, all_directories, all_locations;
  for (auto const& [id, user] : users_) users.push_back(to_json(user));
  for (auto const& [id, group] : groups_) groups.push_back(to_json(group));
  for (auto const& directory : directories) all_directories.push_back(to_json(directory));
  for (auto const& location : locations) all_locations.emplace_back(location);
  return {{"next_id", next_id_},
          {"server_name", server_name},
          {"server_id", server_id},
          {"locations", std::move(all_locations)},
          {"users", std::move(users)},
          {"groups", std::move(groups)},
          {"directories", std::move(all_directories)}};
}

std::optional<std::string> State::load(json::value const& state) {
  auto const* object = state.if_object();
  if (object == nullptr) return "the state is an object";
  State loaded;
  loaded.server_name = text_of(*object, "server_name", loaded.server_name);
  loaded.server_id = text_of(*object, "server_id", loaded.server_id);
  for (auto const& location : texts_of(*object, "locations")) loaded.locations.insert(location);
  for (auto const& value : array_of(*object, "users")) {
    if (!value.is_object()) return "a user is an object";
    auto user = to_user(value.get_object());
    if (user.username.empty()) return "a user without username";
    if (loaded.user_named(user.username) != nullptr || loaded.user(user.id) != nullptr)
      return "two users " + user.username;
    loaded.add(std::move(user));
  }
  for (auto const& value : array_of(*object, "groups")) {
    if (!value.is_object()) return "a group is an object";
    auto group = to_group(value.get_object());
    if (group.name.empty()) return "a group without groupName";
    if (group.type != "Vault" && group.type != "Directory")
      return "groupType is Vault or Directory: " + group.name;
    if (loaded.group_name_taken(group.name, group.location) || loaded.group(group.id) != nullptr ||
        loaded.user(group.id) != nullptr)
      return "two objects with the name or id of group " + group.name;
    loaded.add(std::move(group));
  }
  for (auto const& [id, group] : loaded.groups_)
    for (auto const& member : group.members)
      if (!is_known(loaded, member))
        return "group " + group.name + " has unknown member " + std::to_string(member.first);
  for (auto const& value : array_of(*object, "directories")) {
    if (!value.is_object()) return "a directory is an object";
    for (auto const* list : {"users", "groups", "mappings"})
      if (!std::ranges::all_of(array_of(value.get_object(), list), &json::value::is_object))
        return std::string{"a directory's "} + list + " are objects";
    loaded.directories.push_back(to_directory(value.get_object()));
    for (auto const& mapping : loaded.directories.back().mappings) loaded.note_id(mapping.id);
  }
  loaded.next_id_ = std::max(loaded.next_id_, number_of(*object, "next_id"));
  *this = std::move(loaded);
  return std::nullopt;
}

}  // namespace dirsync::sim::vault
