// What runs did, with the ids that the audit trail does not have.
#include <gmock/gmock.h>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// The group Operators, made by the run.
struct GivenARunWithAGroup : OpenStore {
  void SetUp() override { apply(of_group(Verb::create_group)); }
  Change of_group(Verb verb) const {
    auto change = add("");
    change.verb = verb;
    change.principal_id.clear();
    change.dn = "cn=ops";
    change.id = EntryId{"g-1"};
    return change;
  }
  Change removal(std::string principal) const {
    auto change = add(std::move(principal));
    change.verb = Verb::remove;
    return change;
  }
  void next_run(std::string trigger = "sync") {
    run = store.begin_run({clock->now(), std::move(trigger), "uid:0 (root)", "config-1"}).value();
  }
};

TEST_F(GivenARunWithAGroup, WhenItIsRenamedThenTheRunsTellBothNamesAndTheSameId) {
  auto const first = run;
  apply(add("alice"));
  next_run();
  auto rename = of_group(Verb::rename_group);
  rename.new_name = "Operations";
  apply(rename);
  auto const renamed = store.past_changes(run).value();
  ASSERT_THAT(renamed, SizeIs(1));
  EXPECT_EQ(renamed[0].change.group, "Operators");
  EXPECT_EQ(renamed[0].change.new_name, "Operations");
  EXPECT_EQ(renamed[0].change.group_id, "7");
  auto const past = store.past_changes(first).value();
  ASSERT_THAT(past, SizeIs(2));
  EXPECT_EQ(past[1].change.group_id, "7");
  EXPECT_EQ(past[1].change.principal_id, "id-alice");
  EXPECT_FALSE(past[1].later) << "the membership goes on";
}

TEST_F(GivenARunWithAGroup, WhenSomebodyRenamedItByHandThenARemovalThereHasTheSameId) {
  apply(add("alice"));
  next_run();
  auto removing = removal("alice");
  removing.group = "Renamed by hand";
  apply(removing);
  auto const past = store.past_changes(run).value();
  ASSERT_THAT(past, SizeIs(1));
  EXPECT_EQ(past[0].change.group_id, "7");
  EXPECT_EQ(past[0].change.principal_id, "id-alice");
}

TEST_F(GivenARunWithAGroup, WhenNobodyKnowsWhatBecameOfAChangeThenTheRunTellsAndOfAFailedOneNothing) {
  apply(add("bob"), Outcome::failed);
  intend(of_group(Verb::update_group));
  auto const open = store.open_intents().value();
  ASSERT_THAT(open, SizeIs(1));
  ASSERT_TRUE(store.recover(open[0], Outcome::unknown, "no look tells"));
  auto const past = store.past_changes(run).value();
  ASSERT_THAT(past, SizeIs(2));
  EXPECT_EQ(past[1].change.verb, Verb::update_group);
  EXPECT_EQ(past[1].outcome, Outcome::unknown);
}

TEST_F(GivenARunWithAGroup, WhenAMemberIsCalledOtherwiseThenTheMembershipGoesOn) {
  auto const first = run;
  apply(add("alice"));
  next_run();
  auto moved = grant_of(add("alice"));
  moved.dn = "uid=alice,ou=moved";
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", {}, {&moved, 1}));
  auto const past = store.past_changes(first).value();
  ASSERT_THAT(past, SizeIs(2));
  EXPECT_FALSE(past[1].later);
}

TEST_F(GivenARunWithAGroup, WhenSomebodyWhoWasTakenOutIsFoundAgainThenTheRunTells) {
  apply(add("alice"));
  next_run();
  auto const removing = run;
  apply(removal("alice"));
  next_run();
  auto const alice = grant_of(add("alice"));
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", {}, {&alice, 1}));
  auto const past = store.past_changes(removing).value();
  ASSERT_THAT(past, SizeIs(1));
  EXPECT_EQ(past[0].change.principal_id, "id-alice");
  EXPECT_EQ(past[0].later, (LaterChange{run, "adopt"}));
}

TEST_F(GivenARunWithAGroup, WhenTheGroupIsDeletedThenItsMembershipsTell) {
  auto const first = run;
  apply(add("alice"));
  next_run();
  apply(of_group(Verb::delete_group));
  auto const past = store.past_changes(first).value();
  ASSERT_THAT(past, SizeIs(2));
  EXPECT_EQ(past[1].later, (LaterChange{run, "delete-group"}));
}

TEST_F(GivenARunWithAGroup, WhenAChangeWasRecoveredThenItIsOfTheRunThatSentIt) {
  auto const first = run;
  intend(add("alice"));
  next_run();
  auto const open = store.open_intents().value();
  ASSERT_THAT(open, SizeIs(1));
  ASSERT_TRUE(store.recover(open[0], Outcome::done, "looked up"));
  auto const past = store.past_changes(first).value();
  ASSERT_THAT(past, SizeIs(2));
  EXPECT_EQ(past[1].change.principal, "alice");
  EXPECT_THAT(store.past_changes(run).value(), IsEmpty());
}

TEST_F(GivenARunWithAGroup, WhenSomebodyWhoWasNeverOursIsTakenOutThenTheirIdIsNotKnown) {
  apply(removal("mallory"));
  auto const past = store.past_changes(run).value();
  ASSERT_THAT(past, SizeIs(2));
  EXPECT_EQ(past[1].change.principal, "mallory");
  EXPECT_EQ(past[1].change.principal_id, "");
  EXPECT_EQ(past[1].change.group_id, "7");
}

TEST_F(GivenARunWithAGroup, WhenChangesAreOldThenTheyAreNoFlips) {
  apply(add("alice"));
  auto const between = clock->now();
  apply(removal("alice"));
  apply(add("alice"));
  auto const all = store.flips("vault", Time{}, 1).value();
  ASSERT_THAT(all, SizeIs(1));
  EXPECT_THAT(all[0].times, SizeIs(3));
  EXPECT_GT(all[0].times[0], all[0].times[1]) << "the newest first";
  auto const late = store.flips("vault", between, 1).value();
  ASSERT_THAT(late, SizeIs(1));
  EXPECT_THAT(late[0].times, SizeIs(2));
  EXPECT_THAT(store.flips("vault", between, 3).value(), IsEmpty());
}

TEST_F(GivenARunWithAGroup, WhenTheLastRunWasAnUndoThenItIsNotTheOneThatTellsOfTheRules) {
  RunRecord record;
  record.id = run;
  record.verdict = "run";
  ASSERT_TRUE(store.end_run(record));
  auto const ordinary = run;
  next_run("undo");
  record.id = run;
  ASSERT_TRUE(store.end_run(record));
  EXPECT_EQ(store.last_run(std::nullopt).value()->id, ordinary);
}

}  // namespace
}  // namespace dirsync::store
