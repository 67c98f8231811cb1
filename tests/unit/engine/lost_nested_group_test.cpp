// A nested group that is no longer found, in runs that follow each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::IsEmpty;

struct GivenALostNestedGroup : testing::Test {
  Plant plant;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.people({"ann", "bob"});
    plant.corp.world.group("team");
    plant.corp.world.group("ops", {"ann", "bob", "@team"});
    plant.run();
    plant.corp.world.drop_group("team", false);
    plant.run();
    plant.corp.world.leave("ops", "ann");
    plant.forget_calls();
  }
};

TEST_F(GivenALostNestedGroup, WhenAllThatWaitsForApprovalIsUnconfirmedThenNothingIsTakenForApproved) {
  plant.corp.world.may_have_changed = true;
  plant.run();
  plant.corp.world.may_have_changed = false;
  auto const report = plant.run();
  EXPECT_TRUE(report.plan.held);
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_THAT(plant.vault.sent(), IsEmpty());
}

TEST_F(GivenALostNestedGroup, WhenApprovedThenWhoeverMayHaveComeThroughItLeaves) {
  plant.request.approve = plant.run().plan.digest;
  plant.run();
  EXPECT_THAT(plant.vault.sent(), Contains("remove ops ann"));
}

}  // namespace
}  // namespace dirsync::engine
