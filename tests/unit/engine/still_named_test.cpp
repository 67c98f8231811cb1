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

}  // namespace
}  // namespace dirsync::engine
