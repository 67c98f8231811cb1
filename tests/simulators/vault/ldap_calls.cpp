#include <algorithm>

#include "sync/model/text.hpp"
#include "tests/simulators/vault/calls.hpp"

namespace dirsync::sim::vault {
namespace {
Reply not_found() { return refuse(404, "CAWS00001E", "User or Group was not found."); }
Reply no_directory(std::string_view name) {
  return refuse(404, "PASWS161E", "LDAP directory [" + std::string{name} + "] was not found.");
}
Reply not_mapped() { return refuse(403, "CAWS00001E", ""); }

bool is_in(Directory const& directory, std::string const& dn, std::vector<std::string> const& group_names) {
  return std::ranges::any_of(directory.groups, [&dn, &group_names](LdapGroup const& group) {
    return std::ranges::find(group_names, group.name) != group_names.end() &&
           std::ranges::any_of(group.members,
                               [&dn](std::string const& member) { return dn_key(member) == dn_key(dn); });
  });
}

Mapping const* mapping_for(Directory const& directory, std::string const& dn) {
  auto const found = std::ranges::find_if(directory.mappings, [&directory, &dn](Mapping const& mapping) {
    return is_below(dn, mapping.branch) &&
           (mapping.domain_groups.empty() || is_in(directory, dn, mapping.domain_groups));
  });
  return found == directory.mappings.end() ? nullptr : &*found;
}

/// `key`: a folded name, in the form that the knob domain_member_id asks for.
bool goes_by(LdapUser const& user, std::string const& key, Directory const& directory, Knobs const& knobs) {
  auto const account = fold_case(user.account);
  auto const& form = knobs.text("domain_member_id");
  if (form == "down_level") {
    auto const short_domain = fold_case(directory.domain_name.substr(0, directory.domain_name.find('.')));
    return key == short_domain + "\\" + account;
  }
  if (form != "upn" && key == account) return true;
  return form != "plain" && !user.principal_name.empty() && key == fold_case(user.principal_name);
}

/// The first entry of that logon name: a bare name does not tell namesakes apart.
LdapUser const* ldap_user(Directory const& directory, std::string_view name, Knobs const& knobs) {
  auto const found = std::ranges::find_if(directory.users,
                                          [&directory, &knobs, key = fold_case(name)](LdapUser const& user) {
                                            return goes_by(user, key, directory, knobs);
                                          });
  return found == directory.users.end() ? nullptr : &*found;
}

LdapGroup const* ldap_group(Directory const& directory, std::string_view name) {
  auto const key = fold_case(name);
  auto const found = std::ranges::find_if(
      directory.groups, [&key](LdapGroup const& group) { return fold_case(group.name) == key; });
  return found == directory.groups.end() ? nullptr : &*found;
}

std::string vault_name(Directory const& directory, LdapUser const& user) {
  if (directory.naming == "user@domain") return user.account + "@" + directory.domain_name;
  return (directory.naming == "prefix" ? directory.prefix : "") + user.account;
}

Reply name_conflict(std::string const& name) {
  return refuse(409, "CAWS00001E", "User or group " + name + " already exists.");
}

Checked<Provisioned> provision_user(World& world, Directory const& directory, LdapUser const& entry) {
  auto& state = world.state;
  if (auto const* const known = state.user_with_dn(entry.dn)) {
    if (world.knobs.is("known_domain_member", "conflict")) return name_conflict(known->username);
    return Provisioned{known->id, false};
  }
  auto const* const mapping = mapping_for(directory, entry.dn);
  if (mapping == nullptr || (!entry.enabled && !directory.provision_disabled)) return not_mapped();
  User user;
  user.username = vault_name(directory, entry);
  if (user_name_taken(world, user.username)) return name_conflict(user.username);
  user.source = "LDAP";
  user.methods = {"AuthTypeLDAP"};
  user.user_dn = entry.dn;
  user.first_name = entry.first_name;
  user.last_name = entry.last_name;
  user.mail = entry.mail;
  user.location = mapping->location;
  user.authorizations = mapping->authorizations;
  user.enabled = entry.enabled;
  auto const id = state.add(std::move(user)).id;
  for (auto const& name : mapping->vault_groups)
    if (auto* const group = state.group_named(name)) group->members.emplace(id, "");
  return Provisioned{id, true};
}

Checked<Provisioned> provision_group(World& world, Directory const& directory, LdapGroup const& entry) {
  auto& state = world.state;
  if (auto const* const known = state.group_with_dn(entry.dn)) {
    if (world.knobs.is("known_domain_member", "conflict")) return name_conflict(known->name);
    return Provisioned{known->id, false};
  }
  auto const* const mapping = mapping_for(directory, entry.dn);
  if (mapping == nullptr) return not_mapped();
  Group group;
  group.type = "Directory";
  group.name = (directory.naming == "prefix" ? directory.prefix : "") + entry.name;
  if (group_name_taken(world, group.name, mapping->location)) return name_conflict(group.name);
  group.directory = directory.domain_name;
  group.dn = entry.dn;
  group.location = mapping->location;
  return Provisioned{state.add(std::move(group)).id, true};
}

json::object mapping_json(Mapping const& mapping, std::size_t place) {
  constexpr std::size_t kStep = 1000;
  return {{"MappingID", mapping.id},
          {"DirectoryMappingOrder", kStep * (place + 1)},
          {"MappingName", mapping.name},
          {"LDAPBranch", mapping.branch},
          {"LDAPQuery", ""},
          {"DomainGroups", to_array(mapping.domain_groups)},
          {"VaultGroups", to_array(mapping.vault_groups)},
          {"MappingAuthorizations", to_array(mapping.authorizations)},
          {"Location", mapping.location},
          {"AuthenticationMethod", json::array{"AuthTypeLDAP"}},
          {"UserType", "EPVUser"},
          {"DisableUser", false},
          {"UserExpiration", 0},
          {"LogonFromHour", 0},
          {"LogonToHour", 24}};
}

json::array mappings_json(Directory const& directory) {
  json::array mappings;
  for (auto const& mapping : directory.mappings) mappings.push_back(mapping_json(mapping, mappings.size()));
  return mappings;
}
}  // namespace

Checked<Provisioned> provision(World& world, std::string_view name, std::string_view domain) {
  auto const* const directory = world.state.directory(domain);
  if (directory == nullptr) return no_directory(domain);
  if (world.knobs.on("ldap_down")) return refuse(500, "CAWS00001E", "The LDAP server cannot be reached.");
  if (auto const* const user = ldap_user(*directory, name, world.knobs))
    return provision_user(world, *directory, *user);
  if (auto const* const group = ldap_group(*directory, name))
    return provision_group(world, *directory, *group);
  return not_found();
}

Reply list_directories(World& world, Context const&) {
  json::array directories;
  for (auto const& directory : world.state.directories)
    directories.push_back({{"DomainName", directory.domain_name}, {"DomainBaseContext", directory.base}});
  return answer(200, directories);
}

Reply get_directory(World& world, Context const& call) {
  auto const& name = call.parameters.at(0);
  auto const* const directory = world.state.directory(name);
  if (directory == nullptr) return no_directory(name);
  return answer(200,
                json::object{{"DirectoryType", "MicrosoftADProfile.ini"},
                             {"DomainName", directory->domain_name},
                             {"DomainBaseContext", directory->base},
                             {"LDAPDirectoryName", directory->domain_name},
                             {"BindUsername", "bind@" + directory->domain_name},
                             {"BindPassword", ""},
                             {"SSLConnect", true},
                             {"DCList", json::array{json::object{{"Name", "dc1." + directory->domain_name},
                                                                 {"Port", 636},
                                                                 {"SSLConnect", true}}}},
                             {"VaultObjectNamesPrefix", directory->prefix},
                             {"AddDomainToUserName", directory->naming == "user@domain"},
                             {"ProvisionDisabledUsers", directory->provision_disabled}});
}

Reply list_mappings(World& world, Context const& call) {
  auto const& name = call.parameters.at(0);
  auto const* const directory = world.state.directory(name);
  return directory == nullptr ? no_directory(name) : answer(200, mappings_json(*directory));
}

Reply get_mapping(World& world, Context const& call) {
  auto const& name = call.parameters.at(0);
  auto const* const directory = world.state.directory(name);
  if (directory == nullptr) return no_directory(name);
  auto const id = to_id(call.parameters.at(1));
  for (auto const& mapping : mappings_json(*directory))
    if (id && mapping.at("MappingID").as_int64() == *id) return answer(200, mapping);
  return refuse(404, "PASWS197E", "LDAP directory mapping [" + call.parameters.at(1) + "] was not found.");
}

}  // namespace dirsync::sim::vault
