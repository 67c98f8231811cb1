// Directory groups as members: rules with as = "group", and Directory groups that moved.
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

/// The LDAP group linux (ann, and bob through inner) is to be the member of the Vault group Admins, which is
/// ours.
struct GivenGroupAsMember : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.corp().people_named({"ann", "bob"});
    scene.corp().group("inner", {"bob"});
    scene.corp().group("linux", {"ann", "@inner"});
    scene.rule().selection = MatchingGroups{"(cn=linux)"};
    scene.rule().group_name = fake::name_template("Admins");
    scene.rule().as = MembersAs::group;
    vault.group("Admins");
    scene.vault().managed.groups.push_back(
        {vault.find_group("Admins")->id, "Admins", "all", true, {EntryId{"g-linux"}}});
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  Change const& only_change() const { return planned->plan().changes.at(0); }
  std::vector<std::string> notices() const { return planned->notices(); }
  std::string text_of(std::string const& code) const {
    for (auto const& notice : planned->plan().targets.at("vault").notices)
      if (notice.code == code) return notice.text;
    return {};
  }
  /// The Vault has linux as a Directory group.
  void linux_in_vault(std::string const& dn = fake::dn_of_group("linux")) {
    vault.directory_group("LDAP Linux", dn);
  }
  void linux_granted() {
    linux_in_vault();
    vault.nest("Admins", "LDAP Linux");
    scene.vault().managed.grants.push_back(fake::group_grant(vault, "Admins", "LDAP Linux", "linux", "all"));
  }
  void member_granted(std::string const& uid) {
    vault.ldap_user(uid);
    vault.add("Admins", uid);
    scene.vault().managed.grants.push_back(fake::grant(vault, "Admins", uid, "all"));
  }
};

TEST_F(GivenGroupAsMember, WhenTheVaultHasTheDirectoryGroupThenThatOneIsAdded) {
  linux_in_vault();
  ASSERT_THAT(changes(), ElementsAre("vault: add Admins LDAP Linux"));
  EXPECT_EQ(only_change().principal_id, group_principal_id(vault.find_group("LDAP Linux")->id));
  EXPECT_EQ(only_change().domain, "");
  EXPECT_EQ(only_change().id, EntryId{"g-linux"});
  EXPECT_EQ(only_change().dn, fake::dn_of_group("linux"));
  EXPECT_EQ(only_change().phase, Phase::addition);
  EXPECT_EQ(planned->draft.groups.at(0).additions, 1);
}

/// The Vault would find the person.
TEST_F(GivenGroupAsMember, WhenAPersonOrAUserHasItsNameThenItIsNotSent) {
  scene.vault().domains = {{"corp", "example.com"}};
  scene.corp().person("linux");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("refused-name Admins linux"));
  EXPECT_THAT(text_of("refused-name"), HasSubstr(fake::dn_of_person("linux")));
  scene.corp().drop_person("linux");
  vault.user("Linux", "", UserSource::local);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("refused-name Admins linux"));
}

TEST_F(GivenGroupAsMember, WhenTheVaultDoesNotKnowItThenProvisionedByItsName) {
  scene.vault().domains = {{"corp", "example.com"}};
  ASSERT_THAT(changes(), ElementsAre("vault: add Admins linux"));
  EXPECT_EQ(only_change().domain, "example.com");
  EXPECT_EQ(only_change().principal_id, kGroupPrincipal);
}

TEST_F(GivenGroupAsMember, WhenTheVaultMayNotProvisionThenWaiting) {
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("waiting Admins cn=linux,ou=groups,dc=x"));
  EXPECT_THAT(text_of("waiting"), HasSubstr("set domain"));
  scene.vault().domains = {{"corp", "example.com"}};
  scene.vault().traits.no_provisioning = "this one makes none";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(text_of("waiting"), HasSubstr("this one makes none"));
}

