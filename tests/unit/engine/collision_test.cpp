#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// payroll {ann} is in sync; whoever may name a group makes another one that gives the same name.
struct GivenASecondGroupOfTheName : testing::Test {
  Plant plant;
  void SetUp() override {
    for (auto& rule : plant.setup.rules) {
      rule.group_name = fake::name_template("{description}");
      rule.on_collision = OnCollision::hold;
    }
    plant.people({"ann", "eve"});
    plant.corp.world.group("payroll", {"ann"}).attributes["description"] = "payroll";
    plant.run();
    plant.corp.world.group("hobby").attributes["description"] = "payroll";
  }
  std::set<std::string> members() { return plant.vault.world.members("payroll"); }
};

TEST_F(GivenASecondGroupOfTheName, WhenItComesToHavePeopleThenTheyWaitUntilSomebodyAgreedOnce) {
  EXPECT_EQ(plant.run().exit, Exit::done) << "it brings nothing yet";
  plant.corp.world.join("hobby", "eve");
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
  plant.request.approve = held.plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "eve"));
  plant.request.approve.reset();
  plant.corp.world.leave("hobby", "eve");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

TEST_F(GivenASecondGroupOfTheName, WhenBothWereAgreedOnBeforeTheGroupWasMadeThenOnlyOnce) {
  for (auto const* cn : {"one", "two"})
    plant.corp.world.group(cn, {"ann"}).attributes["description"] = "fresh";
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  plant.request.approve = held.plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.request.approve.reset();
  plant.corp.world.join("two", "eve");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.world.members("fresh"), UnorderedElementsAre("ann", "eve"));
}

struct Disagreement {
  char const* code;
  void (*begin)(Rule& rule);
};

/// Ops {ann, bob, cid} is in sync on both targets, by two rules on each; then they come to disagree.
struct GivenRulesThatDisagree : testing::TestWithParam<Disagreement> {
  Plant plant;
  fake::FakeTarget* const targets[2] = {&plant.vault, &plant.console};

  void SetUp() override {
    for (auto const* target : {"vault", "console"}) {
      auto& first = plant.rule(target);
      first.group_name = fake::name_template("Ops");
      auto second = first;
      first.selection = MatchingGroups{"(cn=ops)"};
      second.name += "-second";
      second.selection = MatchingGroups{"(cn=guests)"};
      plant.setup.rules.push_back(std::move(second));
    }
    plant.people({"ann", "bob", "cid", "dan"});
    plant.corp.world.group("ops", {"ann", "bob"});
    plant.corp.world.group("guests", {"cid"});
    EXPECT_EQ(plant.run().exit, Exit::done);
    for (auto& rule : plant.setup.rules)
      if (rule.name.ends_with("-second")) GetParam().begin(rule);
    plant.forget_calls();
  }
  template <class... Uids>
  void expect_members(Uids... uids) {
    for (auto* target : targets) EXPECT_THAT(target->world.members("Ops"), UnorderedElementsAre(uids...));
  }
};

TEST_P(GivenRulesThatDisagree, WhenSomebodyIsDisabledOrGoneThenTheyLeaveAndTheRestStandsStill) {
  plant.corp.world.leave("guests", "cid");
  plant.corp.world.join("ops", "dan");
  auto const still = plant.run();
  EXPECT_EQ(still.exit, Exit::failed);  // cid should be out by all of the rules
  EXPECT_THAT(outcomes(still),
              UnorderedElementsAre("vault remove Ops cid: blocked", "console remove Ops cid: blocked"));
  for (auto const* target : {"vault", "console"})
    EXPECT_THAT(still.plan.targets.at(target).notices,
                testing::Contains(testing::Field(&Notice::code, GetParam().code)));
  EXPECT_EQ(plant.writes(), 0U);
  expect_members("ann", "bob", "cid");

  plant.corp.world.disable("bob");
  EXPECT_EQ(plant.run().exit, Exit::failed);
  expect_members("ann", "cid");
  plant.corp.world.drop_person("ann");
  EXPECT_EQ(plant.run().exit, Exit::failed);
  expect_members("cid");
  for (auto const* target : {"vault", "console"})
    EXPECT_EQ(plant.journal.blocked(target).value().at(0).code, GetParam().code);
}

TEST_P(GivenRulesThatDisagree, WhenNobodyIsDueByAllOfThemThenNothingIsBlocked) {
  plant.corp.world.leave("guests", "cid");
  plant.corp.world.join("ops", "cid");
  plant.corp.world.join("guests", "dan");
  auto const still = plant.run();
  EXPECT_EQ(still.exit, Exit::done);
  EXPECT_THAT(outcomes(still), testing::IsEmpty());
  expect_members("ann", "bob", "cid");
}

INSTANTIATE_TEST_SUITE_P(
    InEachSetting, GivenRulesThatDisagree,
    testing::Values(
        Disagreement{"rule-conflict", [](Rule& rule) { rule.as = MembersAs::group; }},
        Disagreement{"rule-conflict", [](Rule& rule) { rule.foreign_members = ForeignMembers::remove; }},
        Disagreement{"rule-conflict", [](Rule& rule) { rule.adopt = true; }},
        Disagreement{"rule-conflict", [](Rule& rule) { rule.delete_groups = DeleteGroups::when_empty; }},
        Disagreement{"rule-conflict", [](Rule& rule) { rule.roles = {"Admin"}; }},
        Disagreement{"collision", [](Rule& rule) { rule.on_collision = OnCollision::refuse; }}));

}  // namespace
}  // namespace dirsync::engine
