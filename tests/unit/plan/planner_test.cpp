#include "sync/plan/diff/draft.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/document.hpp"
#include "sync/plan/judge/cut.hpp"
#include "sync/plan/judge/digest.hpp"
#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

struct GivenScene : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  Change const& only_change() const { return planned->plan().changes.at(0); }
  /// ann and bob are in ops, which is ours, on both sides; eve is in the target's alone.
  void ops_with_foreign_eve() {
    scene.in_sync("ops", {"ann", "bob"});
    scene.corp().person("eve");
    vault.ldap_user("eve");
    vault.add("ops", "eve");
  }
};

TEST_F(GivenScene, WhenEverythingIsSoThenNoChange) {
  scene.in_sync("ops", {"ann", "bob"});
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_EQ(planned->plan().verdict, Verdict::in_sync);
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenScene, WhenGroupAndPeopleAreMissingThenCreatedAndAddedWithTheirPath) {
  scene.corp().people_named({"ann", "bob"});
  scene.corp().group("ops", {"ann", "@inner"});
  scene.corp().group("inner", {"bob"});
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  scene.rule().roles = {"Device Administrator"};
  vault.ldap_user("ann");
  vault.ldap_user("bob");
  ASSERT_THAT(changes(), ElementsAre("vault: create-group ops", "vault: add ops ann", "vault: add ops bob"));
  auto const& create = planned->plan().changes[0];
  EXPECT_THAT(create.roles, ElementsAre("Device Administrator"));
  EXPECT_EQ(create.id, EntryId{"g-ops"});
  auto const& add = planned->plan().changes[2];
  EXPECT_EQ(add.n, 3);
  EXPECT_EQ(add.group_id, "");
  EXPECT_EQ(add.id, EntryId{"p-bob"});
  EXPECT_EQ(add.path, "cn=ops,ou=groups,dc=x > cn=inner,ou=groups,dc=x > uid=bob,ou=people,dc=x");
  EXPECT_EQ(add.why, "member of cn=ops,ou=groups,dc=x through nested group cn=inner,ou=groups,dc=x");
}

TEST_F(GivenScene, WhenGroupsMayNotBeCreatedThenMissing) {
  scene.corp().person("ann");
  scene.corp().group("ops", {"ann"});
  scene.rule().create_groups = false;
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("missing-group ops"));
}

TEST_F(GivenScene, WhenTheTargetTakesNoSuchNameThenRefused) {
  scene.corp().group("Refused");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("refused-name Refused"));
}

TEST_F(GivenScene, WhenAVaultGroupDiffersByCaseThenItIsTheGroup) {
  scene.in_sync("ops", {"ann"});
  vault.find_group("ops")->name = "OPS";
  scene.vault().managed.groups[0].group = "OPS";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenScene, WhenAConsoleGroupDiffersByCaseThenReportedNotCreated) {
  scene.console().world.group("OPS");
  scene.corp().group("ops");
  scene.rules.erase(scene.rules.begin());
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), ElementsAre("case-differs ops"));
}

TEST_F(GivenScene, WhenTwoNewConsoleGroupsDifferByCaseThenOnlyOneIsCreated) {
  scene.console();
  scene.rules.erase(scene.rules.begin());
  scene.rule("console").group_name = fake::name_template("{description}");
  scene.corp().group("one").attributes["description"] = "ops";
  scene.corp().group("two").attributes["description"] = "OPS";
  EXPECT_THAT(changes(), ElementsAre("console: create-group OPS"));
  EXPECT_THAT(planned->notices("console"), ElementsAre("case-differs ops"));
}

TEST_F(GivenScene, WhenAPersonLeavesThenRemoved) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.corp().leave("ops", "bob");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_EQ(planned->draft.causes[0], Cause::left);
  EXPECT_EQ(only_change().phase, Phase::removal);
  EXPECT_EQ(only_change().why, "no longer a member of cn=ops,ou=groups,dc=x or of a group in it");
  EXPECT_EQ(only_change().dn, "uid=bob,ou=people,dc=x");
}

