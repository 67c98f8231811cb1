#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::SizeIs;

struct GivenHeldFirstPlan : testing::Test {
  Plant plant;
  PlanDigest digest;

  void SetUp() override {
    plant.people({"ann", "bob"});
    plant.corp.world.group("ops", {"ann"});
    plant.hold_first_plans();
    auto const report = plant.run();
    EXPECT_EQ(report.exit, Exit::held);
    EXPECT_EQ(plant.writes(), 0U);
    digest = report.plan.digest;
  }
  void approve() {
    ASSERT_TRUE(plant.journal.decide_plan({.digest = digest, .actor = "alice", .time = plant.clock.now()}));
  }
  StoredPlan::State state(PlanDigest const& of) { return plant.journal.find_plan(of).value()->state; }
};

TEST_F(GivenHeldFirstPlan, WhenNobodyDecidesThenItWaitsWithOneHoldRow) {
  EXPECT_EQ(plant.run().exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.audit("hold"), SizeIs(1));
  auto const held = plant.journal.held_plans().value();
  ASSERT_EQ(held.size(), 1U);
  EXPECT_EQ(held[0].digest, digest);
  EXPECT_NE(held[0].document_json.find("first-plan"), std::string::npos);
}

TEST_F(GivenHeldFirstPlan, WhenItIsOnlyLookedAtMeanwhileThenStillOneHoldRow) {
  EXPECT_EQ(plant.plan_only().exit, Exit::held);
  plant.run();
  EXPECT_THAT(plant.audit("hold"), SizeIs(1));
}

TEST_F(GivenHeldFirstPlan, WhenApprovedThenAppliedAndTheNextRunWritesNothing) {
  approve();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"ann"}));
  EXPECT_EQ(state(digest), StoredPlan::State::applied);
  plant.forget_calls();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenHeldFirstPlan, WhenApprovedAndAnotherPlanIsMeantThenNothingIsSentAndTheApprovalStays) {
  approve();
  plant.request.proceed = [](Plan const&) { return false; };  // of an approved plan nobody is asked
  plant.request.is_expected = [](Plan const&) { return false; };
  EXPECT_TRUE(plant.run().declined);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(state(digest), StoredPlan::State::approved);
  plant.request.is_expected = [this](Plan const& plan) { return plan.digest == digest; };
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenHeldFirstPlan, WhenTheFirstPlanWasAppliedThenLaterOnesRun) {
  approve();
  plant.run();
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.world.members("ops"), SizeIs(2));
}

TEST_F(GivenHeldFirstPlan, WhenApprovedInTheRunItselfThenDecidedAndApplied) {
  plant.request.approve = digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.audit("approve"), ElementsAre("approved"));
  EXPECT_THAT(plant.vault.world.members("ops"), SizeIs(1));
}

TEST_F(GivenHeldFirstPlan, WhenThePlanIsAnotherByNowThenStaleAndTheNewOneWaits) {
  plant.corp.world.join("ops", "bob");
  plant.request.approve = digest;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_TRUE(report.approval_stale);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(state(report.plan.digest), StoredPlan::State::held);
  EXPECT_EQ(state(digest), StoredPlan::State::superseded);
}

TEST_F(GivenHeldFirstPlan, WhenNothingIsToBeDoneAnyMoreThenItWaitsNoLonger) {
  for (auto* target : {&plant.vault, &plant.console}) target->world.group("ops", {"ann"});  // by hand
  EXPECT_EQ(plant.run().plan.verdict, Verdict::wait);
  EXPECT_EQ(state(digest), StoredPlan::State::superseded);
}

TEST_F(GivenHeldFirstPlan, WhenApprovedBeforeTheWorldChangedThenTheNewPlanIsHeld) {
  approve();
  plant.corp.world.join("ops", "bob");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_NE(report.plan.digest, digest);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenHeldFirstPlan, WhenTheApprovalIsTooOldThenHeldAgain) {
  approve();
  plant.clock.time += plant.setup.limits.approval_ttl;
  EXPECT_EQ(plant.run().exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
  auto const waiting = plant.journal.held_plans().value();
  ASSERT_THAT(waiting, SizeIs(1));  // as `status` lists them
  EXPECT_EQ(waiting[0].digest, digest);
  approve();
  plant.clock.time += plant.setup.limits.approval_ttl - std::chrono::seconds{1};
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenHeldFirstPlan, WhenRejectedThenNotApplied) {
  ASSERT_TRUE(plant.journal.decide_plan(
      {.digest = digest, .approves = false, .actor = "alice", .time = plant.clock.now()}));
  EXPECT_EQ(plant.run().exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenHeldFirstPlan, WhenTheApprovedPlanFailsThenTheApprovalIsUsedUp) {
  approve();
  plant.vault.fate = plant.console.fate = [](Change const&) { return fake::FakeTarget::Fate::fails; };
  EXPECT_EQ(plant.run().exit, Exit::failed);
  plant.vault.fate = plant.console.fate = [](Change const&) { return fake::FakeTarget::Fate::works; };
  auto const again = plant.run();
  EXPECT_EQ(again.plan.digest, digest);
  EXPECT_EQ(again.exit, Exit::held);
}

TEST_F(GivenHeldFirstPlan, WhenAnApprovalWasNotNeededInTheEndThenItIsUsedUpAllTheSame) {
  approve();
  for (auto& rule : plant.setup.rules) rule.limits.first_plan = Limits::FirstPlan::apply;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(state(digest), StoredPlan::State::applied);
}

TEST_F(GivenHeldFirstPlan, WhenCutThenThePartIsHeldUnderADigestOfItsOwnAndTheFirstPlanIsNotUsedUp) {
  plant.corp.world.group("web", {"bob"});
  plant.request.cut.group = "web";
  auto const part = plant.run();
  EXPECT_EQ(part.exit, Exit::held);
  plant.request.approve = part.plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.find_group("ops"), nullptr);
  plant.request.cut.group.clear();
  plant.request.approve.reset();
  auto const rest = plant.run();
  EXPECT_EQ(rest.exit, Exit::held);
  EXPECT_EQ(rest.plan.reasons.at(0).code, "first-plan");
}

}  // namespace
}  // namespace dirsync::engine
