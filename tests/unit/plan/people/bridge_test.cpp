// Groups from one directory, people from another.
#include "sync/plan/people/bridge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/two_sides.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// The lab's groups name the lab's accounts; the people are those of corp, by number.
struct GivenPeopleElsewhere : testing::Test {
  fake::TwoSides scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.rules.erase(scene.rules.begin());
    scene.rule("lab").people = PeopleFrom{"corp", "employeeNumber", "employeeNumber"};
    for (auto const* uid : {"ann", "bob"}) vault.ldap_user(uid);
    scene.corp_person("ann", "17");
    scene.corp_person("bob", "18");
    scene.lab_person("acc17", "17");
    scene.lab_person("acc18", "18");
    scene.lab_group("ops", {"acc17", "acc18"});
    scene.granted("ops", {});
    scene.vault().managed.groups[0].sources = {EntryId{"gl-ops"}};
  }
  void grant_both() {
    for (auto const* uid : {"ann", "bob"}) {
      vault.add("ops", uid);
      scene.vault().managed.grants.push_back(fake::grant(vault, "ops", uid, "lab"));
    }
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  Change const& first() const { return planned->plan().changes.at(0); }
  /// ann can be told in no way: she stays for `confirm.reads` runs, and counts as no leaver then.
  void ann_waits(std::string const& why) {
    EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?")) << why;
    EXPECT_THAT(first().why, HasSubstr(why));
    EXPECT_EQ(planned->draft.causes[0], Cause::left);
    auto const key = membership_key("vault", vault.find_group("ops")->id, "ann");
    EXPECT_THAT(planned->draft.absent.at("corp"), Contains(key));
    scene.absent_before(key, 1);
    EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
    EXPECT_EQ(planned->draft.groups.at(0).leavers, 0);
  }
};

TEST_F(GivenPeopleElsewhere, WhenPlannedThenTheyAreWantedAsWhoTheyAreThere) {
  ASSERT_THAT(changes(), ElementsAre("vault: add ops ann", "vault: add ops bob"));
  EXPECT_EQ(first().id, EntryId{"p-ann"});
  EXPECT_EQ(first().dn, fake::dn_of_person("ann"));
  EXPECT_EQ(
      first().path,
      "cn=ops,ou=groups,dc=lab > uid=acc17,ou=people,dc=lab = uid=ann,ou=people,dc=x (employeeNumber 17)");
  EXPECT_EQ(first().why, "member of cn=ops,ou=groups,dc=lab");
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenPeopleElsewhere, WhenTheAttributesHaveDifferentNamesThenEachSideHasItsOwn) {
  scene.rule("lab").people->group_side = "uidNumber";
  for (auto& [uid, person] : scene.lab().people)
    person.attributes["uidNumber"] = person.attributes.extract("employeeNumber").mapped();
  EXPECT_EQ(changes().size(), 2U);
}

TEST_F(GivenPeopleElsewhere, WhenTheyComeThroughANestedGroupThenThePathSaysSo) {
  scene.leave_lab("ops", "acc17");
  scene.lab_group("inner", {"acc17"});
  scene.lab().groups.at("ops").values.push_back("cn=inner,ou=groups,dc=lab");
  scene.rule("lab").selection = MatchingGroups{"(cn=ops)"};
  ASSERT_THAT(changes(), Contains("vault: add ops ann"));
  EXPECT_THAT(first().path, HasSubstr("cn=ops,ou=groups,dc=lab > cn=inner,ou=groups,dc=lab > uid=acc17"));
  EXPECT_THAT(first().why, HasSubstr("through nested group cn=inner"));
}

TEST_F(GivenPeopleElsewhere, WhenEitherSideDisablesThenNotWantedAndRemovedAtOnce) {
  grant_both();
  scene.limits.confirm.removals_above = 0;
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_EQ(planned->draft.causes[0], Cause::disabled);
  scene.lab().disable("acc18");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann", "vault: remove ops bob"));
  EXPECT_EQ(planned->draft.causes[1], Cause::disabled);
  EXPECT_THAT(planned->plan().changes[1].why, HasSubstr("uid=acc18,ou=people,dc=lab is disabled"));
}

TEST_F(GivenPeopleElsewhere, WhenTheyAreExcludedByTheirOwnDirectoryThenRemoved) {
  grant_both();
  scene.rule("lab").exclude_people = fake::filter("(uid=ann)");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_THAT(first().why, HasSubstr("excluded by exclude_people"));
}

TEST_F(GivenPeopleElsewhere, WhenTheirAccountWasReadAndIsNotInTheGroupThenRemovedAtOnce) {
  grant_both();
  scene.leave_lab("ops", "acc17");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_THAT(first().why, HasSubstr("no longer a member"));
}

TEST_F(GivenPeopleElsewhere, WhenTheNumberOfThePersonIsHiddenThenItIsConfirmedFirst) {
  grant_both();
  scene.corp().people.at("ann").attributes.erase("employeeNumber");
  ann_waits("has no employeeNumber that can be read");
}

TEST_F(GivenPeopleElsewhere, WhenTheNumberOfTheAccountIsHiddenThenItIsConfirmedFirst) {
  grant_both();
  scene.lab().people.at("acc17").attributes.erase("employeeNumber");
  ann_waits("no one entry of directory lab has employeeNumber = 17");
}

TEST_F(GivenPeopleElsewhere, WhenTheAccountIsNoLongerReadThenItIsConfirmedFirst) {
  grant_both();
  scene.lab().people.erase("acc17");
  ann_waits("no one entry of directory lab has employeeNumber = 17");
}