TEST_F(GivenScene, WhenAPersonIsDisabledThenRevokedFirst) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.in_sync("web", {"cid", "bob"});
  scene.corp().disable("ann");
  scene.corp().leave("web", "bob");
  scene.corp().join("web", "cid");
  scene.corp().person("new");
  scene.corp().join("ops", "new");
  vault.ldap_user("new");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann", "vault: add ops new", "vault: remove web bob"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
  EXPECT_EQ(only_change().phase, Phase::revocation);
  EXPECT_THAT(only_change().why, HasSubstr("(employeeType=disabled)"));
}

TEST_F(GivenScene, WhenAPersonIsExcludedThenRemovedWithThatReason) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.rule().exclude_people = fake::filter("(uid=bob)");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_EQ(only_change().why, "excluded by exclude_people = (uid=bob)");
}

TEST_F(GivenScene, WhenAProtectedUserWouldChangeThenReportedAlone) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.corp().leave("ops", "bob");
  scene.corp().person("cid");
  scene.corp().join("ops", "cid");
  vault.ldap_user("cid");
  for (auto& user : vault.observed.users)
    if (user.name != "ann") user.protected_because = "a component user";
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob!"));
  EXPECT_THAT(planned->notices(), ElementsAre("protected ops cid"));
}

TEST_F(GivenScene, WhenAGroupIsProtectedOrADirectoryGroupThenNothingInIt) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.corp().leave("ops", "bob");
  vault.find_group("ops")->protected_because = "predefined";
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob!"));
  EXPECT_EQ(planned->plan().changes[0].blocked->code, "protected");
  EXPECT_THAT(planned->notices(), IsEmpty());
  vault.find_group("ops")->protected_because.clear();
  vault.find_group("ops")->directory_group = true;
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob!"));
  EXPECT_EQ(planned->plan().changes[0].blocked->code, "directory-group");
  scene.corp().join("ops", "bob");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("directory-group ops"));
}

TEST_F(GivenScene, WhenAMemberCanNotBeAddressedThenKeptAndReported) {
  scene.in_sync("ops", {"ann", "b/b"});
  scene.corp().leave("ops", "b/b");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops b/b!"));
  EXPECT_EQ(planned->plan().changes[0].blocked->code, "unaddressable");
}

TEST_F(GivenScene, WhenAGroupIsNotOursThenNothingIsReadOrWritten) {
  scene.corp().people_named({"ann", "bob"});
  scene.corp().group("ops", {"ann"});
  vault.ldap_user("ann");
  vault.ldap_user("bob");
  vault.group("ops", {"bob"});
  ASSERT_THAT(changes(), ElementsAre("vault: create-group ops!"));
  EXPECT_EQ(planned->plan().changes[0].blocked->code, "not-ours");
  EXPECT_THAT(planned->notices(), IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").adopt_groups, IsEmpty());
}

TEST_F(GivenScene, WhenAdoptedThenDesiredMembersBecomeGrantsAndOthersStay) {
  scene.corp().people_named({"ann", "bob", "cid"});
  scene.corp().group("ops", {"ann", "cid"});
  for (auto const& uid : {"ann", "bob", "cid"}) vault.ldap_user(uid);
  vault.group("ops", {"ann", "bob"});
  scene.rule().adopt = true;
  EXPECT_THAT(changes(), ElementsAre("vault: add ops cid"));
  auto const& house = planned->draft.store_updates.at("vault");
  ASSERT_EQ(house.adopt_groups.size(), 1U);
  EXPECT_FALSE(house.adopt_groups[0].created_by_us);
  EXPECT_THAT(house.adopt_groups[0].sources, ElementsAre(EntryId{"g-ops"}));
  ASSERT_EQ(house.adopt_grants.size(), 1U);
  EXPECT_EQ(house.adopt_grants[0].principal, "ann");
  EXPECT_EQ(house.adopt_grants[0].id, EntryId{"p-ann"});
  EXPECT_THAT(planned->notices(), ElementsAre("foreign ops bob"));
}

TEST_F(GivenScene, WhenForeignMembersAreKeptThenSilently) {
  ops_with_foreign_eve();
  scene.rule().foreign_members = ForeignMembers::keep;
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenScene, WhenForeignMembersAreReportedThenKept) {
  ops_with_foreign_eve();
  vault.find_group("ops")->others = {{"7", "nested", OtherMember::Kind::group},
                                     {"8", "odd", OtherMember::Kind::unknown}};
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("foreign ops eve", "foreign ops nested", "foreign ops odd"));
}

