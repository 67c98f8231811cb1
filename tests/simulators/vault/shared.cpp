#include <charconv>

#include "sync/model/text.hpp"
#include "tests/simulators/vault/calls.hpp"

namespace dirsync::sim::vault {
namespace {
/// Vault users whose LDAP entry is in the LDAP group now.
void add_ldap_members(World const& world, Group const& group, std::map<Id, std::string>& members) {
  auto const* const directory = world.state.directory(group.directory);
  if (directory == nullptr) return;
  for (auto const& ldap_group : directory->groups) {
    if (dn_key(ldap_group.dn) != dn_key(group.dn)) continue;
    for (auto const& dn : ldap_group.members)
      if (auto const* const user = world.state.user_with_dn(dn)) members.emplace(user->id, "");
  }
}
}  // namespace

Checked<json::object> body_of(Request const& request) {
  auto const type = ascii_lower(request.header("Content-Type"));
  if (!type.starts_with("application/json"))
    return answer(415, json::object{{"Message",
                                     "The request entity's media type is not supported for this resource."}});
  auto body = parse_json(request.body);
  if (!body || !body->is_object()) return invalid("The body is not a JSON object");
  return std::move(body->get_object());
}

Checked<std::optional<std::string>> text_property(json::object const& body, std::string_view name) {
  auto const* const value = find_property(body, name);
  if (value == nullptr || value->is_null()) return std::optional<std::string>{};
  if (!value->is_string()) return invalid(std::string{name} + " is not a string");
  return std::optional{std::string{std::string_view{value->get_string()}}};
}

std::optional<Id> to_id(std::string_view text) {
  Id id = 0;
  auto const* const end = text.data() + text.size();
  auto const [stop, error] = std::from_chars(text.data(), end, id);
  if (error != std::errc{} || stop != end) return std::nullopt;
  return id;
}

bool user_name_taken(World const& world, std::string_view name) {
  if (world.knobs.is("unique_names", "all")) return world.state.name_taken(name);
  return world.state.user_named(name) != nullptr;
}

bool group_name_taken(World const& world, std::string_view name, std::string_view location) {
  if (world.knobs.is("unique_names", "all")) return world.state.name_taken(name);
  if (world.knobs.is("unique_names", "kind")) return world.state.group_named(name) != nullptr;
  return world.state.group_name_taken(name, location);
}

namespace {

/// The last entry: no id, no name, or the id of the first.
void spoil(std::string_view fault, json::array& entries) {
  auto& last = entries.back().as_object();
  if (fault == "twin_id") last["id"] = entries.front().as_object()["id"];
  if (fault == "no_id") last.erase("id");
  if (fault == "no_name")
    for (auto const* const key : {"username", "userName", "UserName", "groupName"}) last.erase(key);
}

}  // namespace

void break_list(std::string_view fault, json::array& entries) {
  if (fault == "none" || entries.empty()) return;
  if (fault == "truncated") {
    entries.pop_back();
    return;
  }
  if (fault == "no_id" || fault == "no_name" || fault == "twin_id") {
    spoil(fault, entries);
    return;
  }
  json::value again = entries.front();
  if (fault == "duplicate_changed") again.as_object()["members"] = json::array{};
  entries.push_back(std::move(again));
}

bool sees(World const& world, User const& caller, std::string_view location) {
  if (!world.knobs.on("hide_users_tree")) return true;
  if (world.state.is_member(caller.id, "Auditors") || world.state.is_member(caller.id, "Vault Admins"))
    return true;
  auto const own = fold_case(caller.location);
  auto const other = fold_case(location);
  return own == "\\" || other == own || other.starts_with(own + "\\");
}

std::vector<Shown> members_of(World const& world, Group const& group) {
  auto members = group.members;
  auto const from_ldap = group.type == "Directory" && world.knobs.is("directory_members", "live");
  if (from_ldap) add_ldap_members(world, group, members);
  std::vector<Shown> shown;
  for (auto const& [id, name] : members) {
    auto const* const user = world.state.user(id);
    auto const* const nested = user == nullptr ? world.state.group(id) : nullptr;
    if (nested != nullptr && world.knobs.is("nested_members", "hidden")) continue;
    if (!name.empty())
      shown.push_back({id, name});
    else if (user != nullptr)
      shown.push_back({id, user->username});
    else if (nested != nullptr)
      shown.push_back({id, nested->name});
  }
  return shown;
}

json::value id_json(World const& world, Id id) {
  if (world.knobs.on("id_as_text")) return json::value(std::to_string(id));
  return json::value(id);
}

}  // namespace dirsync::sim::vault
