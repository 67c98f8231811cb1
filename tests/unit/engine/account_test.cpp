// Accounts from run to run: what the directory says of them, and the clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// ann and bob are in ops everywhere; ann's account ends at 2026-01-02T03:06:40Z, in less than three minutes.
struct GivenAccountsInSync : testing::Test {
  Plant plant;

  void SetUp() override {
    plant.setup.directories[0].policy.disabled.reset();
    plant.corp.world.account_rules = {AccountScheme::active_directory, 30min};
    plant.people({"ann", "bob"});
    plant.corp.world.group("ops", {"ann", "bob"});
    for (auto const* uid : {"ann", "bob"}) set(uid, "userAccountControl", "512");
    set("ann", "accountExpires", "134117968000000000");
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
  }
  void set(std::string const& uid, std::string const& attribute, std::string const& value) {
    plant.corp.world.people.at(uid).attributes[attribute] = value;
  }
};

TEST_F(GivenAccountsInSync, WhenOnlyTimePassesThenTheAccountEndsWithTheNextRun) {
  EXPECT_THAT(outcomes(plant.run()), IsEmpty());
  plant.clock.time += 3min;
  EXPECT_THAT(outcomes(plant.run()),
              ElementsAre("console remove ops ann: done", "vault remove ops ann: done"));
  EXPECT_THAT(outcomes(plant.run()), IsEmpty());
}

TEST_F(GivenAccountsInSync, WhenALockPassesThenTheMembershipsComeBack) {
  plant.setup.directories[0].policy.account_states.locked = true;
  set("bob", "lockoutTime", "134117964000000000");  // 03:00:00
  set("ann", "accountExpires", "0");
  EXPECT_THAT(outcomes(plant.run()),
              ElementsAre("console remove ops bob: done", "vault remove ops bob: done"));
  plant.clock.time += 30min;
  EXPECT_THAT(outcomes(plant.run()), ElementsAre("console add ops bob: done", "vault add ops bob: done"));
}

TEST_F(GivenAccountsInSync, WhenOnlyPlannedThenTheSameMomentHolds) {
  plant.clock.time += 3min;
  auto const planned = plant.plan_only();
  EXPECT_EQ(plant.run().plan.digest, planned.plan.digest);
}

TEST_F(GivenAccountsInSync, WhenReadThenTheSignsOfTheChosenStatesAreAskedFor) {
  plant.setup.directories[0].policy.account_states = {true, false, true};
  plant.run();
  EXPECT_EQ(plant.corp.last_query.account_states, (AccountStates{true, false, true}));
  EXPECT_THAT(outcomes(plant.run()), IsEmpty());
}

TEST_F(GivenAccountsInSync, WhenAFilterDecidesThenItsAttributesAloneAreAskedFor) {
  plant.setup.directories[0].policy.disabled = fake::filter("(employeeType=disabled)");
  plant.run();
  EXPECT_EQ(plant.corp.last_query.account_states, kNoAccountStates);
  EXPECT_TRUE(plant.corp.last_query.person_attributes.contains("employeetype"));
}

}  // namespace
}  // namespace dirsync::engine
