// Runs of leavers: people who left a directory's group. Who cannot be told for certain stays for the whole
// run.
#include "tests/unit/engine/vault_in_sync.hpp"

namespace dirsync::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// ops {ann, bob, cid}, web {ann, dan}.
struct GivenSomebodyWhoLeavesAGroup : GivenAVaultInSync {
  fake::DirectoryWorld& directory() { return plant.corp.world; }
  /// As SetUp() leaves it, with what the test made of the directory.
  void begin_anew() {
    whole_run();
    plant.journal.audit.clear();
    plant.forget_calls();
  }
};

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheirGroupIsToldThenTheyLeaveItsTargetAndNothingElse) {
  directory().leave("ops", "ann");
  auto const reads = vault.reads, whole_reads = plant.corp.reads;
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit, Exit::done);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops ann: done"));
  EXPECT_THAT(members("ops"), UnorderedElementsAre("bob", "cid"));
  EXPECT_THAT(members("web"), UnorderedElementsAre("ann", "dan"));
  EXPECT_EQ(vault.reads, reads) << "only some of the target is read";
  EXPECT_EQ(plant.corp.reads, whole_reads);
  EXPECT_EQ(books.departures, 1);
  plant.forget_calls();
  EXPECT_THAT(whole_run().plan.changes, IsEmpty());
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheListIsAsItWasThenNothing) { expect_nothing({"@ops"}); }

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenSomebodyCameThenTheyJoinAndWhoLeftGoes) {
  directory().join("ops", "dan");
  directory().leave("ops", "bob");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault add ops dan: done", "vault remove ops bob: done"));
  EXPECT_THAT(members("ops"), UnorderedElementsAre("ann", "cid", "dan"));
  plant.forget_calls();
  EXPECT_THAT(whole_run().plan.changes, IsEmpty());
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenSomebodyUnknownCameThenNothing) {
  directory().leave("ops", "bob");
  directory().join("ops", "uid=robert,ou=people,dc=x");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenAGroupCameToItThenNothing) {
  directory().leave("ops", "bob");
  directory().join("ops", "@web");
  expect_nothing({"@ops"});
  expect_nothing({"@ops", "@web"});
}

/// all {@ops, bob}.
struct GivenNestedGroups : GivenSomebodyWhoLeavesAGroup {
  void SetUp() override {
    GivenSomebodyWhoLeavesAGroup::SetUp();
    directory().group("all", {"@ops", "bob"});
    begin_anew();
    ASSERT_THAT(members("all"), UnorderedElementsAre("ann", "bob", "cid"));
  }
};

TEST_F(GivenNestedGroups, WhenTheyLeaveTheNestedOneThenThoseAboveAsWell) {
  directory().leave("ops", "ann");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report),
              UnorderedElementsAre("vault remove ops ann: done", "vault remove all ann: done"));
}

TEST_F(GivenNestedGroups, WhenAnotherWayLeadsThereThenTheyStay) {
  directory().leave("ops", "bob");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops bob: done"));
  EXPECT_THAT(members("all"), UnorderedElementsAre("ann", "bob", "cid"));
}

TEST_F(GivenNestedGroups, WhenTheyCameThereByAnotherWayMeanwhileThenTheyStay) {
  directory().group("more", {"dan"});
  directory().join("all", "@more");
  begin_anew();
  directory().join("more", "ann");
  directory().leave("ops", "ann");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops ann: done"));
}

/// As of people whose primary group it is, or whom a URL finds: no value names them.
TEST_F(GivenNestedGroups, WhenAnotherWayLedThereByNoValueThenTheyStay) {
  directory().group("more", {"ann"});
  directory().join("all", "@more");
  begin_anew();
  directory().leave("ops", "ann");
  directory().groups.at("more").values.clear();  // not told
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops ann: done"));
}

TEST_F(GivenNestedGroups, WhenTheyLeaveBothWaysThenTheyLeaveWhereTheseLead) {
  directory().leave("ops", "bob");
  directory().leave("all", "bob");
  auto const report = tell({"@ops", "@all"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report),
              UnorderedElementsAre("vault remove ops bob: done", "vault remove all bob: done"));
}