TEST_F(GivenGroupAsMember, WhenTwoLdapGroupsShareTheNameThenNotProvisioned) {
  scene.vault().domains = {{"", "example.com"}};
  scene.corp().group("twin").attributes["cn"] = "Linux";
  scene.rule().selection = NamedGroups{{fake::dn_of_group("linux")}};
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("ambiguous Admins cn=linux,ou=groups,dc=x"));
}

TEST_F(GivenGroupAsMember, WhenAUserHasTheNameThenNothingIsAddedOrTakenByIt) {
  linux_in_vault();
  vault.user("ldap linux", "", UserSource::local);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("ambiguous Admins LDAP Linux"));
}

TEST_F(GivenGroupAsMember, WhenTheTargetGroupIsMissingThenCreatedWithItsMember) {
  scene.vault().managed.groups.clear();
  vault.observed.groups.clear();
  linux_in_vault();
  EXPECT_THAT(changes(), ElementsAre("vault: create-group Admins", "vault: add Admins LDAP Linux"));
}

TEST_F(GivenGroupAsMember, WhenNestedThenInSyncAndTheEffectivePeopleAreNamed) {
  linux_granted();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), ElementsAre("effective Admins cn=linux,ou=groups,dc=x"));
  EXPECT_EQ(text_of("effective"), "2 people through cn=linux,ou=groups,dc=x: ann, bob");
  EXPECT_EQ(planned->draft.groups.at(0).managed, 1);
}

TEST_F(GivenGroupAsMember, WhenSomebodyElseNestedItThenKeptAndOnlyAdoptedWhenTheRuleSaysSo) {
  linux_in_vault("CN=Linux,OU=Groups,DC=X");
  vault.nest("Admins", "LDAP Linux");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").adopt_grants, IsEmpty());
  scene.rule().adopt = true;
  EXPECT_THAT(changes(), IsEmpty());
  auto const& adopted = planned->draft.store_updates.at("vault").adopt_grants;
  ASSERT_EQ(adopted.size(), 1U);
  EXPECT_EQ(adopted[0].principal_id, group_principal_id(vault.find_group("LDAP Linux")->id));
  EXPECT_EQ(adopted[0].id, EntryId{"g-linux"});
}

TEST_F(GivenGroupAsMember, WhenItsSourceLeavesTheRuleThenOurNestingIsTakenOut) {
  linux_granted();
  scene.corp().group("unix");
  scene.rule().selection = MatchingGroups{"(cn=unix)"};
  vault.directory_group("LDAP Unix", fake::dn_of_group("unix"));
  vault.nest("Admins", "LDAP Unix");
  ASSERT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux"));
  EXPECT_EQ(only_change().phase, Phase::removal);
  EXPECT_EQ(planned->draft.causes[0], Cause::left);
  EXPECT_EQ(planned->draft.groups.at(0).ours_removed, 1);
  EXPECT_EQ(only_change().principal_id, group_principal_id(vault.find_group("LDAP Linux")->id));
}

TEST_F(GivenGroupAsMember, WhenItsSourceIsReplacedByAnotherThenTheOldOneWaitsForTheNew) {
  linux_granted();
  scene.corp().group("unix");
  scene.rule().selection = MatchingGroups{"(cn=unix)"};
  vault.directory_group("LDAP Unix", fake::dn_of_group("unix"));
  EXPECT_THAT(changes(), ElementsAre("vault: add Admins LDAP Unix"));
}

TEST_F(GivenGroupAsMember, WhenANestedGroupIsNotOursThenReportedAndNeverTakenOut) {
  linux_granted();
  vault.directory_group("LDAP Other", "cn=other,ou=groups,dc=x");
  vault.nest("Admins", "LDAP Other");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("foreign Admins LDAP Other"));
  EXPECT_THAT(notices(), Not(Contains("foreign Admins LDAP Linux")));
}

