#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// ops was fed by a group that is no longer found; ann and bob are in it by us, local by somebody else.
struct GivenOrphan : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"ann", "bob"});
    scene.corp().drop_group("ops");
    vault.user("local", "", UserSource::local);
    vault.add("ops", "local");
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  void confirm() { scene.absent_before(AbsenceKey{"group:g-ops"}, 1); }
};

TEST_F(GivenOrphan, WhenAbsenceIsNotConfirmedThenReportedAndCounted) {
  scene.rule().source_gone = SourceGone::empty;
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("orphaned ops"));
  EXPECT_THAT(planned->draft.absent.at("corp"), ElementsAre(AbsenceKey{"group:g-ops"}));
}

TEST_F(GivenOrphan, WhenMembersAreKeptThenReported) {
  confirm();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("orphaned ops"));
}

TEST_F(GivenOrphan, WhenEmptiedThenOurGrantsOnly) {
  confirm();
  scene.rule().source_gone = SourceGone::empty;
  scene.rule().delete_groups = DeleteGroups::when_empty;
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann", "vault: remove ops bob"));
  EXPECT_EQ(planned->draft.causes[0], Cause::orphaned);
  EXPECT_THAT(planned->notices(), ElementsAre("orphaned ops"));
}

TEST_F(GivenOrphan, WhenTheSourceStillStandsAsAMemberThenOneLookConfirmsNothing) {
  scene.rule().source_gone = SourceGone::empty;
  scene.corp().group("web", {"@ops"});
  vault.group("web");
  scene.facts.last_dn[EntryId{"g-ops"}] = fake::dn_of_group("ops");
  scene.facts.confirmed_gone.insert(EntryId{"g-ops"});
  EXPECT_THAT(changes(), Not(Contains(HasSubstr("remove"))));
}

TEST_F(GivenOrphan, WhenALookConfirmsThenEmptied) {
  scene.rule().source_gone = SourceGone::empty;
  scene.facts.last_dn[EntryId{"g-ops"}] = fake::dn_of_group("ops");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_EQ(planned->draft.questions.gone.size(), 1U);
  scene.facts.confirmed_gone.insert(EntryId{"g-ops"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann", "vault: remove ops bob"));
}

TEST_F(GivenOrphan, WhenAnotherDirectoryStillHasTheSourceThenNotGone) {
  confirm();
  scene.rule().source_gone = SourceGone::empty;
  scene.vault().managed.groups[0].sources.push_back(EntryId{"g-lab-ops"});
  scene.directories["lab"].group("lab-ops").id = "g-lab-ops";
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenOrphan, WhenEmptyOursAndToBeDeletedThenDeleted) {
  confirm();
  scene.rule().delete_groups = DeleteGroups::when_empty;
  EXPECT_THAT(changes(), IsEmpty());
  vault.find_group("ops")->users.clear();
  vault.find_group("ops")->others = {{"7", "nested", OtherMember::Kind::group}};
  EXPECT_THAT(changes(), IsEmpty());
  vault.find_group("ops")->others.clear();
  EXPECT_THAT(changes(), ElementsAre("vault: delete-group ops"));
  EXPECT_EQ(planned->plan().changes.at(0).phase, Phase::tidying);
  scene.vault().managed.groups[0].created_by_us = false;
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("orphaned ops"));
}

TEST_F(GivenOrphan, WhenTheRuleIsGoneOrSelectsOthersThenReportedAlone) {
  confirm();
  scene.rule().source_gone = SourceGone::empty;
  scene.vault().managed.groups[0].rule = "former";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("orphaned ops"));
  scene.vault().managed.groups[0].rule = "all";
  scene.corp().group("ops", {"ann"});
  scene.rule().selection = MatchingGroups{"(cn=none)"};
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("orphaned ops"));
}

TEST_F(GivenOrphan, WhenItsDirectoryIsNotConfiguredAnyMoreThenNobodyCanTellAndItsMembersStay) {
  confirm();
  scene.rule().source_gone = SourceGone::empty;
  scene.facts.last_seen_in[EntryId{"g-ops"}] = "former";
  scene.facts.absences["former"] = scene.facts.absences["corp"];
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("orphaned ops"));
}

