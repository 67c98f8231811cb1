// What the planner asks is answered until it asks nothing new.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// dan has moved to the DN that eve had at the last read, the Vault knows him by his old one, and the
/// directory may have changed while it was read: the value in ops may still mean eve.
struct GivenAMovedPersonAtAnothersFormerDn : testing::Test {
  Plant plant;
  std::string const old_dn = "uid=dan,ou=old,dc=x";

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.people({"ann"});
    plant.corp.world.group("ops", {"ann"});
    auto& dan = plant.corp.world.person("dan");
    auto const new_dn = dan.dn;
    dan.dn = old_dn;
    plant.corp.world.person("eve").dn = new_dn;
    plant.vault.world.ldap_user("dan");
    plant.vault.world.find_user("dan")->dn = old_dn;
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.corp.world.drop_person("eve");
    plant.corp.world.people.at("dan").dn = new_dn;
    plant.corp.world.join("ops", "dan");
    plant.setup.directories[0].policy.band = {1000, 1000, 1000};
  }
};

TEST_F(GivenAMovedPersonAtAnothersFormerDn, WhenNothingChangedMeanwhileThenAdded) {
  EXPECT_THAT(outcomes(plant.run()), ElementsAre("vault add ops dan: done"));
}

TEST_F(GivenAMovedPersonAtAnothersFormerDn, WhenTheSecondDraftAsksThenItsQuestionIsAnsweredToo) {
  plant.corp.world.may_have_changed = true;
  EXPECT_THAT(outcomes(plant.run()), IsEmpty());
  EXPECT_THAT(plant.vault.world.members("ops"), ElementsAre("ann"));
}

}  // namespace
}  // namespace dirsync::engine
