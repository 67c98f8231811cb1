// Groups of one directory with members that another one has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

constexpr char kZoesSid[] = "S-1-5-21-4000000001-4000000002-4000000003-1104";

std::string foreign_principal_of(std::string const& sid) {
  return "CN=" + sid + ",CN=ForeignSecurityPrincipals,dc=x";
}

/// Beside corp its child domain, below corp's base as in a forest, with zoe and yan and the group crew.
struct GivenAChildDomain : testing::Test {
  Plant plant;
  fake::FakeDirectory child;
  static constexpr char kChild[] = "dc=child,dc=x";

  void SetUp() override {
    plant.setup.rules = {plant.rule("vault")};
    plant.setup.rules.front().selection = MatchingGroups{"(cn=ops)"};
    plant.people({"ann", "bob"});
    child.world.name = "child";
    child.world.base = kChild;
    for (auto const* uid : {"zoe", "yan"}) child_person(uid);
    auto& crew = child.world.group("crew", {dn("yan")});
    crew.id = "gc-crew";
    crew.dn = group_dn("crew");
    plant.corp.world.group("ops", {"ann", dn("zoe")});
    plant.setup.directories.push_back({.name = "child", .directory = &child, .normalized_base = kChild});
  }
  static std::string dn(std::string const& uid) { return "uid=" + uid + ",ou=people," + kChild; }
  static std::string group_dn(std::string const& cn) { return "cn=" + cn + ",ou=groups," + kChild; }
  fake::DirectoryWorld::Person& child_person(std::string const& uid) {
    auto& person = child.world.person(uid);
    person.id = "c-" + uid;
    person.dn = dn(uid);
    plant.vault.world.user(uid, person.dn);
    return person;
  }
  std::set<std::string> ops() const { return plant.vault.world.members("ops"); }
  static std::vector<std::string> notices(Report const& report, std::string const& code) {
    std::vector<std::string> texts;
    for (auto const& [name, target] : report.plan.targets)
      for (auto const& notice : target.notices)
        if (notice.code == code) texts.push_back(notice.text);
    return texts;
  }
};

using Names = std::set<std::string>;

TEST_F(GivenAChildDomain, WhenAMemberIsOfItThenResolvedThereWithThePath) {
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_EQ(ops(), (Names{"ann", "zoe"}));
  EXPECT_THAT(notices(report, "unresolved"), IsEmpty());
  EXPECT_THAT(report.plan.changes,
              Contains(AllOf(Field(&Change::principal, "zoe"), Field(&Change::id, EntryId{"c-zoe"}),
                             Field(&Change::dn, dn("zoe")),
                             Field(&Change::path, fake::dn_of_group("ops") + " > " + dn("zoe")))));
  EXPECT_EQ(report.plan.summary.rules.at("vault").people, 2U);
  plant.forget_calls();
  EXPECT_EQ(plant.run().plan.verdict, Verdict::in_sync);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenAChildDomain, WhenTheDnIsSpeltOtherwiseThenTheSameMember) {
  plant.corp.world.groups.at("ops").values = {"UID=Zoe, OU=People, DC=Child, DC=x"};
  plant.run();
  EXPECT_EQ(ops(), (Names{"zoe"}));
}

TEST_F(GivenAChildDomain, WhenAGroupOfItIsNestedThenItsPeopleWithTheWayThroughIt) {
  plant.corp.world.group("ops", {group_dn("crew")});
  auto const report = plant.run();
  EXPECT_EQ(ops(), (Names{"yan"}));
  EXPECT_THAT(report.plan.changes,
              Contains(AllOf(Field(&Change::path,
                                   fake::dn_of_group("ops") + " > " + group_dn("crew") + " > " + dn("yan")),
                             Field(&Change::why, HasSubstr("through nested group " + group_dn("crew"))))));
}

TEST_F(GivenAChildDomain, WhenItsGroupLeadsBackThenEverybodyOnceAndNoEnd) {
  plant.corp.world.group("ops", {"ann", group_dn("crew")});
  plant.corp.world.group("more", {"bob", dn("yan")});
  child.world.groups.at("crew").values = {dn("yan"), fake::dn_of_group("ops"), fake::dn_of_group("more")};
  plant.setup.directories.front().normalized_base = fake::kBase;
  plant.run();
  EXPECT_EQ(ops(), (Names{"ann", "bob", "yan"}));
}

TEST_F(GivenAChildDomain, WhenNestingIsOffThenOnlyWhoIsNamed) {
  plant.corp.world.group("ops", {dn("zoe"), group_dn("crew")});
  plant.rule("vault").nested = false;
  plant.run();
  EXPECT_EQ(ops(), (Names{"zoe"}));
}

TEST_F(GivenAChildDomain, WhenItsGroupIsExcludedThenNobodyThroughIt) {
  plant.corp.world.group("ops", {"ann", group_dn("crew")});
  plant.rule("vault").exclude = {group_dn("crew")};
  auto const report = plant.run();
  EXPECT_EQ(ops(), (Names{"ann"}));
  EXPECT_THAT(notices(report, "missing-exclude"), IsEmpty());
}

