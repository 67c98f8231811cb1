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

}  // namespace
}  // namespace dirsync::engine
