// Several directories in one run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;

/// Beside corp a directory lab, of whose people ann is in corp, too, by her number.
struct GivenTwoDirectoriesInARun : testing::Test {
  Plant plant;
  fake::FakeDirectory lab;
  Error const down{make_error_code(boost::system::errc::connection_refused), "it is down"};

  void SetUp() override {
    plant.people({"ann", "bob"});
    plant.corp.world.people.at("ann").attributes["employeeNumber"] = "17";
    plant.corp.world.group("ops", {"ann", "bob"});
    lab.world.name = "lab";
    lab.world.base = "dc=lab";
    lab_person("a17", "17");
    lab_person("z1", "99");
    lab.world.group("lab-ops", {dn("a17")}).id = "gl-ops";
    plant.setup.directories.push_back({.name = "lab", .directory = &lab, .normalized_base = "dc=lab"});
    plant.setup.rules.push_back(fake::rule("lab", "vault"));
    plant.setup.rules.back().directory = "lab";
  }
  static std::string dn(std::string const& uid) { return "uid=" + uid + ",ou=people,dc=lab"; }
  void lab_person(std::string const& uid, std::string const& number) {
    auto& person = lab.world.person(uid);
    person.id = "l-" + uid;
    person.dn = dn(uid);
    person.attributes["employeeNumber"] = number;
  }
  void join() {
    for (auto& directory : plant.setup.directories) directory.policy.join = "employeeNumber";
  }
  void take_people_from_corp() {
    plant.rule("lab").people = PeopleFrom{"corp", "employeeNumber", "employeeNumber"};
  }
};

TEST_F(GivenTwoDirectoriesInARun, WhenRunThenEachIsAskedForWhatItsPartNeeds) {
  join();
  plant.rule("lab").people = PeopleFrom{"corp", "uidNumber", "cn"};
  plant.rule("lab").exclude_people = fake::filter("(title=robot)");
  plant.run();
  EXPECT_THAT(plant.corp.last_query.person_attributes,
              IsSupersetOf({"uid", "title", "cn", "employeenumber"}));
  EXPECT_THAT(lab.last_query.person_attributes, IsSupersetOf({"employeenumber", "uidnumber"}));
  EXPECT_THAT(lab.last_query.person_attributes, Contains("uid")) << "groups of corp may name its people";
  EXPECT_EQ(lab.last_query.rules.size(), 1U);
  EXPECT_EQ(plant.corp.last_query.rules.size(), 2U);
}

TEST_F(GivenTwoDirectoriesInARun, WhenJoinedThenOnePersonAndTheNextRunWritesNothing) {
  join();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("lab-ops"), std::set<std::string>{"ann"});
  plant.forget_calls();
  auto const rows = plant.journal.audit.size();
  EXPECT_EQ(plant.run().plan.verdict, Verdict::in_sync);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(plant.journal.audit.size(), rows + 1) << "the run's own row";
}

TEST_F(GivenTwoDirectoriesInARun, WhenTheEntryTheUserIsKnownByVanishesThenTheOtherKeepsTheMembership) {
  join();
  plant.run();
  plant.forget_calls();
  plant.corp.world.drop_person("ann");
  for (int again = 0; again < 3; ++again) plant.run();
  EXPECT_EQ(plant.vault.world.members("lab-ops"), std::set<std::string>{"ann"});
  EXPECT_THAT(plant.vault.sent(), ElementsAre("remove ops ann"));
}

TEST_F(GivenTwoDirectoriesInARun, WhenTheJoinIsHiddenForLongThenNothingIsWritten) {
  join();
  plant.run();
  plant.forget_calls();
  lab.world.people.at("a17").attributes.erase("employeeNumber");
  for (int again = 0; again < 3; ++again) plant.run();
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenTwoDirectoriesInARun, WhenAnEntryIsGoneThenTheDirectoryThatHadItIsAsked) {
  take_people_from_corp();
  plant.run();
  plant.forget_calls();
  plant.corp.world.drop_person("ann");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(lab.probes, IsEmpty());
  ASSERT_EQ(plant.corp.probes.size(), 1U);
  EXPECT_EQ(plant.corp.probes[0].id, EntryId{"p-ann"});
  EXPECT_THAT(plant.vault.world.members("lab-ops"), IsEmpty());
}