TEST_F(GivenScene, WhenForeignMembersGoThenOnlyPeopleOfTheDirectory) {
  ops_with_foreign_eve();
  scene.rule().foreign_members = ForeignMembers::remove;
  vault.user("local", "", UserSource::local);
  vault.user("local-with-dn", fake::dn_of_person("eve2"), UserSource::local);
  vault.user("elsewhere", "uid=eve,dc=elsewhere");
  vault.user("odd", "no dn");
  vault.ldap_user("guarded");
  vault.observed.users.back().protected_because = "a component user";
  scene.corp().person("e/e");
  vault.ldap_user("e/e");
  for (auto const& user : {"local", "local-with-dn", "elsewhere", "odd", "guarded", "e/e"})
    vault.add("ops", user);
  vault.find_group("ops")->others = {{"7", "nested", OtherMember::Kind::group}};
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops eve"));
  EXPECT_EQ(planned->draft.causes[0], Cause::foreign);
  EXPECT_EQ(only_change().id, EntryId{"p-eve"});
  EXPECT_THAT(planned->notices(),
              UnorderedElementsAre("foreign ops local", "foreign ops local-with-dn", "foreign ops elsewhere",
                                   "foreign ops odd", "foreign ops guarded", "unaddressable ops e/e",
                                   "foreign ops nested"));
}

TEST_F(GivenScene, WhenAForeignMemberIsDisabledThenRevokedFirst) {
  ops_with_foreign_eve();
  scene.rule().foreign_members = ForeignMembers::remove;
  scene.corp().disable("eve");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops eve"));
  EXPECT_EQ(only_change().phase, Phase::revocation);
}

TEST_F(GivenScene, WhenAForeignMembersEntryIsNotFoundThenItsAbsenceIsConfirmedFirst) {
  ops_with_foreign_eve();
  scene.rule().foreign_members = ForeignMembers::remove;
  scene.corp().drop_person("eve");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops eve?"));
  auto const& absent = planned->draft.absent.at("corp");
  ASSERT_EQ(absent.size(), 1U);
  scene.absent_before(*absent.begin(), 1);
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops eve"));
}

TEST_F(GivenScene, WhenAForeignMemberMayBeAWantedPersonWhoIsSetAsideThenKept) {
  scene.in_sync("ops", {"bob"});
  scene.corp().person("ann");
  scene.corp().join("ops", "ann");
  vault.user("ann@example.com", "uid=ann,ou=former,dc=x");
  vault.add("ops", "ann@example.com");
  scene.rule().foreign_members = ForeignMembers::remove;
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ann", "foreign ops ann@example.com"));
}

TEST_F(GivenScene, WhenForeignConsoleMembersGoThenOnlyTheNamesOfPeopleRead) {
  scene.console();
  scene.rules.erase(scene.rules.begin());
  scene.corp().people_named({"ann", "eve", "twin"});
  scene.corp().disable("eve");
  scene.corp().person("twin2").attributes["uid"] = "twin";
  scene.corp().group("ops", {"ann"});
  scene.granted("ops", {"ann"}, "console");
  auto& console = scene.console().world;
  for (auto const& user : {"eve", "twin", "operator"}) {
    console.user(user, "", UserSource::unknown);
    console.add("ops", user);
  }
  scene.rule("console").foreign_members = ForeignMembers::remove;
  EXPECT_THAT(changes(), ElementsAre("console: remove ops eve"));
  EXPECT_THAT(planned->notices("console"), ElementsAre("foreign ops operator", "foreign ops twin"));
}