TEST_F(GivenGroupAsMember, WhenOneOfTwoSourcesIsGoneThenItsAbsenceIsConfirmedFirst) {
  linux_granted();
  scene.corp().group("unix");
  scene.rule().selection = MatchingGroups{"(cn=unix)"};
  vault.directory_group("LDAP Unix", fake::dn_of_group("unix"));
  vault.nest("Admins", "LDAP Unix");
  scene.corp().drop_group("linux");
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux?"));
  EXPECT_EQ(planned->draft.causes[0], Cause::gone);
  scene.absent_before(AbsenceKey{"group:g-linux"}, 1);
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux"));
}

TEST_F(GivenGroupAsMember, WhenItsOnlySourceIsGoneThenTheRuleDecidesOnceThatIsConfirmed) {
  linux_granted();
  scene.corp().drop_group("linux");
  scene.absent_before(AbsenceKey{"group:g-linux"}, 1);
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("orphaned Admins"));
  scene.rule().source_gone = SourceGone::empty;
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux"));
  EXPECT_EQ(planned->draft.causes[0], Cause::orphaned);
}

TEST_F(GivenGroupAsMember, WhenItsPeopleWereMembersBeforeThenTheyStayUntilItIsSeenThere) {
  member_granted("ann");
  linux_in_vault();
  EXPECT_THAT(changes(), ElementsAre("vault: add Admins LDAP Linux"));
  linux_granted();
  vault.observed.groups.pop_back();
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins ann"));
  EXPECT_THAT(only_change().why, HasSubstr("itself is the member now"));
}

TEST_F(GivenGroupAsMember, WhenOneOfItsFormerMembersIsDisabledThenRevokedAtOnce) {
  member_granted("ann");
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins ann"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
}

TEST_F(GivenGroupAsMember, WhenTheRuleWantsUsersAgainThenItGoesOnceNobodyIsToBeAdded) {
  linux_granted();
  scene.rule().as = MembersAs::users;
  vault.ldap_user("ann");
  vault.ldap_user("bob");
  EXPECT_THAT(changes(), ElementsAre("vault: add Admins ann", "vault: add Admins bob"));
  vault.add("Admins", "ann");
  vault.add("Admins", "bob");
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux"));
}

TEST_F(GivenGroupAsMember, WhenAUserHasTheIdOfOurNestedGroupThenTheUserIsNotTakenForIt) {
  linux_granted();
  scene.rule().as = MembersAs::users;
  scene.rule().foreign_members = ForeignMembers::keep;
  vault.ldap_user("ann");
  vault.ldap_user("bob");
  vault.add("Admins", "ann");
  vault.add("Admins", "bob");
  auto const local = vault.user("local", "", UserSource::local);
  vault.observed.users[local].id = vault.find_group("LDAP Linux")->id;
  vault.add("Admins", "local");
  EXPECT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux"));
}

/// linux moved; the Vault still has it at its old DN, as a member of By Hand, which dirsyncd does not manage.
struct GivenMovedDirectoryGroup : GivenGroupAsMember {
  static constexpr char kOld[] = "cn=linux,ou=former,dc=x";

  void SetUp() override {
    GivenGroupAsMember::SetUp();
    linux_in_vault(kOld);
    vault.group("By Hand");
    vault.nest("By Hand", "LDAP Linux");
    scene.rule().selection = MatchingGroups{"(cn=none)"};
    scene.vault().managed.groups.clear();
    scene.facts.known["corp"][kOld] = {EntryId{"g-linux"}, kOld, true};
    scene.vault().replace_stale_groups = true;
  }
  void successor() { vault.directory_group("LDAP Linux 2", fake::dn_of_group("linux")); }
};

TEST_F(GivenMovedDirectoryGroup, WhenOnlyReportedThenNothingChanges) {
  scene.vault().replace_stale_groups = false;
  successor();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("stale-dn LDAP Linux"));
}

