// Runs of leavers: who leaves at once, and that nothing else is touched, sent or remembered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/vault_in_sync.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST_F(GivenAVaultInSync, WhenAPersonIsDisabledThenTheyLeaveAndNobodyElse) {
  plant.corp.world.disable("ann");
  plant.corp.world.leave("ops", "bob");  // a matter of the whole run
  auto const reads = vault.reads, whole_reads = plant.corp.reads;
  auto const report = tell({"ann"});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit, Exit::done);
  EXPECT_THAT(outcomes(*report),
              UnorderedElementsAre("vault remove ops ann: done", "vault remove web ann: done"));
  EXPECT_THAT(members("ops"), UnorderedElementsAre("bob", "cid"));
  EXPECT_THAT(members("web"), UnorderedElementsAre("dan"));
  EXPECT_EQ(vault.reads, reads) << "only some of the target is read";
  EXPECT_EQ(plant.corp.reads, whole_reads);
  ASSERT_THAT(vault.partial_reads, SizeIs(1));
  EXPECT_THAT(vault.partial_reads.front().users, ElementsAre(id_of("ann")));
  EXPECT_THAT(vault.partial_reads.front().groups, SizeIs(2));
  ASSERT_THAT(vault.partial_reads.front().members, SizeIs(2)) << "nobody else matters in either";
  for (auto const& [group, members] : vault.partial_reads.front().members)
    EXPECT_THAT(members, ElementsAre(id_of("ann"))) << group;
  EXPECT_THAT(plant.corp.asked_for, ElementsAre(EntryId{"p-ann"}));
}

TEST_F(GivenAVaultInSync, WhenTheyLeftThenTheRunAndItsRowsTellAndTheWholeRunHasNothingLeft) {
  plant.corp.world.disable("bob");
  auto const report = tell({"bob"});
  ASSERT_TRUE(report);
  EXPECT_EQ(plant.journal.runs.back().start.trigger, "leavers");
  EXPECT_EQ(plant.journal.runs.back().done, 1);
  EXPECT_THAT(plant.journal.runs.back().succeeded, IsEmpty()) << "nobody looked whether all is in order";
  EXPECT_THAT(plant.audit("change"), ElementsAre("vault remove ops bob done"));
  plant.forget_calls();
  auto const whole = whole_run();
  EXPECT_EQ(whole.exit, Exit::done);
  EXPECT_THAT(whole.plan.changes, IsEmpty());
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenAVaultInSync, WhenTheyLeftThenHowTheTargetStandsIsNotTouched) {
  auto const before = plant.journal.target_states.at("vault").run;
  plant.corp.world.disable("bob");
  ASSERT_TRUE(tell({"bob"}));
  EXPECT_EQ(plant.journal.target_states.at("vault").run, before);
}

TEST_F(GivenAVaultInSync, WhenTheyAreEnabledThenNothing) {
  plant.corp.world.person("ann").attributes["mail"] = "new@example.com";
  expect_nothing({"ann", "bob"});
  EXPECT_THAT(vault.partial_reads, IsEmpty());
}

TEST_F(GivenAVaultInSync, WhenTheyHaveNothingThenNobodyIsEvenRead) {
  plant.corp.world.person("eve");
  plant.corp.world.disable("eve");
  expect_nothing({"eve"});
  EXPECT_THAT(plant.corp.asked_for, IsEmpty());
}