TEST_F(GivenScene, WhenTheSourceIsRenamedThenOurGroupIsRenamedLast) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.corp().groups.at("ops").attributes["cn"] = "operations";
  scene.corp().leave("ops", "bob");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops bob", "vault: rename-group ops"));
  auto const& rename = planned->plan().changes[1];
  EXPECT_EQ(rename.new_name, "operations");
  EXPECT_EQ(rename.phase, Phase::tidying);
  EXPECT_EQ(rename.group_id, vault.find_group("ops")->id);
}

TEST_F(GivenScene, WhenTheRenamedSourcesGroupWasAdoptedThenItKeepsItsName) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.vault().managed.groups[0].created_by_us = false;
  scene.corp().groups.at("ops").attributes["cn"] = "operations";
  scene.corp().leave("ops", "bob");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_THAT(planned->notices(), ElementsAre("renamed-source ops"));
}

TEST_F(GivenScene, WhenTheNewNameOfARenameDiffersThenSoDoesTheDigest) {
  scene.in_sync("ops", {"ann"});
  scene.corp().groups.at("ops").attributes["cn"] = "operations";
  changes();
  auto const first = planned->plan().digest;
  scene.corp().groups.at("ops").attributes["cn"] = "operators";
  changes();
  EXPECT_NE(planned->plan().digest, first);
}

TEST_F(GivenScene, WhenSomebodyElseEndedAMembershipThenForgottenUnlessWanted) {
  scene.in_sync("ops", {"ann", "bob"});
  vault.remove("ops", "ann");
  vault.remove("ops", "bob");
  scene.corp().leave("ops", "bob");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  EXPECT_THAT(planned->draft.store_updates.at("vault").forget, IsEmpty());  // one read is not enough
  auto const key = grant_key(vault.find_group("ops")->id, "bob");
  EXPECT_THAT(planned->draft.absent.at(members_of("vault")), ElementsAre(key));
  scene.facts.absences[members_of("vault")][key] = {1, scene.facts.now - std::chrono::hours{1}};
  changes();
  auto const& forget = planned->draft.store_updates.at("vault").forget;
  ASSERT_EQ(forget.size(), 1U);
  EXPECT_EQ(forget[0].principal, "bob");
}

TEST_F(GivenScene, WhenAMemberIsThereButTheUserIsHiddenThenTheGrantIsKept) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.corp().leave("ops", "bob");
  auto const bob = *vault.find_user("bob");
  vault.drop_user("bob");
  vault.find_group("ops")->others.push_back({bob.id, "bob", OtherMember::Kind::unknown});
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").forget, IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("foreign ops bob"));
}

TEST_F(GivenScene, WhenSeveralGroupsHaveTheNameThenOursElseTheOnlyOneThatCanBeWrittenTo) {
  vault.directory_group("OPS", "cn=x,dc=elsewhere");
  scene.in_sync("ops", {"ann"});
  vault.group("Ops", {});
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().leave("ops", "ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_EQ(only_change().group_id, vault.find_group("ops")->id);
}

TEST_F(GivenScene, WhenSeveralGroupsHaveTheNameAndNoneIsOursThenNothingIsWritten) {
  scene.rule().adopt = true;
  scene.corp().person("ann");
  scene.corp().group("ops", {"ann"});
  vault.ldap_user("ann");
  vault.directory_group("OPS", "cn=x,dc=elsewhere");
  vault.group("ops");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  vault.group("Ops");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("ambiguous OPS"));
}

TEST_F(GivenScene, WhenAGroupHasAUsersNameThenNoCallNamesEither) {
  scene.in_sync("ops", {"ann", "bob"});
  scene.corp().person("cid");
  vault.ldap_user("cid");
  vault.group("CID");
  scene.corp().join("ops", "cid");
  vault.group("bob");
  vault.nest("ops", "bob");
  scene.corp().leave("ops", "bob");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops bob!"));
  EXPECT_EQ(planned->plan().changes[0].blocked->code, "ambiguous");
  EXPECT_THAT(planned->notices(), Contains("ambiguous ops cid"));
  vault.find_group("ops")->others.clear();
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
}

