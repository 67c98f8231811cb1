// Accounts from run to run: what the directory says of them, and the clock.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

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

/// ann, bob, cid, dan and eve are in ops everywhere. Then wrong passwords lock all but eve, whom an
/// administrator locked; whether wrong passwords count is for the test to say.
struct GivenALockedTeam : testing::Test {
  Plant plant;
  fake::FakeTarget* const targets[2] = {&plant.vault, &plant.console};

  void SetUp() override {
    plant.setup.directories[0].policy.disabled.reset();
    plant.corp.world.account_rules.scheme = AccountScheme::openldap;
    plant.people({"ann", "bob", "cid", "dan", "eve"});
    plant.corp.world.group("ops", {"ann", "bob", "cid", "dan", "eve"});
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
    for (auto const* uid : {"ann", "bob", "cid", "dan"}) lock(uid, "20260101000000Z");
    lock("eve", "000001010000Z");
  }
  void lock(std::string const& uid, std::string const& since) {
    plant.corp.world.people.at(uid).attributes["pwdAccountLockedTime"] = since;
  }
  void expect_the_four() {
    for (auto* target : targets)
      EXPECT_THAT(target->world.members("ops"), UnorderedElementsAre("ann", "bob", "cid", "dan"));
  }
};

TEST_F(GivenALockedTeam, WhenWrongPasswordsDoNotCountThenWhoIsLockedByThemStays) {
  for (auto again = 0; again < 3; ++again) {
    EXPECT_EQ(plant.run().exit, Exit::done);
    expect_the_four();
  }
}

struct TightLimit {
  char const* reason;
  void (*tighten)(Setup& setup);
};

/// A limit that lets go who leaves of their own accord, and not the four besides.
struct GivenALockedTeamUnderALimit : GivenALockedTeam, testing::WithParamInterface<TightLimit> {};

TEST_P(GivenALockedTeamUnderALimit, WhenWrongPasswordsCountThenAllFourWaitForAPersonAndTheLeaverGoes) {
  auto& policy = plant.setup.directories[0].policy;
  policy.account_states.locked = true;
  GetParam().tighten(plant.setup);
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  ASSERT_FALSE(held.plan.reasons.empty());
  for (auto const& reason : held.plan.reasons) EXPECT_EQ(reason.code, GetParam().reason) << reason.text;
  expect_the_four();

  plant.request.approve = held.plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  for (auto* target : targets) EXPECT_THAT(target->world.members("ops"), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    OfEachKind, GivenALockedTeamUnderALimit,
    testing::Values(TightLimit{"removals",
                               [](Setup& setup) { setup.limits.removals = PercentLimit::exactly(7); }},
                    TightLimit{"removals",
                               [](Setup& setup) {
                                 for (auto& target : setup.targets)
                                   target.limits.removals = PercentLimit::exactly(3);
                               }},
                    TightLimit{"removals",
                               [](Setup& setup) {
                                 for (auto& rule : setup.rules)
                                   rule.limits.removals = PercentLimit::exactly(3);
                               }},
                    TightLimit{"privileged",
                               [](Setup& setup) {
                                 setup.limits.privileged = {.names = {"ops"}, .removals = 7, .additions = 0};
                               }},
                    TightLimit{"removals-per-group",
                               [](Setup& setup) {
                                 for (auto& rule : setup.rules)
                                   rule.limits.removals_per_group = PercentLimit::exactly(3);
                               }},
                    TightLimit{"empty-group", [](Setup& setup) {
                                 for (auto& rule : setup.rules)
                                   rule.limits.empty_group = Limits::OnEmpty::hold;
                               }}));

}  // namespace
}  // namespace dirsync::engine
