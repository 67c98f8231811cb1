// A target that was restored from a backup gives the ids of what was made since to others.
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

/// ann and bob are in ops by us; ann is wanted in web as well.
struct GivenARestoredVault : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"ann", "bob"});
    scene.corp().group("web", {"ann"});
    scene.granted("web", {});
    for (auto& grant : scene.vault().managed.grants) grant.source = UserSource::directory;
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  /// The number of ann's user is that of another one now.
  void give_her_id_to(TargetUser user) {
    auto* const ann = vault.find_user("ann");
    user.id = ann->id;
    *ann = std::move(user);
  }
  static TargetUser local_user(std::string name) { return {"", std::move(name), "", UserSource::local, ""}; }
  Grant const& her_grant() { return scene.vault().managed.grants.at(0); }
  std::string text_of(std::string const& code) const {
    for (auto const& notice : planned->plan().targets.at("vault").notices)
      if (notice.code == code) return notice.text;
    return {};
  }
};

TEST_F(GivenARestoredVault, WhenALocalUserHasThePersonsIdThenItGetsNothing) {
  EXPECT_THAT(changes(), ElementsAre("vault: add web ann"));
  give_her_id_to(local_user("backup"));
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("ambiguous ann"));
  EXPECT_THAT(planned->notices(), Contains("ambiguous ops backup"));
  EXPECT_THAT(text_of("ambiguous"), HasSubstr("backup"));
}

TEST_F(GivenARestoredVault, WhenALocalUserHasThePersonsIdAndNameThenItGetsNothing) {
  give_her_id_to(local_user("ann"));
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("ambiguous ann"));
}