TEST_F(GivenScene, WhenAGroupIsFedByOtherSourcesThenThatIsRememberedOnceTheFormerIsGoneForCertain) {
  scene.in_sync("ops", {"ann"});
  scene.vault().managed.groups[0].sources = {EntryId{"g-former"}};
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->draft.store_updates.at("vault").update_groups.at(0).sources,
              ElementsAre(EntryId{"g-former"}, EntryId{"g-ops"}));
  scene.absent_before(group_key_of(EntryId{"g-former"}), 1);
  EXPECT_THAT(changes(), IsEmpty());
  auto const& update = planned->draft.store_updates.at("vault").update_groups;
  ASSERT_EQ(update.size(), 1U);
  EXPECT_THAT(update[0].sources, ElementsAre(EntryId{"g-ops"}));
  EXPECT_TRUE(update[0].created_by_us);
}

TEST_F(GivenScene, WhenAPersonOfASecondDirectoryLeavesThenTheyAreNotTakenForGone) {
  scene.rules.push_back(fake::rule("lab", "vault"));
  scene.rule("lab").directory = "lab";
  for (auto& rule : scene.rules) rule.group_name = fake::name_template("ops");
  scene.corp().person("ann");
  scene.corp().group("ops", {"ann"});
  auto& zoe = scene.directories["lab"].person("zoe");
  scene.directories["lab"].group("lab-ops", {});
  scene.granted("ops", {"ann", "zoe"});
  scene.vault().managed.grants[1].rule = "lab";
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops zoe"));
  EXPECT_EQ(planned->draft.causes[0], Cause::left);
  zoe.attributes["employeeType"] = "disabled";
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops zoe"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
  scene.directories["lab"].drop_person("zoe");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops zoe?"));
  EXPECT_THAT(
      planned->draft.absent["lab"],
      ElementsAre(AbsenceKey{"former:vault/p-zoe/uid=zoe,ou=people,dc=x"}, AbsenceKey{"person:p-zoe"}));
}

TEST_F(GivenScene, WhenTheRuleOfAGrantIsConfiguredNoMoreThenJudgedAsTheOneThatFeedsTheGroup) {
  scene.in_sync("ops", {"ann", "bob"});
  for (auto& grant : scene.vault().managed.grants) grant.rule = "former";
  scene.corp().leave("ops", "bob");
  ASSERT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_EQ(only_change().rule, "all");
}

struct GivenTwoGroupsToMake : GivenScene {
  void SetUp() override {
    scene.corp().people_named({"ann", "bob"});
    scene.corp().group("ops", {"ann", "bob"});
    scene.corp().group("web", {"ann"});
    vault.ldap_user("ann");
    vault.ldap_user("bob");
  }
  std::vector<std::string> cut_changes(Cut const& wanted) {
    planned = scene.plan();
    planned->judged = cut(planned->judged, wanted);
    return planned->changes();
  }
};

TEST_F(GivenTwoGroupsToMake, WhenCutThenOnlyWhatFitsWithANewDigest) {
  auto const whole = scene.plan()->plan().digest;
  EXPECT_EQ(cut_changes({}).size(), 5U);
  EXPECT_EQ(planned->plan().digest, whole);
  EXPECT_THAT(cut_changes({"", "WEB", ""}), ElementsAre("vault: create-group web", "vault: add web ann"));
  EXPECT_NE(planned->plan().digest, whole);
  EXPECT_EQ(planned->plan().changes[1].n, 2);
  EXPECT_THAT(cut_changes({"other", "", ""}), IsEmpty());
  EXPECT_EQ(cut_changes({"all", "", ""}).size(), 5U);
}

