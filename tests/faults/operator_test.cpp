// What people do, to dirsyncd and beside it.
#include <signal.h>

#include "tests/faults/stage.hpp"

namespace dirsync::test {
namespace {

/// An edit of the Vault's or the console's simulator, as an administrator's.
Fault by_hand(Side side, std::string name, std::string const& expected, std::function<void(Stage&)> edit,
              std::function<void(Stage&)> back = {}) {
  Fault fault;
  fault.name = std::move(name);
  (side == Side::vault ? fault.vault : fault.console) = expected;
  fault.begin = std::move(edit);
  fault.end = std::move(back);
  return fault;
}

std::string edit_of_member(Side side, std::string const& what, std::string const& name) {
  auto const group = Stage::group_of(side);
  if (side == Side::vault)
    return R"({"op": ")" + what + R"(-member", "group": ")" + group + R"(", "member": ")" + name + "\"}";
  return R"({"op": ")" + what + R"(_member", "group": ")" + group + R"(", "user": ")" + name + "\"}";
}

std::string edit_of_group(std::string const& op, std::string const& group, std::string const& name = {}) {
  auto const named = name.empty() ? std::string{} : R"(, "name": ")" + name + "\"";
  return R"({"op": ")" + op + R"(", "group": ")" + group + "\"" + named + "}";
}

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
      by_hand(side, "somebody who belongs there is taken out", "0 run", member("remove", "u01")),
      by_hand(side, "a leaver is taken out before us", "0 run", member("remove", "u02")),
      by_hand(side, "a joiner is put in before us", "0 run", member("add", "u23")),
      by_hand(side, "a stranger is put in", "0 run: foreign",
              [side, group, stranger](Stage& stage) {
                stage.simulator(side).edit(edit_of_member(side, "add", stranger));
                stage.by_hand[side][group].insert(stranger);
              }),
      by_hand(
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
      by_hand(
          side, "a group of ours is deleted", "0 run",
          [side, remove, group](Stage& stage) { stage.simulator(side).edit(edit_of_group(remove, group)); }),
  };
}

Fault acted(std::string name, std::string const& expected, std::function<Finished(Stage&)> act) {
  auto fault = for_both(std::move(name), expected, [](Stage&) {});
  fault.act = std::move(act);
  return fault;
}

/// A run that is stopped by that signal while its second write waits for an answer.
Fault stopped(std::string name, std::string const& expected, int signal) {
  return acted(std::move(name), expected, [signal](Stage& stage) {
    for (auto const side : {Side::vault, Side::console})
      stage.simulator(side).replace_faults(R"([{"write": true, "nth": 2, "delay_ms": 3000}])");
    auto const process = stage.start({"sync", "--json"});
    EXPECT_TRUE(eventually([&stage] {
      return stage.simulator(Side::vault).writes() + stage.simulator(Side::console).writes() > 1;
    }));
    process->send_signal(signal);
    return process->wait();
  });
}

void tightened(Configuration& configuration) { configuration.limits_keys = "removals = 0\n"; }

std::string record_of_u04(Stage& stage, std::string const& what) {
  return "dn: " + stage.company.group("team-a").dn() + "\nchangetype: modify\n" + what +
         ": member\nmember: " + stage.company.person("u04").dn() + "\n";
}

/// Between a plan and its approval one more person leaves.
Fault outdated() {
  return acted("a plan is approved that is another by now", "4 hold: removals", [](Stage& stage) {
    stage.change_configuration(tightened);
    EXPECT_EQ(stage.run({"sync", "--json"}).exit, 4);
    auto const old = stage.digest_held();
    stage.modify_directory(record_of_u04(stage, "delete"));
    auto finished = stage.run({"sync", "--approve", old, "--json"});
    stage.modify_directory(record_of_u04(stage, "add"));
    return finished;
  });
}

std::vector<Fault> faults() {
  return {
      acted("the digest of another plan is approved", "2 run",
            [](Stage& stage) {
              return stage.run({"sync", "--approve", std::string(64, '0'), "--json"});
            }),
      outdated(),
      acted("a held plan is rejected, and runs again", "4 hold: removals",
            [](Stage& stage) {
              stage.change_configuration(tightened);
              EXPECT_EQ(stage.run({"sync", "--json"}).exit, 4);
              EXPECT_EQ(stage.run({"reject", stage.digest_held()}).exit, 0);
              return stage.run({"sync", "--json"});
            }),
      acted("two runs at once: the second", "7 locked",
            [](Stage& stage) {
              for (auto const side : {Side::vault, Side::console})
                stage.simulator(side).replace_faults(R"([{"write": true, "delay_ms": 3000}])");
              auto const first = stage.start({"sync", "--json"});
              EXPECT_TRUE(eventually([&stage] {
                return stage.simulator(Side::vault).writes() + stage.simulator(Side::console).writes() > 0;
              }));
              auto second = stage.run({"sync", "--json"});
              EXPECT_EQ(first->wait().exit, 0);
              return second;
            }),
      stopped("a run is killed in the middle of its writes", "-9", SIGKILL),
      stopped("a run is asked to end in the middle of its writes", "6 run: skipped", SIGTERM),
  };
}

/// A backup was restored: the id of a leaver's user is a local user's now, who is in the same group.
Fault id_used_again() {
  return by_hand(
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

using GivenHandsInTheVault = Stage;
TEST_F(GivenHandsInTheVault, WhenTheyChangeThingsThenNobodyIsWrongedOrForgotten) {
  auto all = hands(Side::vault);
  all.push_back(id_used_again());
  play_all("By hand in the Vault", all);
}

using GivenHandsInTheConsole = Stage;
TEST_F(GivenHandsInTheConsole, WhenTheyChangeThingsThenNobodyIsWrongedOrForgotten) {
  play_all("By hand in the console", hands(Side::console));
}

using GivenAnOperator = Stage;
TEST_F(GivenAnOperator, WhenTheyErrThenNobodyIsWrongedOrForgotten) { play_all("The operator", faults()); }

}  // namespace
}  // namespace dirsync::test
