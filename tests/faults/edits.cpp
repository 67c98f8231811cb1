#include "tests/faults/edits.hpp"

#include <algorithm>
#include <stdexcept>

namespace dirsync::test {
namespace {
namespace json = boost::json;

void edit_named(Stage& stage, Side side, std::pair<char const*, char const*> list_and_key,
                std::string const& name, std::function<void(json::object&)> const& edit) {
  stage.edit_state(side, [list_and_key, &name, &edit](json::object& state) {
    auto const [list, key] = list_and_key;
    auto& entries = state.at(list).as_array();
    auto const found = std::ranges::find_if(
        entries, [key, &name](json::value const& entry) { return text_at(entry.as_object(), key) == name; });
    if (found == entries.end()) throw std::runtime_error{"no " + name + " in " + list};
    edit(found->as_object());
  });
}

/// Where the service user lives, who then sees nothing above it.
constexpr char kSeen[] = "\\Company";

/// With everything else below it, and all but that group in sight of the service user.
void hide_in_vault(Stage& stage) {
  stage.edit_state(Side::vault, [](json::object& state) {
    state["locations"] = json::array{"\\", "\\System", kSeen};
    for (auto const* list : {"users", "groups"})
      for (auto& entry : state.at(list).as_array()) {
        auto& object = entry.as_object();
        auto const is_hidden = text_at(object, "groupName") == Stage::group_of(Side::vault);
        object["location"] = is_hidden ? "\\" : kSeen;
      }
  });
  stage.turn(Side::vault, "hide_users_tree", "on", "off");
}

/// In an organization below, where the lists of the service user's own do not look.
void hide_in_console(Stage& stage) {
  edit_group(stage, Side::console, Stage::group_of(Side::console),
             [](json::object& group) { group["orgId"] = "plant-a"; });
}

void show_in_console(Stage& stage) {
  edit_group(stage, Side::console, Stage::group_of(Side::console),
             [](json::object& group) { group["orgId"] = "root"; });
}

}  // namespace

std::string edit_of_member(Side side, std::string const& what, std::string const& name) {
  auto const group = Stage::group_of(side);
  if (side == Side::vault)
    return R"({"op": ")" + what + R"(-member", "group": ")" + group + R"(", "member": ")" + name + "\"}";
  return R"({"op": ")" + what + R"(_member", "group": ")" + group + R"(", "user": ")" + name + "\"}";
}

std::string edit_of_group(std::string const& op, std::string const& group, std::string const& name) {
  auto const named = name.empty() ? std::string{} : R"(, "name": ")" + name + "\"";
  return R"({"op": ")" + op + R"(", "group": ")" + group + "\"" + named + "}";
}

std::string creation(Side side, std::string const& group) {
  if (side == Side::vault) return R"({"op": "create-group", "groupName": ")" + group + "\"}";
  return R"({"op": "add_group", "group": {"name": ")" + group + R"(", "roles": ["Device Administrator"]}})";
}

std::string deletion(Side side, std::string const& group) {
  return edit_of_group(side == Side::vault ? "delete-group" : "delete_group", group);
}

char const* key_of_user_name(Side side) { return side == Side::vault ? "username" : "userName"; }
char const* key_of_group_name(Side side) { return side == Side::vault ? "groupName" : "name"; }

void edit_user(Stage& stage, Side side, std::string const& name,
               std::function<void(json::object&)> const& edit) {
  edit_named(stage, side, {"users", key_of_user_name(side)}, name, edit);
}

void edit_group(Stage& stage, Side side, std::string const& name,
                std::function<void(json::object&)> const& edit) {
  edit_named(stage, side, {"groups", key_of_group_name(side)}, name, edit);
}

Fault hidden(Side side) {
  auto const is_vault = side == Side::vault;
  // A Vault says of it that there is none, until that name is asked for.
  return only_on(side, "a group of ours is not listed",
                 is_vault ? "6 run: blocked hidden-group, failed, skipped" : "6 wait: blocked hidden-group",
                 is_vault ? hide_in_vault : hide_in_console,
                 is_vault ? std::function<void(Stage&)>{} : show_in_console);
}

Fault shortened(Side side) {
  return only_on(
      side, "the list of a group lacks some who stay and a leaver", "0 run",
      [side](Stage& stage) {
        auto const group = Stage::group_of(side);
        for (auto const* uid : {"u01", "u02"}) {
          stage.simulator(side).edit(edit_of_member(side, "remove", stage.name_of(side, uid)));
        }
        stage.unseen[side][group].insert(stage.name_of(side, "u02"));
      },
      [side](Stage& stage) {
        stage.simulator(side).edit(edit_of_member(side, "add", stage.name_of(side, "u02")));
      });
}

}  // namespace dirsync::test