TEST_F(GivenAChildDomain, WhenAForeignSecurityPrincipalHasTheSidOfAPersonThenThatPerson) {
  child.world.people.at("zoe").attributes["objectSid"] = kZoesSid;
  plant.corp.world.groups.at("ops").values = {foreign_principal_of(kZoesSid)};
  plant.run();
  EXPECT_EQ(ops(), (Names{"zoe"}));
  EXPECT_TRUE(child.last_query.wants_sids);
}

TEST_F(GivenAChildDomain, WhenAForeignSecurityPrincipalIsOfNoDirectoryThenUnresolved) {
  plant.corp.world.groups.at("ops").values.push_back(foreign_principal_of(kZoesSid));
  auto const report = plant.run();
  EXPECT_EQ(ops(), (Names{"ann", "zoe"}));
  EXPECT_THAT(notices(report, "unresolved"), ElementsAre(HasSubstr(kZoesSid)));
}

TEST_F(GivenAChildDomain, WhenTwoBearTheSidThenUnresolved) {
  for (auto const* uid : {"zoe", "yan"}) child.world.people.at(uid).attributes["objectSid"] = kZoesSid;
  plant.corp.world.groups.at("ops").values = {foreign_principal_of(kZoesSid)};
  EXPECT_THAT(notices(plant.run(), "unresolved"), ElementsAre(HasSubstr(kZoesSid)));
  EXPECT_THAT(ops(), IsEmpty());
}

TEST_F(GivenAChildDomain, WhenItCannotBeReadThenTheTargetHasNoPart) {
  plant.run();
  plant.forget_calls();
  child.failure = Error{make_error_code(boost::system::errc::timed_out), "child is down"};
  plant.corp.world.leave("ops", "ann");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  ASSERT_EQ(report.plan.targets.at("vault").verdict, Verdict::refuse);
  EXPECT_THAT(report.plan.targets.at("vault").reasons,
              Contains(Field(&Reason::text, AllOf(HasSubstr("child is down"), HasSubstr(dn("zoe"))))));
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenAChildDomain, WhenItCannotBeReadAndItsMemberWasTakenOutMeanwhileThenTheTargetHasNoPart) {
  plant.run();
  child.failure = Error{make_error_code(boost::system::errc::timed_out), "child is down"};
  plant.corp.world.leave("ops", dn("zoe"));
  EXPECT_EQ(plant.run().exit, Exit::unread);
  child.failure.reset();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(ops(), (Names{"ann"}));
}

TEST_F(GivenAChildDomain, WhenItCannotBeReadAndOnlyANestedGroupNamesItThenTheTargetHasNoPart) {
  plant.corp.world.group("ops", {"ann", "@inner"});
  plant.corp.world.group("inner", {dn("zoe")});
  plant.run();
  child.failure = Error{make_error_code(boost::system::errc::timed_out), "child is down"};
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_EQ(ops(), (Names{"ann", "zoe"}));
}

TEST_F(GivenAChildDomain, WhenItCannotBeReadAndAForeignPrincipalMayBeOfItThenTheTargetHasNoPart) {
  child.world.people.at("zoe").attributes["objectSid"] = kZoesSid;
  plant.corp.world.groups.at("ops").values = {foreign_principal_of(kZoesSid)};
  plant.run();
  child.failure = Error{make_error_code(boost::system::errc::timed_out), "child is down"};
  EXPECT_EQ(plant.run().exit, Exit::unread);
}

TEST_F(GivenAChildDomain, WhenItCannotBeReadAndNoGroupNamesItThenTheRunGoesOn) {
  plant.corp.world.group("ops", {"ann"});
  plant.corp.world.group("unselected", {dn("zoe")});
  child.failure = Error{make_error_code(boost::system::errc::timed_out), "child is down"};
  auto const report = plant.run();
  EXPECT_NE(report.plan.targets.at("vault").verdict, Verdict::refuse);
  EXPECT_EQ(ops(), (Names{"ann"}));
}

TEST_F(GivenAChildDomain, WhenTheMemberIsDisabledThereThenOutAtOnce) {
  for (auto& directory : plant.setup.directories)
    directory.policy.disabled = fake::filter("(employeeType=disabled)");
  plant.run();
  child.world.disable("zoe");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(ops(), (Names{"ann"}));
}

TEST_F(GivenAChildDomain, WhenTheRuleExcludesTheMemberByAFilterThenNotIn) {
  child.world.people.at("zoe").attributes["title"] = "contractor";
  plant.rule("vault").exclude_people = fake::filter("(title=contractor)");
  plant.run();
  EXPECT_EQ(ops(), (Names{"ann"}));
  EXPECT_THAT(child.last_query.deciding_attributes, IsSupersetOf({"title", "uid"}));
}

TEST_F(GivenAChildDomain, WhenThePersonVanishesThereThenConfirmedThereFirst) {
  plant.run();
  child.has_canary = false;
  child.world.hidden.insert(dn("zoe"));  // as an access rule would
  auto const first = plant.run();
  EXPECT_EQ(ops(), (Names{"ann", "zoe"}));
  EXPECT_NE(first.exit, Exit::done);
  EXPECT_THAT(plant.corp.probes, IsEmpty());
}