TEST_F(GivenAVaultInSync, WhenTheyAreGoneAndALookConfirmsItThenTheyLeave) {
  plant.corp.world.drop_person("bob");
  auto const report = tell({"bob"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops bob: done"));
  EXPECT_EQ(books.looks, 1);
}

TEST_F(GivenAVaultInSync, WhenNobodyCanTellWhetherTheyAreGoneThenNothingIsCounted) {
  plant.corp.world.drop_person("bob");
  plant.corp.presences[EntryId{"p-bob"}] = Presence::unknown;
  auto const before = plant.journal.absences("corp").value().size();
  expect_nothing({"bob"});
  expect_nothing({"bob"});
  EXPECT_THAT(plant.journal.absences("corp").value(), SizeIs(before));
}

TEST_F(GivenAVaultInSync, WhenTheyAreHiddenThenNothing) {
  plant.corp.world.hidden.insert(fake::dn_of_person("bob"));
  expect_nothing({"bob"});
}

/// Servers without referential integrity.
TEST_F(GivenAVaultInSync, WhenTheyAreGoneAndAGroupStillNamesThemThenNothing) {
  plant.corp.world.drop_person("bob", false);
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenAWholeRunHasCountedTheAbsenceThenNoLookOfThisRunEndsIt) {
  plant.corp.world.drop_person("bob");
  plant.corp.presences[EntryId{"p-bob"}] = Presence::unknown;
  whole_run();
  plant.corp.presences.clear();
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenMoreAreGoneThanLooksMayConfirmThenTheOthersWait) {
  plant.setup.limits.confirm.removals_above = 1;
  plant.corp.world.drop_person("bob");
  plant.corp.world.drop_person("cid");
  ASSERT_TRUE(tell({"bob"}));
  vault.forget_calls();
  expect_nothing({"cid"});
}

TEST_F(GivenAVaultInSync, WhenALimitIsExceededThenNothingAndTheWholeRunTells) {
  plant.setup.limits.removals = PercentLimit::exactly(1);
  plant.corp.world.disable("ann");
  expect_nothing({"ann"});
  auto const whole = plant.run();
  EXPECT_EQ(whole.exit, Exit::held);
  EXPECT_THAT(members("ops"), Contains("ann"));
}

/// So that many small runs take no more than one whole run might.
TEST_F(GivenAVaultInSync, WhenSeveralRunsComeToALimitThenTheNextTakesNothing) {
  plant.setup.limits.removals = PercentLimit::exactly(1);
  plant.corp.world.disable("bob");
  ASSERT_TRUE(tell({"bob"}));
  vault.forget_calls();
  plant.corp.world.disable("cid");
  expect_nothing({"cid"});
  whole_run();
  EXPECT_THAT(members("ops"), ElementsAre("ann")) << "the whole run counts for itself";
}

/// 40 % of the five memberships of all are two; of the two of web it would be none.
TEST_F(GivenAVaultInSync, WhenALimitIsInPerCentThenOfAllThatIsManaged) {
  plant.setup.limits.removals = {.off = false, .percent = 40, .at_least = 0, .at_most = std::nullopt};
  plant.corp.world.disable("ann");
  EXPECT_TRUE(tell({"ann"}));
}

TEST_F(GivenAVaultInSync, WhenTheGroupIsPrivilegedThenNotOverItsLimit) {
  plant.setup.limits.privileged.names = {"OPS"};
  plant.corp.world.disable("ann");
  expect_nothing({"ann"});
  plant.setup.limits.privileged.removals = 1;
  EXPECT_TRUE(tell({"ann"}));
}

TEST_F(GivenAVaultInSync, WhenTheTargetIsFrozenThenNothing) {
  plant.corp.world.disable("ann");
  plant.journal.frozen = {{.target = "vault", .removals_alone = true, .reason = "", .actor = ""}};
  expect_nothing({"ann"});
}

TEST_F(GivenAVaultInSync, WhenLeaversAreToWaitWithThePlanThenNothing) {
  plant.setup.limits.leavers = Limits::Leavers::with_plan;
  plant.corp.world.disable("ann");
  expect_nothing({"ann"});
}

TEST_F(GivenAVaultInSync, WhenTheRulesSettingsChangedThenNothing) {
  plant.rule("vault").exclude_people = fake::filter("(uid=dan)");
  plant.corp.world.disable("ann");
  expect_nothing({"ann"});
}

TEST_F(GivenAVaultInSync, WhenTheRuleIsGoneThenNothing) {
  plant.setup.rules.clear();
  plant.corp.world.disable("ann");
  expect_nothing({"ann"});
}

TEST_F(GivenAVaultInSync, WhenTheUsersIdIsUsedAgainThenNothing) {
  auto& user = *vault.world.find_user("bob");
  user.name = "zoe";
  user.dn = fake::dn_of_person("zoe");
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

/// An entry made anew at the old DN of one that was moved away and disabled.
TEST_F(GivenAVaultInSync, WhenTheUserStandsForAnotherEntryByNowThenNothing) {
  auto& before = plant.corp.world.people.at("bob");
  before.dn = "uid=bob,ou=former,dc=x";
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenTheyAreNoMemberAnyMoreThenTheirGrantIsLeftToTheWholeRun) {
  vault.world.remove("ops", "bob");
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
  EXPECT_THAT(plant.journal.held_by(std::vector{EntryId{"p-bob"}}).value().at("vault").grants, SizeIs(1));
}

TEST_F(GivenAVaultInSync, WhenSomebodyElsePutThemInAGroupThenThatStays) {
  vault.world.group("theirs", {"bob"});
  plant.corp.world.disable("bob");
  ASSERT_TRUE(tell({"bob"}));
  EXPECT_THAT(members("theirs"), ElementsAre("bob"));
}

TEST_F(GivenAVaultInSync, WhenTheGroupIsProtectedThenNothing) {
  vault.world.find_group("ops")->protected_because = "built in";
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenTheGroupBearsAnotherNameThenNothing) {
  vault.world.find_group("ops")->name = "operators";
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenTheTargetCannotBeReadThenNothing) {
  vault.read_failure = Error{make_error_code(boost::system::errc::connection_reset), "down"};
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenTheDirectoryCannotBeReadThenNothing) {
  plant.corp.failure = Error{make_error_code(boost::system::errc::connection_reset), "down"};
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenAnotherServerAnswersThenNothing) {
  plant.corp.world.change_numbers = {.source = "another", .values = {{"", "1"}}};
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

TEST_F(GivenAVaultInSync, WhenTheLastWholeRunCouldNotReadTheDirectoryThenNothing) {
  books.directories.clear();
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

/// Whoever may hide the attribute could take everybody's access.
TEST_F(GivenAVaultInSync, WhenTheAbsenceOfAnAttributeWouldDisableThenNothing) {
  plant.setup.directories[0].policy.disabled = fake::filter("(!(employeeType=active))");
  for (auto& [uid, person] : plant.corp.world.people) person.attributes["employeeType"] = "active";
  plant.accept_settings();
  whole_run();
  plant.forget_calls();
  plant.corp.world.people.at("bob").attributes.erase("employeeType");
  expect_nothing({"bob"});
  plant.corp.world.people.at("bob").attributes["employeeType"] = "left";
  EXPECT_TRUE(tell({"bob"}));
}

TEST_F(GivenAVaultInSync, WhenTheRemovalFailsThenTheWholeRunTriesIt) {
  vault.fate = [](Change const&) { return Fate::fails; };
  plant.corp.world.disable("bob");
  auto const report = tell({"bob"});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit, Exit::failed);
  vault.fate = [](Change const&) { return Fate::works; };
  whole_run();
  EXPECT_THAT(members("ops"), UnorderedElementsAre("ann", "cid"));
}

TEST_F(GivenAVaultInSync, WhenTheAnswerIsLostThenTheIntentStaysOpenAndNothingIsSentTwice) {
  vault.fate = [](Change const&) { return Fate::lost_but_done; };
  vault.look_failure = Error{make_error_code(boost::system::errc::connection_reset), "down"};
  plant.corp.world.disable("bob");
  ASSERT_TRUE(tell({"bob"}));
  EXPECT_THAT(plant.journal.open_intents().value(), SizeIs(1));
  vault.forget_calls();
  expect_nothing({"bob"});
  vault.look_failure.reset();
  vault.fate = [](Change const&) { return Fate::works; };
  whole_run();
  EXPECT_THAT(plant.journal.open_intents().value(), IsEmpty());
  EXPECT_THAT(vault.sent(), IsEmpty()) << "it was looked up";
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault remove ops bob done"));
}

TEST_F(GivenAVaultInSync, WhenAskedToStopThenNothing) {
  plant.stop.request_stop();
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

/// A second directory, where the same people may have entries.
struct GivenPeopleOfTwoDirectories : GivenAVaultInSync {
  fake::FakeDirectory other;
  void SetUp() override {
    plant.setup.directories[0].policy.join = "mail";
    other.world.name = "other";
    other.world.person("bob").id = "o-bob";
    other.world.people.at("bob").dn = "uid=bob,ou=people,dc=other";
    plant.setup.directories.push_back(
        {.name = "other",
         .directory = &other,
         .normalized_base = "dc=other",
         .policy = {.disabled = fake::filter("(employeeType=disabled)"), .join = "mail"}});
    GivenAVaultInSync::SetUp();
  }
};

TEST_F(GivenPeopleOfTwoDirectories, WhenTheOtherEntryIsEnabledThenNothing) {
  plant.corp.world.disable("bob");
  expect_nothing({"bob"});
}

TEST_F(GivenPeopleOfTwoDirectories, WhenNobodyIsJoinedThenTheyLeave) {
  for (auto& directory : plant.setup.directories) directory.policy.join.clear();
  whole_run();
  plant.forget_calls();
  plant.corp.world.disable("cid");
  EXPECT_TRUE(tell({"cid"}));
}

TEST_F(GivenPeopleOfTwoDirectories, WhenTheOtherDirectoryCannotBeReadThenNothing) {
  for (auto& directory : plant.setup.directories) directory.policy.join.clear();
  whole_run();
  plant.forget_calls();
  other.failure = Error{make_error_code(boost::system::errc::connection_reset), "down"};
  plant.corp.world.disable("cid");
  expect_nothing({"cid"});
}

}  // namespace
}  // namespace dirsync::engine