TEST_F(GivenPeopleElsewhere, WhenTheAccountAndItsValueAreGoneThenItIsConfirmedFirst) {
  grant_both();
  scene.leave_lab("ops", "acc17");
  scene.lab().people.erase("acc17");
  ann_waits("no one entry of directory lab has employeeNumber = 17");
}

TEST_F(GivenPeopleElsewhere, WhenAllNumbersAreHiddenThenTheLimitsHoldEvenAfterTheConfirmation) {
  grant_both();
  scene.limits.empty_group = scene.rule("lab").limits.empty_group = Limits::OnEmpty::hold;
  for (auto& [uid, person] : scene.corp().people) {
    person.attributes.erase("employeeNumber");
    scene.absent_before(membership_key("vault", vault.find_group("ops")->id, uid), 5);
  }
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann", "vault: remove ops bob"));
  EXPECT_TRUE(planned->plan().held);
  EXPECT_THAT(planned->reasons(), Contains("empty-group"));
}

TEST_F(GivenPeopleElsewhere, WhenThePersonIsGoneThenConfirmedLikeAnyAbsence) {
  grant_both();
  scene.corp().drop_person("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?"));
  EXPECT_EQ(planned->draft.causes[0], Cause::gone);
  EXPECT_EQ(planned->draft.questions.gone.begin()->directory, "corp");
  scene.facts.confirmed_gone.insert(EntryId{"p-ann"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
}

TEST_F(GivenPeopleElsewhere, WhenAForeignMemberCanNotBeToldThenItIsConfirmedFirst) {
  grant_both();
  scene.vault().managed.grants.clear();
  scene.rule("lab").foreign_members = ForeignMembers::remove;
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().people.at("ann").attributes.erase("employeeNumber");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?"));
}

TEST_F(GivenPeopleElsewhere, WhenAnotherRuleGivesTheirMembershipDirectlyThenItStays) {
  grant_both();
  scene.rules.push_back(fake::rule("direct", "vault"));
  scene.corp().group("ops", {"ann"});
  scene.corp().people.at("ann").attributes.erase("employeeNumber");
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenPeopleElsewhere, WhenMembersLeadToNobodyThenEachIsReportedWithItsReason) {
  scene.lab_person("nobody", "99");
  scene.lab_person("unnumbered");
  scene.lab_group("ops", {"nobody", "unnumbered", "never-there"});
  scene.lab().groups.at("ops").uids = {"loose"};
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(
      planned->notices(),
      ElementsAre("not-joined loose", "not-joined uid=never-there,ou=people,dc=lab",
                  "not-joined uid=nobody,ou=people,dc=lab", "not-joined uid=unnumbered,ou=people,dc=lab"));
  std::string texts;
  for (auto const& notice : planned->plan().targets.at("vault").notices) texts += notice.text + "\n";
  for (auto const* reason : {"names no entry of directory lab", "no entry of directory lab has this DN",
                             "one person of directory corp must have employeeNumber = 99",
                             "has no employeeNumber that can be read"})
    EXPECT_THAT(texts, HasSubstr(reason));
}

TEST_F(GivenPeopleElsewhere, WhenProvisionedThenByTheMappingOfThePeoplesDirectory) {
  vault.observed.users.clear();
  scene.vault().domains = {{"corp", "corp.example.com"}, {"lab", "lab.example.com"}};
  ASSERT_THAT(changes(), ElementsAre("vault: add ops ann", "vault: add ops bob"));
  EXPECT_EQ(first().domain, "corp.example.com");
}

/// A posixGroup of the lab whose people live in corp alone.
struct GivenMemberUids : GivenPeopleElsewhere {
  void SetUp() override {
    GivenPeopleElsewhere::SetUp();
    scene.rule("lab").people = PeopleFrom{"corp", "uid", "uid"};
    scene.lab().people.clear();
    scene.lab_group("ops", {});
    set({"ann", "BOB"});
  }
  void set(std::vector<std::string> uids) { scene.lab().groups.at("ops").uids = std::move(uids); }
};

TEST_F(GivenMemberUids, WhenPlannedThenTheValuesAloneNameThePeople) {
  ASSERT_THAT(changes(), ElementsAre("vault: add ops ann", "vault: add ops bob"));
  EXPECT_EQ(first().path, "cn=ops,ou=groups,dc=lab > memberUid ann = uid=ann,ou=people,dc=x (uid ann)");
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenMemberUids, WhenAPersonIsNamedTwiceThenWantedOnce) {
  set({"ann", "Ann", "BOB"});
  EXPECT_EQ(changes().size(), 2U);
}

TEST_F(GivenMemberUids, WhenEveryMemberIsSomebodyElseThenRemovedAtOnce) {
  grant_both();
  set({"BOB"});
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
}

TEST_F(GivenMemberUids, WhenAValueNamesNobodyThenWhoIsMissingMayBeMeant) {
  grant_both();
  set({"BOB", "ann.renamed"});
  ann_waits("no one entry of directory lab has uid = ann");
}

TEST_F(GivenMemberUids, WhenThePersonHasSeveralUidsThenTheyHaveNone) {
  SnapshotBuilder builder{"corp"};
  SnapshotBuilder::Attribute const two[] = {{"uid", {"a", "b"}}}, blank[] = {{"uid", {"  "}}};
  builder.add_person(EntryId{"1"}, "uid=a,dc=x", two);
  builder.add_person(EntryId{"2"}, "uid=b,dc=x", blank);
  auto const snapshot = std::move(builder).build({}).value();
  KeyBook const book{snapshot, "UID", Comparison::case_ignore};
  EXPECT_EQ(book.key_of(0), "");
  EXPECT_EQ(book.why_none(0), "has several values of UID");
  EXPECT_EQ(book.why_none(1), "has no UID that can be read");
  EXPECT_FALSE(book.person("a"));
}

}  // namespace
}  // namespace dirsync::plan