TEST_F(GivenNestedGroups, WhenAGroupNamesThemThatIsNewThenNothing) {
  directory().leave("ops", "ann");
  directory().group("new", {"ann"});
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheGroupIsGoneThenNothing) {
  directory().groups.erase("ops");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenNobodyCanTellWhoIsInOtherGroupsThenNothing) {
  directory().leave("ops", "bob");
  plant.corp.look_failure = Error{make_error_code(boost::system::errc::connection_reset), "down"};
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenMoreLeftThanOneReadMayTellThenNothing) {
  plant.setup.limits.confirm.removals_above = 1;
  directory().leave("ops", "bob");
  directory().leave("ops", "cid");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenRunsComeToThatOneAfterTheOtherThenTheNextTakesNothing) {
  plant.setup.limits.confirm.removals_above = 1;
  directory().leave("ops", "bob");
  ASSERT_TRUE(tell({"@ops"}));
  vault.forget_calls();
  directory().leave("ops", "cid");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheyAreTheLastThenNothing) {
  directory().leave("web", "ann");
  ASSERT_TRUE(tell({"@web"}));
  vault.forget_calls();
  plant.setup.limits.empty_group = Limits::OnEmpty::hold;
  for (auto& rule : plant.setup.rules) rule.limits.empty_group = Limits::OnEmpty::hold;
  directory().leave("web", "dan");
  expect_nothing({"@web"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheirRemovalsAreOverALimitThenNothing) {
  plant.setup.limits.removals = PercentLimit::exactly(0);
  directory().leave("ops", "bob");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheMembershipFlappedThenItStays) {
  plant.setup.limits.flaps = Limits::Flaps{.count = 1, .within = std::chrono::hours{6}};
  directory().leave("ops", "bob");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheyAreDisabledAsWellThenTheyLeaveEverythingOnce) {
  directory().leave("ops", "ann");
  directory().disable("ann");
  auto const report = tell({"ann", "@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report),
              UnorderedElementsAre("vault remove ops ann: done", "vault remove web ann: done"));
}

TEST_F(GivenSomebodyWhoLeavesAGroup, WhenTheyWerePutThereBySomebodyElseThenTheyStay) {
  vault.world.group("theirs", {"bob"});
  directory().leave("ops", "bob");
  ASSERT_TRUE(tell({"@ops"}));
  EXPECT_THAT(members("theirs"), ElementsAre("bob"));
}

/// Over a thousand in one group.
struct GivenALargeGroup : GivenSomebodyWhoLeavesAGroup {
  void SetUp() override {
    plant.setup.directories[0].policy.band = {10'000, 10'000, 10'000};
    std::vector<std::string> uids;
    for (int n = 0; n < 1'100; ++n) uids.push_back("m" + std::to_string(n));
    plant.people(uids);
    plant.corp.world.group("many", uids);
    GivenSomebodyWhoLeavesAGroup::SetUp();
  }
};

TEST_F(GivenALargeGroup, WhenALogTellsWhoLeftThenTheGroupIsNotRead) {
  directory().leave("many", "m7");
  plant.corp.logged[EntryId{"g-many"}] = {.added = {}, .removed = {fake::dn_of_person("m7")}};
  auto const report = tell({"@many"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove many m7: done"));
  EXPECT_THAT(plant.corp.asked_groups, IsEmpty());
}

TEST_F(GivenALargeGroup, WhenALogTellsWhoCameThenTheGroupIsNotReadEither) {
  directory().join("many", "dan");
  plant.corp.logged[EntryId{"g-many"}] = {.added = {fake::dn_of_person("dan")}, .removed = {}};
  auto const report = tell({"@many"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault add many dan: done"));
  EXPECT_THAT(plant.corp.asked_groups, IsEmpty());
  vault.forget_calls();
  expect_nothing({"@many"});
  directory().leave("many", "dan");
  plant.corp.logged[EntryId{"g-many"}] = {};
  auto const left = tell({"@many"});
  ASSERT_TRUE(left);
  EXPECT_THAT(outcomes(*left), ElementsAre("vault remove many dan: done"));
}

TEST_F(GivenALargeGroup, WhenNoLogTellsThenTheGroupIsRead) {
  directory().leave("many", "m7");
  ASSERT_TRUE(tell({"@many"}));
  EXPECT_THAT(plant.corp.asked_groups, SizeIs(1));
}

}  // namespace
}  // namespace dirsync::engine