TEST_F(GivenARestoredVault, WhenNobodyKnewTheKindOfTheGrantsUserThenALocalOneIsNotIt) {
  scene.vault().managed.grants.at(0).source.reset();
  give_her_id_to(local_user("ann"));
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenARestoredVault, WhenThePersonLeavesThenTheLocalUserStaysAndTheRemovalIsBlocked) {
  give_her_id_to(local_user("backup"));
  scene.corp().leave("ops", "ann");
  scene.corp().leave("web", "ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
  auto const& blocked = planned->plan().changes.at(0);
  EXPECT_EQ(blocked.blocked->code, "ambiguous");
  EXPECT_THAT(blocked.blocked->text, HasSubstr("take backup out of ops by hand"));
  EXPECT_EQ(blocked.id, EntryId{"p-ann"});
}

TEST_F(GivenARestoredVault, WhenForeignMembersAreRemovedThenTheOneWithTheIdStaysAllTheSame) {
  scene.rule().foreign_members = ForeignMembers::remove;
  give_her_id_to({"", "cid", fake::dn_of_person("cid"), UserSource::directory, ""});
  scene.corp().person("cid");
  EXPECT_THAT(changes(), Not(Contains(HasSubstr("cid"))));
}

TEST_F(GivenARestoredVault, WhenSomebodyElseWithTheIdIsWantedThereThenNothingHappensToThem) {
  give_her_id_to({"", "cid", fake::dn_of_person("cid"), UserSource::directory, ""});
  scene.corp().person("cid");
  scene.corp().join("ops", "cid");
  scene.corp().leave("ops", "ann");
  scene.corp().leave("web", "ann");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ops cid"));
}

TEST_F(GivenARestoredVault, WhenThePersonHasAnotherUserByDnThenThatOneIsGivenIt) {
  give_her_id_to(local_user("backup"));
  vault.user("ann", fake::dn_of_person("ann"));
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann", "vault: add web ann"));
  EXPECT_NE(planned->plan().changes.at(0).principal_id, her_grant().principal_id);
}

TEST_F(GivenARestoredVault, WhenTheGrantsMemberIsNotInTheGroupThenItIsForgottenThoughThePersonIsWanted) {
  give_her_id_to(local_user("backup"));
  vault.remove("ops", "backup");
  EXPECT_THAT(changes(), IsEmpty());
  auto const key = grant_key(vault.find_group("ops")->id, "ann");
  EXPECT_THAT(planned->draft.absent.at(members_of("vault")), Contains(key));
  scene.facts.absences[members_of("vault")][key] = {1, scene.facts.now - std::chrono::hours{1}};
  changes();
  ASSERT_EQ(planned->draft.store_updates.at("vault").forget.size(), 1U);
  EXPECT_EQ(planned->draft.store_updates.at("vault").forget.at(0).principal, "ann");
}

TEST_F(GivenARestoredVault, WhenOnlyTheNameChangedThenItIsTheSameUser) {
  vault.find_user("ann")->name = "ann.smith";
  EXPECT_THAT(changes(), ElementsAre("vault: add web ann.smith"));
}

TEST_F(GivenARestoredVault, WhenNameAndDnFollowedTheEntryThenItIsTheSameUser) {
  auto& ann = scene.corp().people.at("ann");
  ann.dn = "uid=anna,ou=people,dc=x";
  ann.attributes["uid"] = "anna";
  for (auto const* cn : {"ops", "web"}) {
    scene.corp().leave(cn, "ann");
    scene.corp().join(cn, ann.dn);
  }
  *vault.find_user("ann") = {her_grant().principal_id, "anna", ann.dn, UserSource::directory, ""};
  EXPECT_THAT(changes(), ElementsAre("vault: add web anna"));
  scene.corp().leave("ops", ann.dn);
  EXPECT_THAT(changes(), Contains("vault: remove ops anna"));
}

TEST_F(GivenARestoredVault, WhenTheTargetDoesNotTellTheKindThenNameAndDnDecide) {
  vault.find_user("ann")->source = UserSource::unknown;
  EXPECT_THAT(changes(), ElementsAre("vault: add web ann"));
}

TEST_F(GivenARestoredVault, WhenPlannedThenChangesTellTheKindOfTheUser) {
  scene.corp().leave("ops", "bob");
  EXPECT_THAT(changes(), ElementsAre("vault: add web ann", "vault: remove ops bob"));
  for (auto const& change : planned->plan().changes) EXPECT_EQ(change.source, UserSource::directory);
}

TEST_F(GivenARestoredVault, WhenAMembershipIsTakenOverThenTheGrantKnowsTheKindOfTheUser) {
  scene.rule().adopt = true;
  vault.add("web", "ann");
  changes();
  ASSERT_EQ(planned->draft.store_updates.at("vault").adopt_grants.size(), 1U);
  EXPECT_EQ(planned->draft.store_updates.at("vault").adopt_grants.at(0).source, UserSource::directory);
}

TEST_F(GivenARestoredVault, WhenTheGroupHasNoSourceThenADisabledPersonsRemovalIsBlocked) {
  give_her_id_to(local_user("backup"));
  scene.corp().disable("ann");
  scene.corp().drop_group("ops");
  EXPECT_THAT(changes(), Contains("vault: remove ops ann!"));
}

TEST_F(GivenARestoredVault, WhenTheGroupIsEmptiedThenTheLocalUserStays) {
  give_her_id_to(local_user("backup"));
  scene.corp().drop_group("ops");
  scene.absent_before(AbsenceKey{"group:g-ops"}, 1);
  scene.rule().source_gone = SourceGone::empty;
  EXPECT_THAT(changes(), Contains("vault: remove ops ann!"));
  EXPECT_THAT(changes(), Not(Contains("vault: remove ops backup")));
}

/// The same on a console, which knows names alone.
struct GivenARestoredConsole : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& console = scene.console().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.rules.erase(scene.rules.begin());
    scene.targets.erase("vault");
    scene.corp().person("ann");
    scene.corp().group("ops", {"ann"});
    scene.corp().group("web", {"ann"});
    scene.granted("ops", {"ann"}, "console");
    scene.granted("web", {}, "console");
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
};

TEST_F(GivenARestoredConsole, WhenAnotherUserHasThePersonsIdThenItNeitherGetsNorLosesAnything) {
  console.find_user("ann")->name = "service";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), Contains("ambiguous ann"));
  for (auto const* cn : {"ops", "web"}) scene.corp().leave(cn, "ann");
  EXPECT_THAT(changes(), ElementsAre("console: remove ops ann!"));
}

TEST_F(GivenARestoredConsole, WhenTheUserBearsThePersonsNewNameThenItIsTheSame) {
  scene.corp().people.at("ann").attributes["uid"] = "anna";
  console.find_user("ann")->name = "anna";
  EXPECT_THAT(changes(), ElementsAre("console: add web anna"));
  for (auto const* cn : {"ops", "web"}) scene.corp().leave(cn, "ann");
  EXPECT_THAT(changes(), ElementsAre("console: remove ops anna"));
}

}  // namespace
}  // namespace dirsync::plan
