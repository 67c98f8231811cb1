// Groups that are created while calls fail, and while others create some of the same name.
#include <signal.h>

#include "tests/faults/edits.hpp"

namespace dirsync::test {
namespace {

constexpr char kNew[] = "new";

/// There is a source of a new group besides.
Fault created(Side side, std::string name, std::string const& expected, std::function<void(Stage&)> begin,
              std::function<void(Stage&)> end = {}) {
  return only_on(
      side, std::move(name), expected,
      [side, begin = std::move(begin)](Stage& stage) {
        stage.add_source(side, kNew, {"u16", "u17", "u21"});
        begin(stage);
      },
      std::move(end));
}

std::string on_creation(Side side, std::string const& what) {
  auto const* const route = side == Side::vault ? "create-group" : "POST /api/groups";
  return R"([{"route": ")" + std::string{route} + "\"" + what + "}]";
}

Fault on_call(Side side, std::string name, std::string const& expected, std::string const& what) {
  return created(side, std::move(name), expected, [side, what](Stage& stage) {
    stage.simulator(side).replace_faults(on_creation(side, what));
  });
}

std::function<void(Stage&)> deleted_by_hand(Side side) {
  return [side](Stage& stage) { stage.simulator(side).edit(deletion(side, kNew)); };
}

/// Killed while its call waits for an answer.
Finished killed_in_creation(Stage& stage, Side side, std::string const& effect) {
  stage.simulator(side).replace_faults(on_creation(side, R"(, "delay_ms": 3000)" + effect));
  auto const process = stage.start({"sync", "--json"});
  EXPECT_TRUE(eventually([&stage, side] {
    auto const journal = stage.simulator(side).get("journal");
    for (auto const& call : journal.as_array()) {
      auto const& fields = call.as_object();
      if (text_at(fields, "method") == "POST" && text_at(fields, "body").find(kNew) != std::string::npos)
        return true;
    }
    return false;
  }));
  process->send_signal(SIGKILL);
  return process->wait();
}

Fault killed(Side side, std::string name, std::string const& effect) {
  auto fault = created(side, std::move(name), "-9", [](Stage&) {});
  fault.act = [side, effect](Stage& stage) { return killed_in_creation(stage, side, effect); };
  return fault;
}

/// What was never made by us is made by somebody else before the next run.
Fault forestalled(Side side) {
  auto fault = created(
      side, "a run is killed in a creation, and somebody else makes the group", "6 run: blocked not-ours",
      [](Stage&) {}, deleted_by_hand(side));
  fault.act = [side](Stage& stage) {
    EXPECT_EQ(killed_in_creation(stage, side, R"(, "drop": true, "effect": "prevented")").exit, -SIGKILL);
    stage.simulator(side).replace_faults("[]");
    stage.simulator(side).edit(creation(side, kNew));
    return stage.run({"sync", "--json"});
  };
  return fault;
}

std::vector<Fault> creations(Side side) {
  // A console may hold several groups of one name, and shows one late: it is not asked twice in a run.
  auto const* const undone = side == Side::vault ? "0 run" : "6 run: skipped, unknown";
  auto const* const failing = side == Side::vault ? "6 run: failed, skipped" : undone;
  return {
      on_call(side, "a creation is done, and the answer lost", "0 run", R"(, "drop": true)"),
      on_call(side, "a creation is lost on the way", undone, R"(, "drop": true, "effect": "prevented")"),
      on_call(side, "a creation answers 500, and was done", "0 run",
              R"(, "status": 500, "effect": "happens")"),
      on_call(side, "creations answer 500", failing, R"(, "status": 500, "count": 0)"),
      on_call(side, "creations answer 409, and there is no such group", "6 run: failed, skipped",
              R"(, "status": 409, "count": 0)"),
      created(
          side, "somebody else has made the group", "6 run: blocked not-ours",
          [side](Stage& stage) { stage.simulator(side).edit(creation(side, kNew)); }, deleted_by_hand(side)),
      created(
          side, "somebody else makes the group just before us", "6 run: failed, skipped",
          [side](Stage& stage) {
            stage.simulator(side).replace_faults(on_creation(side, R"(, "do": )" + creation(side, kNew)));
          },
          deleted_by_hand(side)),
      killed(side, "a run is killed in a creation that is done", ""),
      killed(side, "a run is killed in a creation that is not done",
             R"(, "drop": true, "effect": "prevented")"),
      forestalled(side),
  };
}

std::vector<Fault> all_creations() {
  auto all = creations(Side::vault);
  for (auto& fault : creations(Side::console)) all.push_back(std::move(fault));
  return all;
}

using GivenGroupsToCreate = Stage;
TEST_F(GivenGroupsToCreate, WhenCallsFailThenNobodyIsWrongedOrForgotten) {
  play_all("Groups that are created", all_creations());
}

}  // namespace
}  // namespace dirsync::test