TEST_F(GivenTwoDirectoriesInARun, WhenTheKeyOfAPersonIsHiddenThenTheSecondRunRemoves) {
  take_people_from_corp();
  plant.run();
  plant.forget_calls();
  plant.corp.world.people.at("ann").attributes.erase("employeeNumber");
  auto const first = plant.run();
  EXPECT_EQ(first.exit, Exit::pending);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(outcomes(first), ElementsAre("vault remove lab-ops ann: unconfirmed"));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.world.members("lab-ops"), IsEmpty());
}

TEST_F(GivenTwoDirectoriesInARun, WhenTheDirectoryOfThePeopleIsDownThenTheTargetIsRefused) {
  plant.setup.rules = {plant.rule("lab"), plant.rule("console")};
  take_people_from_corp();
  plant.rule("console").directory = "lab";
  plant.run();
  plant.forget_calls();
  plant.corp.failure = down;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_EQ(report.plan.targets.at("vault").verdict, Verdict::refuse);
  EXPECT_EQ(report.plan.targets.at("console").verdict, Verdict::in_sync);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(plant.vault.world.members("lab-ops"), std::set<std::string>{"ann"});
}

TEST_F(GivenTwoDirectoriesInARun, WhenSeveralSidesAreDownThenEachIsTold) {
  take_people_from_corp();
  plant.vault.read_failure = Error{make_error_code(boost::system::errc::timed_out), "the Vault is down"};
  plant.corp.failure = Error{make_error_code(boost::system::errc::timed_out), "corp is down"};
  lab.failure = Error{make_error_code(boost::system::errc::timed_out), "lab is down"};
  auto const report = plant.run();
  std::vector<std::string> told;
  for (auto const& reason : report.plan.targets.at("vault").reasons) told.push_back(reason.text);
  EXPECT_THAT(told, ElementsAre(testing::HasSubstr("the Vault is down"), testing::HasSubstr("corp is down"),
                                testing::HasSubstr("lab is down")));
}

TEST_F(GivenTwoDirectoriesInARun, WhenAJoinedDirectoryIsDownThenNobodyKnowsWhoIsOnePerson) {
  lab.failure = down;
  plant.setup.rules.pop_back();
  EXPECT_EQ(plant.plan_only().plan.targets.at("console").verdict, Verdict::run);
  join();
  auto const report = plant.run();
  for (auto const* target : {"vault", "console"})
    EXPECT_EQ(report.plan.targets.at(target).verdict, Verdict::refuse) << target;
  EXPECT_THAT(report.plan.targets.at("vault").reasons.at(0).text, HasSubstr("it is down"));
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenTwoDirectoriesInARun, WhenOneIsDownThenItsTargetIsRefusedAndTheOtherTargetIsServed) {
  plant.run();
  plant.forget_calls();
  lab.failure = down;
  plant.corp.world.leave("ops", "bob");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_THAT(plant.vault.calls, IsEmpty());
  EXPECT_THAT(plant.vault.world.members("ops"), Contains("bob"));
  EXPECT_THAT(plant.console.world.members("ops"), Not(Contains("bob")));
}

/// Nothing reads it for the target any more, but whom it gave something must still be told from who left.
TEST_F(GivenTwoDirectoriesInARun, WhenOneIsDownWhoseRuleIsGoneThenTheTargetWithItsPeopleIsRefused) {
  plant.run();
  plant.setup.rules.pop_back();
  plant.run();
  plant.forget_calls();
  lab.failure = down;
  lab.world.drop_person("z1");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  auto const& vault = report.plan.targets.at("vault");
  EXPECT_EQ(vault.verdict, Verdict::refuse);
  EXPECT_THAT(vault.reasons.at(0).text, testing::HasSubstr("take [directory.lab] out of the configuration"));
  EXPECT_EQ(report.plan.targets.at("console").verdict, Verdict::in_sync);
  lab.failure.reset();
  EXPECT_NE(plant.run().exit, Exit::unread);
}

}  // namespace
}  // namespace dirsync::engine