TEST_F(GivenMovedDirectoryGroup, WhenTheVaultHasItsSuccessorThenThatOneIsAddedFirst) {
  successor();
  ASSERT_THAT(changes(), ElementsAre("vault: add By Hand LDAP Linux 2"));
  EXPECT_EQ(only_change().rule, "");
  EXPECT_THAT(only_change().why, HasSubstr("dirsyncd did not put it there"));
  vault.nest("By Hand", "LDAP Linux 2");
  ASSERT_THAT(changes(), ElementsAre("vault: remove By Hand LDAP Linux"));
  EXPECT_EQ(planned->draft.causes[0], Cause::replaced);
  EXPECT_EQ(planned->draft.groups.at(0).removals, 1);
  EXPECT_EQ(planned->draft.groups.at(0).ours_removed, 0);
}

TEST_F(GivenMovedDirectoryGroup, WhenTheVaultHasNoSuccessorThenProvisioned) {
  scene.vault().domains = {{"corp", "example.com"}};
  ASSERT_THAT(changes(), ElementsAre("vault: add By Hand linux"));
  EXPECT_EQ(only_change().domain, "example.com");
}

TEST_F(GivenMovedDirectoryGroup, WhenLimitsAreReachedThenTheReplacementIsHeldLikeAnyOther) {
  successor();
  vault.nest("By Hand", "LDAP Linux 2");
  scene.rule().allow_empty = true;  // only what others put into the Vault is looked at here
  scene.limits.removals = PercentLimit::exactly(0);
  EXPECT_THAT(changes(), ElementsAre("vault: remove By Hand LDAP Linux"));
  EXPECT_THAT(planned->reasons(), ElementsAre("removals"));
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
}

TEST_F(GivenMovedDirectoryGroup, WhenItIsGoneThenNothingIsReplacedOrTakenOut) {
  scene.corp().drop_group("linux");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("gone-dn LDAP Linux"));
}

TEST_F(GivenMovedDirectoryGroup, WhenTheHolderIsProtectedThenItIsLeftAlone) {
  successor();
  vault.find_group("By Hand")->protected_because = "on the built-in list";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("protected By Hand LDAP Linux"));
}

TEST_F(GivenMovedDirectoryGroup, WhenAnotherServerAnsweredThenItWaits) {
  successor();
  scene.facts.other_server.insert("corp");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenMovedDirectoryGroup, WhenARuleNestedItThenItKeepsItsRuleAndNothingIsAddedTwice) {
  scene.rule().selection = MatchingGroups{"(cn=linux)"};
  scene.vault().managed.groups.push_back(
      {vault.find_group("Admins")->id, "Admins", "all", true, {EntryId{"g-linux"}}});
  successor();
  vault.find_group("By Hand")->others.clear();
  vault.nest("Admins", "LDAP Linux");
  scene.vault().managed.grants.push_back(fake::group_grant(vault, "Admins", "LDAP Linux", "linux", "all"));
  ASSERT_THAT(changes(), ElementsAre("vault: add Admins LDAP Linux 2"));
  EXPECT_EQ(only_change().rule, "all");
  scene.vault().managed.grants.clear();
  ASSERT_THAT(changes(), ElementsAre("vault: add Admins LDAP Linux 2"));
  vault.nest("Admins", "LDAP Linux 2");
  ASSERT_THAT(changes(), ElementsAre("vault: remove Admins LDAP Linux"));
}

TEST_F(GivenMovedDirectoryGroup, WhenWePutASuccessorInForSomebodyElseThenNoRuleTakesItOut) {
  successor();
  vault.find_group("LDAP Linux")->dn = "cn=unrelated,dc=elsewhere";
  vault.nest("By Hand", "LDAP Linux 2");
  scene.vault().managed.grants.push_back(fake::group_grant(vault, "By Hand", "LDAP Linux 2", "linux", ""));
  scene.corp().group("hand");
  scene.rule().selection = MatchingGroups{"(cn=hand)"};
  scene.rule().group_name = fake::name_template("By Hand");
  scene.rule().as = MembersAs::users;
  scene.rule().adopt = true;
  EXPECT_THAT(changes(), IsEmpty());
}

}  // namespace
}  // namespace dirsync::plan
