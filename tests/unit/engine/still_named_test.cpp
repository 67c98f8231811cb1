// A person who was renamed, in a directory that leaves member values as they were, and is then deleted.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/given_vault.hpp"

namespace dirsync::engine {
namespace {

using testing::IsEmpty;

TEST_F(GivenVault, WhenAGroupStillNamesTheDnToWhichItWasGrantedThenOneLookIsNotEnough) {
  auto& world = plant.corp.world;
  world.people.at("bob").dn = fake::dn_of_person("robert");
  plant.run();
  world.people.erase("bob");
  plant.run();
  EXPECT_THAT(vault.sent(), IsEmpty());
}

/// Somebody whom users.filter fits no more, or who was moved out of users.base: a look still finds the entry.
/// Groups go on naming it.
TEST_F(GivenVault, WhenAPersonIsReadNoMoreAndAGroupStillNamesThemThenTheyGoAfterSoManyRuns) {
  plant.setup.limits.confirm.reads = 3;
  plant.corp.world.hidden.insert(fake::dn_of_person("bob"));
  for (int run = 1; run <= 2; ++run) {
    EXPECT_EQ(plant.run().exit, Exit::pending) << run;
    EXPECT_THAT(vault.sent(), IsEmpty()) << run;
  }
  plant.run();
  EXPECT_THAT(vault.sent(), testing::ElementsAre("remove ops bob"));
}

TEST_F(GivenVault, WhenAPersonIsReadAgainInBetweenThenNothingWasCounted) {
  plant.corp.world.hidden.insert(fake::dn_of_person("bob"));
  EXPECT_EQ(plant.run().exit, Exit::pending);
  plant.corp.world.hidden.clear();
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.hidden.insert(fake::dn_of_person("bob"));
  EXPECT_EQ(plant.run().exit, Exit::pending);
  EXPECT_THAT(vault.sent(), IsEmpty());
}

}  // namespace
}  // namespace dirsync::engine
