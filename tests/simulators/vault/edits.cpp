#include "tests/simulators/vault/edits.hpp"

#include <algorithm>
#include <array>

#include "sync/model/text.hpp"

namespace dirsync::sim::vault {
namespace {
using Outcome = std::optional<std::string>;  // what is wrong

/// Users and groups stand in an edit by name or by id.
User* user_of(World& world, json::object const& edit, std::string_view key) {
  auto const* const value = edit.if_contains(key);
  if (value == nullptr) return nullptr;
  return value->is_int64() ? world.state.user(value->get_int64())
                           : world.state.user_named(text_of(edit, key));
}

Group* group_of(World& world, json::object const& edit, std::string_view key) {
  auto const* const value = edit.if_contains(key);
  if (value == nullptr) return nullptr;
  return value->is_int64() ? world.state.group(value->get_int64())
                           : world.state.group_named(text_of(edit, key));
}

Outcome change_member(World& world, json::object const& edit, bool add) {
  auto* const group = group_of(world, edit, "group");
  if (group == nullptr) return "no such group";
  auto const* const user = user_of(world, edit, "member");
  auto const* const nested = user == nullptr ? group_of(world, edit, "member") : nullptr;
  if (user == nullptr && nested == nullptr) return "no such member";
  auto const id = user != nullptr ? user->id : nested->id;
  if (add)
    group->members.emplace(id, "");
  else
    group->members.erase(id);
  return std::nullopt;
}

Outcome add_member_by_other(World& world, json::object const& edit) {
  return change_member(world, edit, true);
}
Outcome remove_member_by_other(World& world, json::object const& edit) {
  return change_member(world, edit, false);
}

/// A list entry that is in no other list: {"id": ..., "username": ...}.
Outcome add_stray_member(World& world, json::object const& edit) {
  auto* const group = group_of(world, edit, "group");
  if (group == nullptr) return "no such group";
  auto const name = text_of(edit, "username");
  if (name.empty()) return "a stray member has a username";
  group->members.insert_or_assign(number_of(edit, "id"), name);
  return std::nullopt;
}

Outcome create_group_by_other(World& world, json::object const& edit) {
  auto group = to_group(edit);
  if (group.name.empty() || group_name_taken(world, group.name, group.location))
    return "the name is missing or taken";
  world.state.add(std::move(group));
  return std::nullopt;
}

Outcome rename_group_by_other(World& world, json::object const& edit) {
  auto* const group = group_of(world, edit, "group");
  auto const name = text_of(edit, "name");
  if (group == nullptr) return "no such group";
  if (name.empty()) return "the name is missing";
  world.state.rename_group(*group, name);
  return std::nullopt;
}

Outcome delete_group_by_other(World& world, json::object const& edit) {
  auto const* const group = group_of(world, edit, "group");
  if (group == nullptr) return "no such group";
  world.state.remove_group(group->id);
  return std::nullopt;
}

/// Same name, no members, another id.
Outcome recreate_group(World& world, json::object const& edit) {
  auto const* const group = group_of(world, edit, "group");
  if (group == nullptr) return "no such group";
  auto copy = *group;
  world.state.remove_group(copy.id);
  copy.id = 0;
  copy.members.clear();
  world.state.add(std::move(copy));
  return std::nullopt;
}

Outcome create_user_by_other(World& world, json::object const& edit) {
  auto user = to_user(edit);
  if (user.username.empty() || user_name_taken(world, user.username)) return "the name is missing or taken";
  world.state.add(std::move(user));
  return std::nullopt;
}

/// "set": properties of the state's user object, all but id and username.
Outcome update_user(World& world, json::object const& edit) {
  auto* const user = user_of(world, edit, "user");
  if (user == nullptr) return "no such user";
  auto const* const changes = edit.if_contains("set");
  if (changes == nullptr || !changes->is_object()) return "set is an object";
  auto object = to_json(*user);
  for (auto const& [key, change] : changes->get_object()) {
    if (!object.contains(key) || key == "id" || key == "username")
      return "no such property: " + std::string{key};
    object[key] = change;
  }
  *user = to_user(object);
  return std::nullopt;
}

Outcome delete_user_by_other(World& world, json::object const& edit) {
  auto const* const user = user_of(world, edit, "user");
  if (user == nullptr) return "no such user";
  world.state.remove_user(user->id);
  return std::nullopt;
}

Outcome revoke_tokens(World& world, json::object const& edit) {
  if (!edit.contains("user")) {
    world.sessions.close_all_of(std::nullopt);
    return std::nullopt;
  }
  auto const* const user = user_of(world, edit, "user");
  if (user == nullptr) return "no such user";
  world.sessions.close_all_of(user->id);
  return std::nullopt;
}

Outcome set_from_edit(World& world, json::object const& edit) {
  auto const* const values = edit.if_contains("knobs");
  return values == nullptr ? Outcome{"set takes knobs"} : set_knobs(world.knobs, *values);
}

struct Edit {
  std::string_view op;
  Outcome (*run)(World&, json::object const&);
};

constexpr std::array kEdits = {
    Edit{"add-member", add_member_by_other},
    Edit{"remove-member", remove_member_by_other},
    Edit{"add-stray-member", add_stray_member},
    Edit{"create-group", create_group_by_other},
    Edit{"rename-group", rename_group_by_other},
    Edit{"delete-group", delete_group_by_other},
    Edit{"recreate-group", recreate_group},
    Edit{"create-user", create_user_by_other},
    Edit{"update-user", update_user},
    Edit{"delete-user", delete_user_by_other},
    Edit{"revoke-tokens", revoke_tokens},
    Edit{"set", set_from_edit},
};
}  // namespace

std::optional<std::string> do_edit(World& world, json::object const& edit) {
  auto const op = text_of(edit, "op");
  auto const found = std::ranges::find(kEdits, std::string_view{op}, &Edit::op);
  if (found == kEdits.end()) return "no such op: " + op;
  auto const wrong = found->run(world, edit);
  return wrong ? Outcome{op + ": " + *wrong} : std::nullopt;
}

std::optional<std::string> set_knobs(Knobs& knobs, json::value const& values) {
  auto const* const object = values.if_object();
  if (object == nullptr) return "knobs are an object";
  for (auto const& [name, value] : *object)
    if (auto wrong = knobs.set(
            name, value.is_string() ? std::string_view{value.get_string()} : json::serialize(value)))
      return wrong;
  return std::nullopt;
}

}  // namespace dirsync::sim::vault
