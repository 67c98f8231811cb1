#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::UnorderedElementsAre;

/// ops {ann, bob} is in sync; then bob is disabled, and an addition is over its limit.
struct GivenALeaverWhileThePlanWaits : testing::Test {
  Plant plant;
  void SetUp() override {
    plant.people({"ann", "bob", "cid"});
    plant.corp.world.group("ops", {"ann", "bob"});
    plant.run();
    plant.forget_calls();
    plant.corp.world.disable("bob");
    plant.corp.world.join("ops", "cid");
    plant.setup.limits.additions = PercentLimit::exactly(0);
  }
  std::set<std::string> members() { return plant.vault.world.members("ops"); }
};

TEST_F(GivenALeaverWhileThePlanWaits, WhenRunThenTheyLoseAccessAndTheRestWaits) {
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(report.plan.verdict, Verdict::hold);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
  EXPECT_EQ(plant.journal.find_plan(report.plan.digest).value()->state, StoredPlan::State::held);
  plant.forget_calls();
  EXPECT_EQ(plant.run().plan.digest, report.plan.digest) << "the same still waits";
  EXPECT_EQ(plant.writes(), 0U);
  plant.request.approve = report.plan.digest;
  auto const approved = plant.run();
  EXPECT_EQ(approved.exit, Exit::done);
  EXPECT_EQ(approved.plan.verdict, Verdict::run);
  ASSERT_TRUE(approved.plan.approved);
  EXPECT_EQ(approved.plan.approved->by, "tester");
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "cid"));
}

/// A new rule's first plan waits for a person, for as long as it takes.
TEST_F(GivenALeaverWhileThePlanWaits, WhenAnotherRuleIsNewThenTheLeaverOfTheOldOneGoesOnBothTargets) {
  plant.corp.world.leave("ops", "cid");
  plant.hold_first_plans();
  plant.setup.limits.additions.off = true;
  for (auto const* name : {"vault", "console"}) {
    auto fresh = plant.rule(name);
    fresh.name += "-fresh";
    fresh.group_name = fake::name_template("{cn}-fresh");
    fresh.create_groups = true;
    plant.setup.rules.push_back(std::move(fresh));
  }
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_TRUE(std::ranges::any_of(report.plan.reasons,
                                  [](Reason const& reason) { return reason.code == "first-plan"; }));
  EXPECT_THAT(outcomes(report), IsSupersetOf({"vault remove ops bob: done", "console remove ops bob: done",
                                              "vault create-group ops-fresh: planned"}));
  for (auto* target : {&plant.vault, &plant.console})
    EXPECT_THAT(target->world.members("ops"), UnorderedElementsAre("ann"));
}

TEST_F(GivenALeaverWhileThePlanWaits, WhenAnotherPlanWasApprovedThenTheyLoseAccessAllTheSame) {
  plant.request.approve = PlanDigest{std::string(64, 'a')};
  auto const report = plant.run();
  EXPECT_TRUE(report.approval_stale);
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

TEST_F(GivenALeaverWhileThePlanWaits, WhenThePersonAtTheTerminalSaysNoThenNothingIsSent) {
  plant.request.proceed = [](Plan const&) { return false; };
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_TRUE(report.declined);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenALeaverWhileThePlanWaits, WhenOnlyLookedAtThenNothingIsSent) {
  auto const report = plant.plan_only();
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(report.exit, Exit::held);
}

TEST_F(GivenALeaverWhileThePlanWaits, WhenTheirRemovalFailsThenSetAsideAndTried) {
  plant.vault.fate = [](Change const& change) {
    return change.principal == "bob" ? fake::FakeTarget::Fate::fails : fake::FakeTarget::Fate::works;
  };
  auto const report = plant.run();
  EXPECT_THAT(plant.journal.set_aside("vault").value(), testing::SizeIs(1));
  EXPECT_THAT(outcomes(report), Contains("vault remove ops bob: failed"));
  EXPECT_EQ(report.exit, Exit::held) << "a person must decide on the rest first";
}

TEST_F(GivenALeaverWhileThePlanWaits, WhenNothingElseWaitsThenAnOrdinaryRun) {
  plant.corp.world.leave("ops", "cid");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

/// A first plan was approved while removals of hidden people waited for confirmation.
TEST_F(GivenALeaverWhileThePlanWaits, WhenApprovedBeforeAnAbsenceWasConfirmedThenThatIsNotSentUnderIt) {
  plant.corp.world.enable("bob");
  plant.corp.world.drop_person("ann");
  plant.corp.presences[EntryId{"p-ann"}] = Presence::unknown;
  plant.setup.limits.removals = PercentLimit::exactly(0);
  auto const waits = plant.run();
  ASSERT_EQ(waits.exit, Exit::held);
  plant.request.approve = waits.plan.digest;
  auto const stale = plant.run();
  EXPECT_TRUE(stale.approval_stale);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob"));
}

/// Who is due and cannot be removed is listed, in one audit row when it begins and one when it ends.
TEST_F(GivenALeaverWhileThePlanWaits, WhenTheMemberBecameProtectedThenBlockedUntilTheyAreNot) {
  plant.corp.world.leave("ops", "cid");
  for (auto* target : {&plant.vault, &plant.console})
    target->world.find_user("bob")->protected_because = "built in";
  for (int again = 0; again < 3; ++again) {
    auto const report = plant.run();
    EXPECT_EQ(report.exit, Exit::failed);
    EXPECT_EQ(report.plan.verdict, Verdict::wait);
    EXPECT_THAT(outcomes(report), Contains("vault remove ops bob: blocked"));
  }
  ASSERT_THAT(plant.journal.blocked("vault").value(), testing::SizeIs(1));
  EXPECT_EQ(plant.journal.blocked("vault").value()[0].code, "protected");
  for (auto* target : {&plant.vault, &plant.console}) target->world.find_user("bob")->protected_because = "";
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.journal.blocked("vault").value(), IsEmpty());
  auto const rows = plant.audit("change");
  EXPECT_EQ(std::ranges::count(rows, "vault remove ops bob blocked"), 1);
  EXPECT_EQ(std::ranges::count(rows, "vault remove ops bob unblocked"), 1);
}

/// One of several groups is moved where the service user does not see it, and comes back.
TEST_F(GivenALeaverWhileThePlanWaits, WhenAGroupIsHiddenForARunThenNobodyIsForgotten) {
  plant.corp.world.leave("ops", "cid");
  plant.corp.world.enable("bob");
  plant.corp.world.group("web", {"ann"});
  plant.setup.limits.additions.off = true;
  plant.run();
  for (auto& rule : plant.setup.rules) rule.create_groups = false;
  plant.vault.out_of_sight.insert("ops");
  plant.console.hidden.insert("ops");
  plant.corp.world.disable("bob");
  for (auto again = 0; again < 3; ++again) {
    auto const report = plant.run();
    EXPECT_EQ(report.exit, Exit::failed);
    EXPECT_THAT(outcomes(report),
                IsSupersetOf({"vault remove ops bob: blocked", "console remove ops bob: blocked"}));
  }
  plant.vault.out_of_sight.clear();
  plant.console.hidden.clear();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), ElementsAre("ann"));
}

}  // namespace
}  // namespace dirsync::engine
