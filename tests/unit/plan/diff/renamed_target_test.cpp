// Our group bears another name in the target: renamed by hand, or its id was used again.
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
using testing::UnorderedElementsAre;

/// ann leaves ops and cid joins, while our group ops is called accounts in the target.
struct GivenAGroupOfAnotherName : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"ann", "bob"});
    scene.corp().person("cid");
    vault.ldap_user("cid");
    scene.corp().leave("ops", "ann");
    scene.corp().join("ops", "cid");
    vault.find_group("ops")->name = "accounts";
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
};

TEST_F(GivenAGroupOfAnotherName, WhenNoOtherBearsItsNameThenItStaysOursUnderTheNewOne) {
  EXPECT_THAT(changes(), ElementsAre("vault: add accounts cid", "vault: remove accounts ann"));
  EXPECT_THAT(planned->notices(), ElementsAre("renamed-target accounts"));
  EXPECT_THAT(planned->draft.store_updates.at("vault").update_groups, IsEmpty());
}

TEST_F(GivenAGroupOfAnotherName, WhenItsSourceIsRenamedAsWellThenItFollowsTheSource) {
  scene.corp().groups.at("ops").attributes["cn"] = "operations";
  EXPECT_THAT(changes(), Contains("vault: rename-group accounts"));
  scene.corp().groups.at("ops").attributes["cn"] = "accounts";
  EXPECT_THAT(changes(), ElementsAre("vault: add accounts cid", "vault: remove accounts ann"));
  EXPECT_THAT(planned->notices(), IsEmpty());
  EXPECT_EQ(planned->draft.store_updates.at("vault").update_groups.size(), 1U);
}

TEST_F(GivenAGroupOfAnotherName, WhenAnotherOneBearsItsNameThenNothingIsGivenOrTaken) {
  vault.group("ops", {"ann"});
  EXPECT_THAT(changes(), UnorderedElementsAre("vault: remove ops ann!", "vault: create-group ops!"));
  auto const* const removal = planned->change("vault: remove ops ann!");
  EXPECT_EQ(removal->blocked->code, "ambiguous");
  EXPECT_EQ(removal->group_id, vault.find_group("accounts")->id);
  scene.corp().join("ops", "ann");
  EXPECT_THAT(changes(), ElementsAre("vault: create-group ops!"));
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous accounts"));
}

TEST_F(GivenAGroupOfAnotherName, WhenAnotherOneBearsItsNameThenNobodyIsBoundByTheId) {
  vault.group("ops");
  scene.rule().adopt = true;
  EXPECT_THAT(changes(),
              UnorderedElementsAre("vault: remove ops ann!", "vault: add ops bob", "vault: add ops cid"));
  for (auto const& change : planned->plan().changes)
    EXPECT_EQ(change.group_id, vault.find_group(change.verb == Verb::add ? "ops" : "accounts")->id);
}

TEST_F(GivenAGroupOfAnotherName, WhenItsSourceIsGoneThenItIsNotEmptied) {
  vault.group("ops");
  scene.corp().drop_group("ops");
  scene.absent_before(AbsenceKey{"group:g-ops"}, 1);
  scene.rule().source_gone = SourceGone::empty;
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann!"));
}

/// A Directory group stands in Admins for the LDAP group linux, by us.
struct GivenANestedGroupWithAnIdOfOurs : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.rule().as = MembersAs::group;
    scene.rule().selection = MatchingGroups{"(cn=linux)"};
    scene.rule().group_name = fake::name_template("Admins");
    scene.corp().group("linux");
    vault.directory_group("LDAP Linux", fake::dn_of_group("linux"));
    vault.group("Admins");
    vault.nest("Admins", "LDAP Linux");
    scene.vault().managed.groups.push_back(fake::managed_group(vault, "Admins", "all"));
    scene.vault().managed.groups[0].sources = {EntryId{"g-linux"}};
    scene.vault().managed.grants.push_back(fake::group_grant(vault, "Admins", "LDAP Linux", "linux", "all"));
    scene.corp().group("unix");
    vault.directory_group("Unix", fake::dn_of_group("unix"));
    vault.nest("Admins", "Unix");
    scene.rule().selection = MatchingGroups{"(cn=unix)"};
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
};

TEST_F(GivenANestedGroupWithAnIdOfOurs, WhenItIsStillWhatItWasThenItIsTakenOut) {
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux"));
  vault.find_group("LDAP Linux")->name = "Linux People";
  vault.find_group("Admins")->others.at(0).name = "Linux People";
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins Linux People"));
}

TEST_F(GivenANestedGroupWithAnIdOfOurs, WhenItIsAnotherThenItStaysAndTheRemovalIsBlocked) {
  auto* const other = vault.find_group("LDAP Linux");
  other->name = "Auditors";
  other->dn = "cn=auditors,dc=elsewhere";
  vault.find_group("Admins")->others.at(0).name = "Auditors";
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux!"));
  EXPECT_EQ(planned->plan().changes.at(0).blocked->code, "ambiguous");
  EXPECT_THAT(planned->notices(), Contains("ambiguous Admins Auditors"));
}

TEST_F(GivenANestedGroupWithAnIdOfOurs, WhenTheGroupIsProtectedThenTheRemovalIsBlocked) {
  vault.find_group("Admins")->protected_because = "listed in protected_groups";
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux!"));
  EXPECT_EQ(planned->plan().changes.at(0).blocked->code, "protected");
}

TEST_F(GivenANestedGroupWithAnIdOfOurs, WhenTheGroupIsNotListedThenTheRemovalIsBlocked) {
  auto const id = vault.find_group("Admins")->id;
  std::erase_if(vault.observed.groups, [&id](auto const& group) { return group.id == id; });
  for (auto& rule : scene.rules) rule.create_groups = false;
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux!"));
  EXPECT_EQ(planned->plan().changes.at(0).blocked->code, "hidden-group");
}

TEST_F(GivenANestedGroupWithAnIdOfOurs, WhenTheNameOfTheMemberNamesTwoThenTheRemovalIsBlocked) {
  vault.user("LDAP Linux", "", UserSource::local);
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux!"));
  EXPECT_EQ(planned->plan().changes.at(0).blocked->code, "ambiguous");
}

/// Orphaned: what its source gave stays, and the group itself is no leaver.
TEST_F(GivenANestedGroupWithAnIdOfOurs, WhenTheSourceIsGoneThenTheNestedGroupStaysAsSourceGoneSays) {
  scene.rule().selection = MatchingGroups{"(cn=none)"};
  scene.corp().drop_group("linux");
  scene.absent_before(AbsenceKey{"group:g-linux"}, 1);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("orphaned Admins"));
}

}  // namespace
}  // namespace dirsync::plan
