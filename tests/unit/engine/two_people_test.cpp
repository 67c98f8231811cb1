// Plans that several people must approve, and those that somebody rejected.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct GivenAPlanThatTakesTwo : testing::Test {
  Plant plant;
  PlanDigest digest;

  void SetUp() override {
    plant.people({"ann"});
    plant.corp.world.group("ops", {"ann"});
    plant.hold_first_plans();
    plant.setup.limits.approvals = 2;
    digest = plant.run().plan.digest;
  }
  TakenDecision decide(std::string actor, bool approves = true) {
    return plant.journal
        .decide_plan({.digest = digest,
                      .approves = approves,
                      .actor = std::move(actor),
                      .time = plant.clock.now(),
                      .reason = "looked at",
                      .valid_from = plant.clock.now() - plant.setup.limits.approval_ttl})
        .value();
  }
  static std::string text_of(Report const& report, std::string_view code) {
    auto const found = std::ranges::find(report.plan.reasons, code, &Reason::code);
    return found == report.plan.reasons.end() ? "" : found->text;
  }
};

TEST_F(GivenAPlanThatTakesTwo, WhenOneApprovesThenItWaitsAndSaysForWhom) {
  EXPECT_THAT(text_of(plant.run(), "approvals"), HasSubstr("there is none yet"));
  EXPECT_EQ(decide("uid:1 (jane)").needed, 2);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(text_of(report, "approvals"), HasSubstr("uid:1 (jane) gave theirs"));
}

TEST_F(GivenAPlanThatTakesTwo, WhenTwoPeopleApproveThenAppliedInBothNames) {
  decide("uid:1 (jane)");
  decide("uid:2 (jim)");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  ASSERT_TRUE(report.plan.approved);
  EXPECT_EQ(report.plan.approved->by, "uid:1 (jane) and uid:2 (jim)");
}

TEST_F(GivenAPlanThatTakesTwo, WhenOnePersonApprovesTwiceThenRefusedWithARow) {
  decide("uid:1 (jane)");
  EXPECT_TRUE(decide("uid:1 (jane) via sudo").is_repeated);
  EXPECT_THAT(plant.audit("approve"), ElementsAre("approved", "refused"));
  EXPECT_EQ(plant.run().exit, Exit::held);
  plant.request.approve = digest;
  plant.request.actor = "uid:1 (jane)";
  auto const again = plant.run();
  EXPECT_TRUE(again.approval_repeated);
  EXPECT_EQ(again.exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenAPlanThatTakesTwo, WhenApprovedInARunThenTheSecondPersonsRunAppliesIt) {
  plant.request.approve = digest;
  plant.request.actor = "uid:1 (jane)";
  plant.request.reason = "as announced";
  auto const first = plant.run();
  EXPECT_THAT(text_of(plant.plan_only(), "approvals"), HasSubstr("as announced"));
  EXPECT_TRUE(first.approval_short);
  EXPECT_EQ(first.exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
  plant.request.actor = "uid:2 (jim)";
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenAPlanThatTakesTwo, WhenTheFirstIsTooOldThenTheSecondAloneDoesNotDo) {
  decide("uid:1 (jane)");
  plant.clock.time += plant.setup.limits.approval_ttl;
  decide("uid:2 (jim)");
  EXPECT_EQ(plant.run().exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenAPlanThatTakesTwo, WhenItIsAskedForSincePlansWereApprovedByOneThenTheyWait) {
  plant.setup.limits.approvals = 1;
  plant.run();
  EXPECT_EQ(decide("uid:1 (jane)").state, StoredPlan::State::approved);
  plant.setup.limits.approvals = 2;
  EXPECT_EQ(plant.run().exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.audit("approve"), ElementsAre("approved", "expired"));
  EXPECT_EQ(decide("uid:2 (jim)").state, StoredPlan::State::approved);
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenAPlanThatTakesTwo, WhenRejectedThenNoQuestionAnyMoreUntilItChanges) {
  decide("uid:1 (jane)", false);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(report.plan.verdict, Verdict::hold);
  EXPECT_THAT(text_of(report, "rejected"), testing::AllOf(HasSubstr("uid:1 (jane)"), HasSubstr("looked at")));
  EXPECT_TRUE(plant.journal.held_plans().value().empty());
  plant.people({"bob"});
  plant.corp.world.join("ops", "bob");
  auto const changed = plant.run();
  EXPECT_EQ(text_of(changed, "rejected"), "");
  EXPECT_EQ(plant.journal.held_plans().value().size(), 1U);
}

TEST_F(GivenAPlanThatTakesTwo, WhenRejectedThenTwoPeopleMayOverruleIt) {
  decide("uid:1 (jane)", false);
  plant.run();
  decide("uid:2 (jim)");
  EXPECT_EQ(plant.run().exit, Exit::held);
  decide("uid:3 (joe)");
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenAPlanThatTakesTwo, WhenTheApprovalIsTooOldThenTheReasonAndARowSaySo) {
  decide("uid:1 (jane)");
  decide("uid:2 (jim)");
  plant.clock.time += plant.setup.limits.approval_ttl;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_THAT(text_of(report, "approval-expired"), HasSubstr("uid:1 (jane) and uid:2 (jim)"));
  EXPECT_EQ(plant.audit("approve").back(), "expired");
  EXPECT_EQ(text_of(plant.run(), "approval-expired"), "") << "it waits again";
}

}  // namespace
}  // namespace dirsync::engine
