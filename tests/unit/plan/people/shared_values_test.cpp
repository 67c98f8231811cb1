// A value that several entries bear names nobody, and takes nothing from whoever has a membership by it.
#include "sync/plan/people/uid_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/plan/two_sides.hpp"

namespace dirsync::plan {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// ops lists its members by memberUid; ann and bob have it by us.
struct GivenMembersByUid : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& vault = scene.vault().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"ann", "bob"});
    auto& ops = scene.corp().groups.at("ops");
    ops.values.clear();
    ops.uids = {"ann", "bob"};
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
  /// A second entry with ann's uid, and a user of its own in the Vault.
  void second_entry() {
    scene.corp().person("twin").attributes["uid"] = "ann";
    vault.ldap_user("twin");
  }
  std::string text_of(std::string const& code) const {
    for (auto const& notice : planned->plan().targets.at("vault").notices)
      if (notice.code == code) return notice.text;
    return {};
  }
};

TEST_F(GivenMembersByUid, WhenASecondEntryBearsTheUidThenTheFirstOneKeepsAndTheSecondGetsNothing) {
  EXPECT_THAT(changes(), IsEmpty());
  second_entry();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("ambiguous ops ann", "unresolved ops"));
  EXPECT_THAT(text_of("ambiguous"), HasSubstr("uid=ann,ou=people,dc=x and uid=twin,ou=people,dc=x"));
  // However often.
  auto const key = membership_key("vault", vault.find_group("ops")->id, "ann");
  scene.absent_before(key, 5);
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenMembersByUid, WhenNobodyHasItYetThenNobodyGetsIt) {
  scene.vault().managed.grants.erase(scene.vault().managed.grants.begin());
  vault.remove("ops", "ann");
  second_entry();
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenMembersByUid, WhenTheSecondEntryHasTheUidAmongOthersThenItIsSharedAllTheSame) {
  SnapshotBuilder builder{"corp"};
  SnapshotBuilder::Attribute const one[] = {{"uid", {"ann"}}}, two[] = {{"uid", {"twin", "ann"}}};
  builder.add_person(EntryId{"1"}, "uid=ann,dc=x", one);
  builder.add_person(EntryId{"2"}, "uid=twin,dc=x", two);
  auto const group = builder.add_group(EntryId{"g"}, "cn=ops,dc=x", {});
  builder.add_member_uid(group, "ann");
  auto const snapshot = std::move(builder).build({}).value();
  UidBook const book{snapshot};
  EXPECT_THAT(book.bearers("ann"), ElementsAre(0U, 1U));
  EXPECT_THAT(book.bearers("twin"), IsEmpty());
}

TEST_F(GivenMembersByUid, WhenABearerIsDisabledOrExcludedThenThatOneLeavesAllTheSame) {
  second_entry();
  scene.corp().disable("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_EQ(planned->draft.causes.at(0), Cause::disabled);
  scene.corp().enable("ann");
  scene.rule().exclude_people = fake::filter("(mail=ann@example.com)");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?")) << "the value names nobody only now";
  scene.nothing_new_unresolved();
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
}

TEST_F(GivenMembersByUid, WhenTheValueIsTakenOutThenTheFirstOneLeaves) {
  second_entry();
  scene.corp().groups.at("ops").uids = {"bob"};
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
}

TEST_F(GivenMembersByUid, WhenItStandsInANestedGroupThenTheSame) {
  scene.corp().group("inner").uids = {"ann"};
  scene.rule().selection = MatchingGroups{"(cn=ops)"};
  scene.corp().groups.at("ops").uids = {"bob"};
  scene.corp().join("ops", "@inner");
  second_entry();
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_F(GivenMembersByUid, WhenForeignMembersAreRemovedThenWhoMayBeMeantStays) {
  scene.rule().foreign_members = ForeignMembers::remove;
  scene.vault().managed.grants.clear();
  second_entry();
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("foreign ops ann"));
}

TEST(GivenAUserWhomTwoPeopleFit, WhenBothAreWantedThenItIsGivenNothingAndKeepsWhatItHas) {
  fake::Scene scene;
  auto const former = "uid=bob,ou=former,dc=x";
  scene.corp().people_named({"ann", "bob"});
  scene.vault().world.user("bob", former);
  scene.facts.known["corp"][former] = {EntryId{"p-bob"}, former, false};
  scene.corp().group("all", {"ann"});
  scene.granted("all", {"bob"});
  scene.vault().managed.grants.at(0).id = EntryId{"p-ann"};
  scene.corp().group("ops", {"ann", "bob"});
  scene.granted("ops", {});
  auto const planned = scene.plan();
  EXPECT_THAT(planned->changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), Contains("ambiguous bob"));
}