TEST_F(GivenTwoGroupsToMake, WhenCutToAPersonThenTheirGroupsAreStillCreated) {
  for (auto const* user : {"BOB", "P-bob", "UID=bob, ou=people,dc=x"})
    EXPECT_THAT(cut_changes({"", "", user}), ElementsAre("vault: create-group ops", "vault: add ops bob"))
        << user;
  EXPECT_THAT(cut_changes({"", "", "nobody"}), IsEmpty());
}

TEST_F(GivenTwoGroupsToMake, WhenStoreUpdatesAreCutThenOnlyWhatFits) {
  StoreUpdates house;
  house.adopt_groups = {{"1", "ops", "all", false, {}}, {"2", "web", "all", false, {}}};
  house.adopt_grants = {{"1", "ops", "ann", "11", EntryId{"p-ann"}, fake::dn_of_person("ann"), "all"},
                        {"1", "ops", "bob", "12", EntryId{"p-bob"}, fake::dn_of_person("bob"), "all"}};
  house.forget = house.adopt_grants;
  house = cut(house, {"", "ops", "bob"});
  ASSERT_EQ(house.adopt_groups.size(), 1U);
  ASSERT_EQ(house.adopt_grants.size(), 1U);
  EXPECT_EQ(house.adopt_grants[0].principal, "bob");
  EXPECT_EQ(house.forget.size(), 1U);
}

TEST_F(GivenTwoGroupsToMake, WhenPlannedTwiceThenByteEqual) {
  auto const first = plan_json(scene.plan()->plan(), std::nullopt);
  EXPECT_EQ(plan_json(scene.plan()->plan(), std::nullopt), first);
}

TEST_F(GivenTwoGroupsToMake, WhenNumbersOfRunsAndReadsDifferThenTheDigestIsTheSame) {
  scene.in_sync("old", {"cid", "dan"});
  scene.limits.confirm.reads = 3;
  scene.corp().drop_person("cid");
  auto const first = scene.plan()->plan().digest;
  scene.absent_before(AbsenceKey{"person:p-cid"}, 1);
  EXPECT_EQ(scene.plan()->plan().digest, first);
}

TEST_F(GivenTwoGroupsToMake, WhenSomebodyLeavesThenWhatIsSentIsAnotherAndWhatIsApprovedIsTheSame) {
  auto changes = scene.plan()->plan().changes;
  EXPECT_EQ(sending_digest(changes), plan_digest(changes));
  auto const approved = plan_digest(changes), sent = sending_digest(changes);
  auto leaver = changes.front();
  leaver.verb = Verb::remove;
  leaver.part = Part::leavers;
  changes.push_back(leaver);
  EXPECT_EQ(plan_digest(changes), approved);
  EXPECT_NE(sending_digest(changes), sent);
}

TEST_F(GivenTwoGroupsToMake, WhenOneFieldOfAChangeDiffersThenTheDigestDiffers) {
  auto const changes = scene.plan()->plan().changes;
  std::set<PlanDigest> digests{plan_digest(changes)};
  auto const with = [&changes, &digests](auto edit) {
    auto edited = changes;
    edit(edited[1]);
    digests.insert(plan_digest(edited));
  };
  with([](Change& change) { change.target = "x"; });
  with([](Change& change) { change.verb = Verb::remove; });
  with([](Change& change) { change.group = "x"; });
  with([](Change& change) { change.group_id = "y"; });
  with([](Change& change) { change.principal = "x"; });
  with([](Change& change) { change.id = EntryId{"x"}; });
  with([](Change& change) { change.rule = "x"; });
  EXPECT_EQ(digests.size(), 8U);
  auto reordered = changes;
  std::swap(reordered[0], reordered[1]);
  digests.insert(plan_digest(reordered));
  EXPECT_EQ(digests.size(), 9U);
  with([](Change& change) { change.why = change.path = "x", change.n = 99; });
  EXPECT_EQ(digests.size(), 9U);
}

}  // namespace
}  // namespace dirsync::plan
