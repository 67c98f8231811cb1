// What goes first, what goes together, and how many calls there are.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::SizeIs;
using testing::UnorderedElementsAre;

struct GivenManyChanges : testing::Test {
  Plant plant;

  void SetUp() override {
    plant.people({"ann", "bob", "cid", "dan", "eve"});
    for (auto const* group : {"a", "b", "c"}) plant.corp.world.group(group, {"ann", "bob", "cid"});
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
    plant.setup.directories[0].policy.band = {1000, 1000, 1000};
  }
  /// Position of the last entry that starts with one of `starts`; -1: none.
  static int last(std::vector<std::string> const& log, std::vector<std::string> const& starts) {
    int found = -1;
    for (std::size_t at = 0; at < log.size(); ++at)
      for (auto const& start : starts)
        if (log[at].starts_with(start)) found = static_cast<int>(at);
    return found;
  }
  static int first(std::vector<std::string> const& log, std::string const& start) {
    auto const found =
        std::ranges::find_if(log, [&start](auto const& entry) { return entry.starts_with(start); });
    return found == log.end() ? static_cast<int>(log.size()) : static_cast<int>(found - log.begin());
  }
};

TEST_F(GivenManyChanges, WhenAppliedThenRevocationsAreAnsweredBeforeAnyAdditionAndOtherRemovalsComeLast) {
  plant.corp.world.disable("ann");
  for (auto const* group : {"a", "b", "c"}) {
    plant.corp.world.join(group, "dan");
    plant.corp.world.leave(group, "bob");
  }
  plant.corp.world.group("new", {"eve"});
  EXPECT_EQ(plant.run().exit, Exit::done);
  auto const& log = plant.vault.log;
  auto const revoked = std::max({last(log, {"answer remove a ann"}), last(log, {"answer remove b ann"}),
                                 last(log, {"answer remove c ann"})});
  EXPECT_LT(revoked, first(log, "send create-group"));
  EXPECT_LT(revoked, first(log, "send add"));
  EXPECT_LT(last(log, {"answer create-group"}), first(log, "send add new"));
  EXPECT_LT(last(log, {"answer add"}), first(log, "send remove a bob"));
  EXPECT_LT(last(log, {"answer add"}), first(log, "send remove c bob"));
}

TEST_F(GivenManyChanges, WhenARevocationFailsThenItWasAnsweredAndAdditionsGoOn) {
  plant.corp.world.disable("ann");
  plant.corp.world.join("a", "dan");
  plant.vault.fate = [](Change const& change) {
    return change.verb == Verb::remove ? fake::FakeTarget::Fate::fails : fake::FakeTarget::Fate::works;
  };
  EXPECT_EQ(plant.run().exit, Exit::failed);
  EXPECT_THAT(plant.vault.world.members("a"), Contains("dan"));
}

TEST_F(GivenManyChanges, WhenRenamedOrDeletedThenAfterEverythingElse) {
  plant.rule("vault").delete_groups = DeleteGroups::when_empty;
  plant.corp.world.group("empty");
  plant.run();
  plant.corp.world.drop_group("empty");
  plant.corp.world.groups.at("a").attributes["cn"] = "a2";
  plant.corp.world.leave("b", "bob");
  plant.corp.world.join("c", "dan");
  plant.forget_calls();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.sent(),
              ElementsAre("add c dan", "remove b bob", "rename-group a", "delete-group empty"));
}

TEST_F(GivenManyChanges, WhenAppliedToAVaultThenGroupsAtOnceAndOneCallAtATimeInEach) {
  for (auto const* group : {"a", "b", "c"})
    for (auto const* uid : {"dan", "eve"}) plant.corp.world.join(group, uid);
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.calls, SizeIs(6));
  EXPECT_EQ(plant.vault.most_in_flight, 3U);
  EXPECT_FALSE(plant.vault.overlapped);
}

TEST_F(GivenManyChanges, WhenThereAreMoreGroupsThanPlacesThenNeverMoreCallsAtOnce) {
  for (int n = 0; n < 10; ++n) plant.corp.world.group("g" + std::to_string(n), {"ann"});
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.most_in_flight, 4U);
  EXPECT_EQ(plant.vault.most_looks_in_flight, 4U);
  EXPECT_EQ(plant.console.most_in_flight, 2U);
  EXPECT_EQ(plant.console.most_looks_in_flight, 2U);
}

TEST_F(GivenManyChanges, WhenAppliedToAConsoleThenOneCallPerUserHoweverManyGroups) {
  for (auto const* group : {"a", "b"}) {
    plant.corp.world.join(group, "dan");
    plant.corp.world.leave(group, "bob");
  }
  plant.corp.world.leave("a", "cid");
  plant.corp.world.group("new", {"cid", "dan"});
  EXPECT_EQ(plant.run().exit, Exit::done);
  std::multiset<std::string> writes;
  for (auto const& call : plant.console.calls)
    writes.insert(call.batch.front().verb == Verb::create_group ? "create" : call.batch.front().principal);
  EXPECT_THAT(writes, UnorderedElementsAre("create", "bob", "cid", "dan"));
  EXPECT_FALSE(plant.console.overlapped);
  EXPECT_EQ(plant.console.world.members("new"), (std::set<std::string>{"cid", "dan"}));
  EXPECT_EQ(plant.console.world.members("a"), (std::set<std::string>{"ann", "dan"}));
}

TEST_F(GivenManyChanges, WhenAConsoleUserIsDisabledThenOneCallForThemBeforeAllOthers) {
  plant.corp.world.disable("ann");
  plant.corp.world.join("a", "dan");
  EXPECT_EQ(plant.run().exit, Exit::done);
  ASSERT_THAT(plant.console.calls, SizeIs(2));
  EXPECT_THAT(plant.console.calls[0].batch, SizeIs(3));
  EXPECT_EQ(plant.console.calls[0].batch[0].principal, "ann");
}

TEST_F(GivenManyChanges, WhenBothTargetsAreWrittenThenAtTheSameTime) {
  bool vault_in_hand = false, together = false;
  plant.vault.on_send = [&vault_in_hand](Change const&) { vault_in_hand = true; };
  plant.console.on_send = [&vault_in_hand, &together, this](Change const&) {
    together = together || (vault_in_hand && last(plant.vault.log, {"answer"}) < 0);
  };
  plant.corp.world.join("a", "dan");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_TRUE(together);
}

}  // namespace
}  // namespace dirsync::engine