TEST_F(GivenOrphan, WhenTheTargetDoesNotListTheGroupThenTheGrantsStay) {
  vault.observed.groups.clear();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").forget, IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("hidden-group ops"));
}

TEST_F(GivenOrphan, WhenTheTargetTellsWhatIsDeletedThenItIsAskedAndItsWordEndsTheGrants) {
  auto const id = vault.find_group("ops")->id;
  scene.vault().traits.tells_deleted = true;
  vault.observed.groups.clear();
  changes();
  EXPECT_THAT(planned->draft.questions.groups.at("vault"), ElementsAre(id));
  scene.facts.deleted_groups["vault"].insert(id);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.questions.groups, IsEmpty());
  EXPECT_EQ(planned->draft.store_updates.at("vault").forget.size(), 2U);
  // In the next run nothing is left of it, and nobody asks again.
  scene.facts.deleted_groups.clear();
  scene.vault().managed.grants.clear();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.questions.groups, IsEmpty());
  EXPECT_THAT(planned->notices(), IsEmpty());
}

/// A Vault says of a group out of sight what it says of one that was deleted.
TEST_F(GivenOrphan, WhenTheTargetDoesNotTellWhatIsDeletedThenItIsNotAskedAndItsWordEndsNothing) {
  vault.observed.groups.clear();
  scene.facts.deleted_groups["vault"].insert(scene.vault().managed.groups[0].group_id);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.questions.groups, IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").forget, IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("hidden-group ops"));
}

TEST_F(GivenOrphan, WhenAnotherGroupBearsItsNameThenItIsDeletedAndItsGrantsEnd) {
  vault.observed.groups.clear();
  vault.group("OPS");
  changes();
  EXPECT_EQ(planned->draft.store_updates.at("vault").forget.size(), 2U);
}

TEST_F(GivenOrphan, WhenAGroupOutOfSightIsWantedThenItIsMadeOnlyWhereTheRuleMakesGroups) {
  scene.corp().group("ops", {"ann"});
  scene.rule().create_groups = false;
  vault.observed.groups.clear();
  auto const& id = scene.vault().managed.groups[0].group_id;
  scene.facts.deleted_groups["vault"].insert(id);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob!"));
  scene.facts.deleted_groups.clear();
  scene.rule().create_groups = true;
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob!")) << "the list may lack it for a moment";
  EXPECT_THAT(planned->draft.questions.groups.at("vault"), ElementsAre(id));
  scene.facts.deleted_groups["vault"].insert(id);
  EXPECT_THAT(changes(),
              testing::AllOf(Contains("vault: create-group ops"), Contains("vault: remove ops bob!")));
  EXPECT_THAT(planned->draft.store_updates["vault"].forget, IsEmpty());
  vault.group("ops");
  changes();
  EXPECT_EQ(planned->draft.store_updates.at("vault").forget.size(), 2U);
}

TEST_F(GivenOrphan, WhenAMemberOfAHiddenGroupIsGoneButNotForCertainThenItWaitsAndIsNotBlocked) {
  scene.corp().drop_person("ann");
  vault.observed.groups.clear();
  EXPECT_THAT(changes(), testing::Contains("vault: remove ops ann?"));
}

TEST_F(GivenOrphan, WhenAMemberIsDisabledThenTheyLeaveThoughTheRestStays) {
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
}

/// What was not told is not missing.
TEST_F(GivenOrphan, WhenAMemberIsDisabledWhereMembersCannotBeReadThenThatIsBlocked) {
  scene.corp().disable("ann");
  auto& group = *vault.find_group("ops");
  group.protected_because = "its members cannot be read";
  group.members_unread = true;
  group.users.clear();
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
  EXPECT_THAT(planned->plan().changes[0].blocked->text, HasSubstr("members cannot be read"));
}

TEST_F(GivenOrphan, WhenAMemberOfAHiddenGroupIsDisabledThenThatIsBlocked) {
  scene.corp().disable("ann");
  vault.observed.groups.clear();
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
  EXPECT_EQ(planned->plan().changes[0].blocked->code, "hidden-group");
  EXPECT_EQ(planned->plan().verdict, Verdict::wait);
}

}  // namespace
}  // namespace dirsync::plan