TEST_F(GivenAChildDomain, WhenAPersonIsGoneEverywhereThenLookedForInItsOwnDirectoryAndRemoved) {
  plant.run();
  child.has_canary = true;
  child.world.drop_person("zoe");
  plant.corp.world.leave("ops", dn("zoe"));
  plant.run();
  ASSERT_EQ(child.probes.size(), 1U);
  EXPECT_EQ(child.probes[0].id, EntryId{"c-zoe"});
  EXPECT_EQ(ops(), (Names{"ann"}));
}

TEST_F(GivenAChildDomain, WhenANestedGroupOfItVanishesThenItsPeopleStayUntilItIsApproved) {
  plant.corp.world.group("ops", {"ann", group_dn("crew")});
  // Enough of them that one less is nothing odd.
  for (auto const* cn : {"g1", "g2", "g3", "g4", "g5", "g6"})
    child.world.group(cn, {dn("zoe")}).dn = group_dn(cn);
  plant.run();
  child.world.drop_group("crew");
  for (int again = 0; again < 3; ++again) plant.run();
  EXPECT_EQ(ops(), (Names{"ann", "yan"}));
  EXPECT_THAT(plant.run().plan.reasons, Contains(Field(&Reason::code, "nested-group-gone")));
}

TEST_F(GivenAChildDomain, WhenTheMemberTakesTheValueOutThenRemoved) {
  plant.run();
  plant.corp.world.leave("ops", dn("zoe"));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(ops(), (Names{"ann"}));
}

TEST_F(GivenAChildDomain, WhenItIsNewInTheConfigurationThenWhatItBringsIsHeld) {
  auto const child_directory = plant.setup.directories.back();
  plant.setup.directories.pop_back();
  plant.run();
  ASSERT_EQ(ops(), (Names{"ann"}));
  plant.setup.directories.push_back(child_directory);
  plant.rule("vault").elsewhere["child"] = {{"directory.child.base", kChild}};
  auto const report = plant.run();
  EXPECT_EQ(report.plan.verdict, Verdict::hold);
  EXPECT_THAT(report.plan.reasons, Contains(Field(&Reason::code, "configuration-changed")));
  EXPECT_EQ(ops(), (Names{"ann"}));
}

TEST_F(GivenAChildDomain, WhenADirectoryIsNewThatHasNoMemberThenNothingIsHeld) {
  plant.corp.world.group("ops", {"ann"});
  plant.run();
  plant.rule("vault").elsewhere["child"] = {{"directory.child.base", kChild}};
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(ops(), (Names{"ann", "bob"}));
}

TEST_F(GivenAChildDomain, WhenItsFilterChangesThenTheChangesOfItsMembersAreHeld) {
  plant.rule("vault").elsewhere["child"] = {{"directory.child.users.filter", "(objectClass=person)"}};
  plant.run();
  plant.rule("vault").elsewhere["child"] = {{"directory.child.users.filter", "(objectClass=user)"}};
  plant.corp.world.leave("ops", dn("zoe"));
  EXPECT_EQ(plant.run().plan.verdict, Verdict::hold);
  EXPECT_EQ(ops(), (Names{"ann", "zoe"}));
}

TEST_F(GivenAChildDomain, WhenAnAttributeOfItsPeopleIsHiddenThenTheReadIsRefused) {
  for (auto const* uid : {"a1", "a2", "a3", "a4", "a5", "a6"})
    child_person(uid).attributes["title"] = "engineer";
  plant.rule("vault").exclude_people = fake::filter("(title=contractor)");
  EXPECT_EQ(plant.run().exit, Exit::done);
  for (auto& [uid, person] : child.world.people) person.attributes.erase("title");
  EXPECT_EQ(plant.run().exit, Exit::unread);
}

TEST_F(GivenAChildDomain, WhenTheRuleTakesItsPeopleFromThereThenTheMemberItselfCounts) {
  plant.rule("vault").people = PeopleFrom{"child", "employeeNumber", "employeeNumber"};
  plant.corp.world.people.at("ann").attributes["employeeNumber"] = "17";
  child.world.people.at("yan").attributes["employeeNumber"] = "17";
  plant.run();
  EXPECT_EQ(ops(), (Names{"yan", "zoe"}));
}

TEST_F(GivenAChildDomain, WhenTheRuleTakesItsPeopleFromAThirdThenToldAndNotIn) {
  fake::FakeDirectory hr;
  hr.world.name = "hr";
  hr.world.base = "dc=hr";
  plant.setup.directories.push_back({.name = "hr", .directory = &hr, .normalized_base = "dc=hr"});
  plant.rule("vault").people = PeopleFrom{"hr", "employeeNumber", "employeeNumber"};
  auto const report = plant.run();
  EXPECT_THAT(notices(report, "not-joined"), Contains(AllOf(HasSubstr(dn("zoe")), HasSubstr("from hr"))));
  EXPECT_THAT(ops(), Not(Contains("zoe")));
}

}  // namespace
}  // namespace dirsync::engine