/// The lab's groups name accounts; the people are those of corp, by number. ann and bob have ops by us.
struct GivenPeopleByNumber : fake::GivenTwoDirectories {
  void SetUp() override {
    scene.rules.erase(scene.rules.begin());
    scene.rule("lab").people = PeopleFrom{"corp", "employeeNumber", "employeeNumber"};
    for (auto const* uid : {"ann", "bob"}) vault.ldap_user(uid);
    scene.corp_person("ann", "17");
    scene.corp_person("bob", "18");
    scene.lab_person("acc17", "17");
    scene.lab_person("acc18", "18");
    scene.lab_group("ops", {"acc17", "acc18"});
    scene.granted("ops", {"ann", "bob"});
    scene.vault().managed.groups[0].sources = {EntryId{"gl-ops"}};
    for (auto& grant : scene.vault().managed.grants) grant.rule = "lab";
  }
  /// However often it was so.
  void ann_keeps_it() {
    EXPECT_THAT(changes(), IsEmpty());
    EXPECT_THAT(notices(), Contains("ambiguous uid=acc17,ou=people,dc=lab"));
    scene.absent_before(membership_key("vault", vault.find_group("ops")->id, "ann"), 5);
    EXPECT_THAT(changes(), IsEmpty());
  }
};

TEST_F(GivenPeopleByNumber, WhenAnotherPersonBearsTheNumberThenTheFirstKeepsIt) {
  scene.corp_person("twin", "17");
  vault.ldap_user("twin");
  ann_keeps_it();
}

TEST_F(GivenPeopleByNumber, WhenAnotherAccountBearsTheNumberThenThePersonKeepsIt) {
  scene.lab_person("twin", "17");
  ann_keeps_it();
}

TEST_F(GivenPeopleByNumber, WhenTheAccountLeavesWhileTheNumberIsSharedThenItIsConfirmedFirst) {
  scene.lab_person("twin", "17");
  scene.leave_lab("ops", "acc17");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann?"));
}

TEST_F(GivenPeopleByNumber, WhenAnotherAccountWithTheUidIsThereThenAMemberUidNamesNobody) {
  scene.rule("lab").people = PeopleFrom{"corp", "uid", "uid"};
  scene.lab_group("ops", {});
  scene.lab().groups.at("ops").uids = {"ann", "bob"};
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp_person("twin").attributes["uid"] = "ann";
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), ElementsAre("ambiguous ann"));
}

/// Two rules name people by different attributes, and one's uid is the other's number.
struct GivenTwoNamings : testing::Test {
  fake::Scene scene;
  fake::TargetWorld& console = scene.console().world;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.rules.erase(scene.rules.begin());
    scene.targets.erase("vault");
    scene.rule("console").selection = MatchingGroups{"(cn=ops)"};
    scene.rules.push_back(fake::rule("numbers", "console", "(cn=web)"));
    scene.rules.back().member_name = fake::name_template("{employeeNumber}");
    scene.corp().person("sam").attributes["employeeNumber"] = "1";
    scene.corp().person("bob").attributes["employeeNumber"] = "sam";
    console.user("sam", "", UserSource::unknown);
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
};

TEST_F(GivenTwoNamings, WhenTheNameOfOneIsThatOfAnotherThenNeitherIsGivenTheUser) {
  scene.corp().group("ops", {"sam"});
  scene.corp().group("web", {"bob"});
  scene.granted("ops", {}, "console");
  scene.granted("web", {}, "console");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices("console"), ElementsAre("ambiguous sam", "ambiguous sam"));
}

TEST_F(GivenTwoNamings, WhenOneHasItByUsThenThatOneKeepsIt) {
  scene.corp().group("ops", {"sam"});
  scene.corp().group("web", {"bob"});
  scene.granted("ops", {"sam"}, "console");
  scene.granted("web", {}, "console");
  EXPECT_THAT(changes(), IsEmpty());
}

/// The same person in two directories, by number.
struct GivenJoinedPeople : fake::GivenTwoDirectories {
  void SetUp() override {
    scene.join_by("employeeNumber");
    scene.corp_person("ann", "17");
    scene.lab_person("asmith", "17");
    scene.lab_group("ops", {"asmith"});
    scene.corp().group("ops");
    scene.granted("ops", {});
    scene.vault().domains[""] = "example.com";
  }
};

TEST_F(GivenJoinedPeople, WhenTheNumberIsSharedThenNobodyIsMadeForIt) {
  vault.ldap_user("ann");
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
  scene.corp_person("twin", "17");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), ElementsAre("ambiguous asmith", "ambiguous employeeNumber 17"));
}

TEST_F(GivenJoinedPeople, WhenTheNumberIsSharedThenWhoHasItKeepsIt) {
  scene.grant_to("ops", "ann", "l-asmith+p-ann", fake::dn_of_person("ann"));
  scene.corp_person("twin", "17");
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().people.erase("twin");
  scene.lab_person("twin", "17");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(notices(), Contains("ambiguous employeeNumber 17"));
}

}  // namespace
}  // namespace dirsync::plan
