// What people do in the targets, beside dirsyncd.
#include "tests/faults/edits.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;

std::vector<Fault> hands(Side side) {
  auto const is_vault = side == Side::vault;
  auto const group = Stage::group_of(side);
  std::string const stranger = is_vault ? "local.operator" : "by.hand@root.local",
                    rename = is_vault ? "rename-group" : "put_group",
                    remove = is_vault ? "delete-group" : "delete_group";
  auto const member = [side](std::string const& what, std::string const& uid) {
    return [side, what, uid](Stage& stage) {
      stage.simulator(side).edit(edit_of_member(side, what, stage.name_of(side, uid)));
    };
  };
  return {
      only_on(side, "somebody who belongs there is taken out", "0 run", member("remove", "u01")),
      only_on(side, "a leaver is taken out before us", "0 run", member("remove", "u02")),
      only_on(side, "a joiner is put in before us", "0 run", member("add", "u23")),
      only_on(side, "a stranger is put in", "0 run: foreign",
              [side, group, stranger](Stage& stage) {
                stage.simulator(side).edit(edit_of_member(side, "add", stranger));
                stage.by_hand[side][group].insert(stranger);
              }),
      only_on(
          side, "a group of ours is renamed", "0 run: renamed-target",
          [side, rename, group](Stage& stage) {
            stage.simulator(side).edit(edit_of_group(rename, group, "other"));
            stage.renamed[{side, "other"}] = group;
          },
          [side, rename, group](Stage& stage) {
            if (stage.simulator(side).memberships().contains("other"))
              stage.simulator(side).edit(edit_of_group(rename, "other", group));
            stage.renamed.clear();
          }),
      only_on(
          // A Vault says the same of a group out of sight; the new group of that name tells in the next run.
          side, "a group of ours is deleted", side == Side::vault ? "6 run: blocked hidden-group" : "0 run",
          [side, remove, group](Stage& stage) { stage.simulator(side).edit(edit_of_group(remove, group)); }),
  };
}

/// A backup was restored: the id of a leaver's user is a local user's now, who is in the same group.
Fault id_used_again() {
  return only_on(
      Side::vault, "the id of a leaver's user is used again by a local user",
      "6 run: ambiguous, blocked ambiguous",
      [](Stage& stage) {
        stage.simulator(Side::vault).edit(R"([{"op": "delete-user", "user": "u02"},
            {"op": "create-user", "id": 1002, "username": "local.new"},
            {"op": "add-member", "group": "unix", "member": "local.new"}])");
        stage.by_hand[Side::vault]["unix"].insert("local.new");
      },
      [](Stage& stage) {
        stage.simulator(Side::vault).edit(R"({"op": "delete-user", "user": "local.new"})");
        stage.by_hand.clear();
      });
}

/// A person's user bears another name from now on.
Fault user_renamed(Side side, std::string name, std::string const& expected, std::string const& uid) {
  auto const rename = [side](Stage& stage, std::string const& from, std::string const& to) {
    edit_user(stage, side, from, [side, &to](json::object& user) { user[key_of_user_name(side)] = to; });
  };
  std::string const other = side == Side::vault ? "renamed" : "renamed@example.com";
  return only_on(
      side, std::move(name), expected,
      [side, uid, other, rename](Stage& stage) {
        rename(stage, stage.name_of(side, uid), other);
        stage.renamed_people[{side, other}] = stage.name_of(side, uid);
      },
      [side, uid, other, rename](Stage& stage) {
        rename(stage, other, stage.name_of(side, uid));
        stage.renamed_people.clear();
      });
}

/// The id of a leaver's user is somebody else's, who is in the same group.
Fault console_id_used_again() {
  static constexpr auto kSide = Side::console;
  return only_on(
      kSide, "the id of a leaver's user is used again", "6 run: ambiguous, blocked ambiguous",
      [](Stage& stage) {
        edit_user(stage, kSide, stage.name_of(kSide, "u02"),
                  [](json::object& user) { user["userName"] = user["email"] = "new@root.local"; });
        for (auto const& [group, members] : stage.simulator(kSide).memberships())
          if (members.contains("new@root.local")) stage.by_hand[kSide][group].insert("new@root.local");
      },
      [](Stage& stage) {
        stage.simulator(kSide).edit(R"({"op": "delete_user", "user": "new@root.local"})");
        stage.by_hand.clear();
      });
}

/// A backup was restored: the id of a group of ours is another group's, and ours bears a new one.
Fault group_id_used_again(Side side) {
  auto const group = Stage::group_of(side);
  return only_on(
      side, "the id of a group of ours is used again", "6 wait: blocked ambiguous, blocked not-ours",
      [side, group](Stage& stage) {
        edit_group(stage, side, group,
                   [side](json::object& ours) { ours[key_of_group_name(side)] = "other"; });
        stage.simulator(side).edit(creation(side, group));
        stage.by_hand[side]["other"] = stage.simulator(side).memberships().at("other");
      },
      [side, group](Stage& stage) {
        stage.simulator(side).edit(deletion(side, group));
        edit_group(stage, side, "other",
                   [side, &group](json::object& ours) { ours[key_of_group_name(side)] = group; });
        stage.by_hand.clear();
      });
}

std::vector<Fault> in_vault() {
  auto all = hands(Side::vault);
  all.push_back(user_renamed(Side::vault, "the user of somebody who stays is renamed", "0 run", "u01"));
  all.push_back(user_renamed(Side::vault, "a leaver's user is renamed", "0 run", "u02"));
  all.push_back(id_used_again());
  all.push_back(group_id_used_again(Side::vault));
  all.push_back(hidden(Side::vault));
  all.push_back(shortened(Side::vault));
  return all;
}

std::vector<Fault> in_console() {
  constexpr auto kSide = Side::console;
  auto all = hands(kSide);
  all.push_back(user_renamed(kSide, "the user of somebody who stays is renamed", "0 run: ambiguous", "u01"));
  all.push_back(
      user_renamed(kSide, "a leaver's user is renamed", "6 run: ambiguous, blocked ambiguous", "u02"));
  all.push_back(console_id_used_again());
  all.push_back(group_id_used_again(kSide));
  all.push_back(hidden(kSide));
  all.push_back(shortened(kSide));
  return all;
}

using GivenHandsInTheVault = Stage;
TEST_F(GivenHandsInTheVault, WhenTheyChangeThingsThenNobodyIsWrongedOrForgotten) {
  play_all("By hand in the Vault", in_vault());
}

using GivenHandsInTheConsole = Stage;
TEST_F(GivenHandsInTheConsole, WhenTheyChangeThingsThenNobodyIsWrongedOrForgotten) {
  play_all("By hand in the console", in_console());
}

}  // namespace
}  // namespace dirsync::test
