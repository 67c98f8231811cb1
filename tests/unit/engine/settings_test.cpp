#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::Field;
using testing::UnorderedElementsAre;

/// ops {ann} was applied.
struct GivenAppliedRule : testing::Test {
  Plant plant;
  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.people({"ann", "bob"});
    plant.corp.world.group("ops", {"ann"});
    plant.run();
    plant.forget_calls();
  }
  std::set<std::string> members() { return plant.vault.world.members("ops"); }
};

TEST_F(GivenAppliedRule, WhenNewSettingsTakeSomebodyOutThenHeldOnce) {
  plant.rule("vault").exclude_people = fake::filter("(uid=ann)");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(report.plan.reasons.at(0).code, "configuration-changed");
  EXPECT_EQ(report.plan.reasons.at(0).count, 1);
  EXPECT_EQ(plant.run().plan.digest, report.plan.digest) << "as long as nobody decided";
  plant.request.approve = report.plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.request.approve.reset();
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("bob"));
}

TEST_F(GivenAppliedRule, WhenNewSettingsLookAtAnotherAttributeThenLeaversGoAllTheSame) {
  plant.rule("vault").exclude_people = fake::filter("(title=x)");
  plant.corp.world.join("ops", "bob");
  ASSERT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.disable("ann");
  plant.rule("vault").exclude_people = fake::filter("(|(employeeNumber=1)(uid=bob))");
  EXPECT_EQ(plant.run().exit, Exit::held) << "for bob, whom the new settings alone take out";
  EXPECT_THAT(members(), UnorderedElementsAre("bob"));
}

TEST_F(GivenAppliedRule, WhenNewSettingsChangeNothingThenTheyAreKeptQuietly) {
  plant.rule("vault").exclude_people = fake::filter("(uid=nobody)");
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob"));
}

TEST_F(GivenAppliedRule, WhenWhatTheyBringAboutWaitsForConfirmationThenItIsHeldAllTheSameAfterwards) {
  for (int n = 0; n < 12; ++n) {
    auto const uid = "p" + std::to_string(n);
    plant.people({uid});
    plant.corp.world.join("ops", uid);
  }
  ASSERT_EQ(plant.run().exit, Exit::done);
  plant.rule("vault").exclude_people = fake::filter("(uid=p*)");
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::pending) << "many at once are seen twice; bob comes in meanwhile";
  EXPECT_THAT(members(), Contains("bob"));
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  EXPECT_EQ(held.plan.reasons.at(0).count, 12);
}

TEST_F(GivenAppliedRule, WhenALimitIsTightenedThenTheNextJoinerIsNotHeldForIt) {
  plant.rule("vault").limits.removals = PercentLimit::exactly(1);
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenAppliedRule, WhenTheBindIdentityOrTheAddressChangesThenWhateverComesNextIsHeldOnce) {
  for (auto const* key : {"directory.corp.bind.dn", "target.vault.url"}) {
    plant.rule("vault").around[key] = "\"another\"";
    if (members().contains("bob"))
      plant.corp.world.leave("ops", "bob");
    else
      plant.corp.world.join("ops", "bob");
    auto const held = plant.run();
    EXPECT_EQ(held.exit, Exit::held) << key;
    plant.request.approve = held.plan.digest;
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.request.approve.reset();
  }
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

TEST_F(GivenAppliedRule, WhenAnExclusionIsLiftedAndTheGroupWasRenamedThenItsPeopleWaitAllTheSame) {
  plant.corp.world.group("inner", {"bob"});
  plant.corp.world.join("ops", "@inner");
  plant.rule("vault").selection = MatchingGroups{"(cn=ops)"};
  plant.rule("vault").exclude = {fake::dn_of_group("inner")};
  ASSERT_EQ(plant.run().exit, Exit::done);
  auto inner = plant.corp.world.groups.at("inner");
  plant.corp.world.drop_group("inner");
  inner.dn = fake::dn_of_group("renamed");
  plant.corp.world.groups["renamed"] = inner;
  plant.corp.world.join("ops", "@renamed");
  plant.rule("vault").exclude.clear();
  for (int times = 0; times < 3; ++times) EXPECT_EQ(plant.run().exit, Exit::held);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

/// A second rule feeds ops as well, and bob has it from the first one alone.
struct GivenTwoRulesOfOneGroup : testing::Test {
  Plant plant;
  void SetUp() override {
    plant.setup.rules.back() = fake::rule("second", "vault", "(cn=other)");
    plant.setup.rules.back().group_name = fake::name_template("ops");
    plant.rule("vault").selection = MatchingGroups{"(cn=ops)"};
    plant.setup.targets.pop_back();
    plant.people({"ann", "bob", "cid"});
    plant.corp.world.group("ops", {"bob", "cid"});
    plant.corp.world.group("other", {"ann"});
    plant.run();
    plant.forget_calls();
    plant.setup.rules.erase(plant.setup.rules.begin());
  }
  std::set<std::string> members() { return plant.vault.world.members("ops"); }
};

TEST_F(GivenTwoRulesOfOneGroup, WhenOneIsTakenOutThenWhatItGaveEndsOnceSomebodyAgreed) {
  plant.corp.world.disable("cid");
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  EXPECT_EQ(held.plan.reasons.at(0).code, "rule-gone");
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob")) << "a leaver leaves whatever rule there was";
  plant.request.approve = held.plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

TEST_F(GivenTwoRulesOfOneGroup, WhenTheDirectoryOfThePersonIsTakenOutThenNobodyIsTakenForGone) {
  fake::FakeDirectory lab;
  lab.world.name = "lab";
  lab.world.person("ann").id = "l-ann";
  lab.world.group("other", {"ann"}).id = "l-other";
  plant.setup.directories[0].name = "lab";
  plant.setup.directories[0].directory = &lab;
  plant.rule("second").directory = "lab";
  for (int times = 0; times < 4; ++times) plant.run();
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob", "cid"));
  EXPECT_THAT(held.plan.reasons, Contains(Field(&Reason::code, "rule-gone")));
}

}  // namespace
}  // namespace dirsync::engine
