// Plans that several people must approve, and decisions that are refused.
#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using State = StoredPlan::State;
using namespace std::chrono_literals;

struct GivenAPlanForTwoPeople : OpenStore {
  GivenAPlanForTwoPeople() { hold("first"); }
  void hold(std::string digest, int needed = 2) {
    StoredPlan plan;
    plan.digest = PlanDigest{std::move(digest)};
    plan.run = run;
    plan.first_seen = plan.last_seen = clock->now();
    plan.document_json = "{}";
    plan.approvals_needed = needed;
    ASSERT_TRUE(store.hold_plan(plan));
  }
  StoredPlan plan() { return store.find_plan(PlanDigest{"first"}).value().value(); }
  Result<TakenDecision> decide(std::string actor, bool approves = true, std::string digest = "first") {
    auto const now = clock->now();
    return store.decide_plan({.digest = PlanDigest{std::move(digest)},
                              .approves = approves,
                              .actor = std::move(actor),
                              .time = now,
                              .reason = "looked at",
                              .valid_from = now - 24h});
  }
};

TEST_F(GivenAPlanForTwoPeople, WhenBothApproveThenApprovedAndListedUpToThen) {
  auto const first = decide("uid:1 (jane)").value();
  EXPECT_EQ(first.state, State::held);
  EXPECT_EQ(first.given, 1);
  EXPECT_EQ(first.needed, 2);
  EXPECT_EQ(store.held_plans().value().at(0).given.at(0).actor, "uid:1 (jane)");
  auto const second = decide("uid:2 (jim)").value();
  EXPECT_EQ(second.state, State::approved);
  EXPECT_EQ(plan().decided_by, "uid:1 (jane) and uid:2 (jim)");
  EXPECT_EQ(plan().given.at(1).reason, "looked at");
  EXPECT_TRUE(store.held_plans().value().empty());
  EXPECT_EQ(rows().back().detail, "approval 2 of 2: looked at");
}

TEST_F(GivenAPlanForTwoPeople, WhenOnePersonApprovesTwiceThenOnceWithARowOfTheRefusal) {
  ASSERT_TRUE(decide("uid:1 (jane)"));
  auto const again = decide("uid:1 (jane) via sudo").value();
  EXPECT_TRUE(again.is_repeated);
  EXPECT_EQ(again.state, State::held);
  EXPECT_EQ(plan().given.size(), 1U);
  EXPECT_EQ(rows().back().result, "refused");
  EXPECT_EQ(rows().back().actor, "uid:1 (jane) via sudo");
}

TEST_F(GivenAPlanForTwoPeople, WhenSeenAgainThenTheApprovalStays) {
  ASSERT_TRUE(decide("uid:1 (jane)"));
  hold("first");
  EXPECT_EQ(plan().given.size(), 1U);
  EXPECT_EQ(decide("uid:2 (jim)")->state, State::approved);
}

TEST_F(GivenAPlanForTwoPeople, WhenAnotherPlanCameBetweenThenApprovalsBeginAnew) {
  ASSERT_TRUE(decide("uid:1 (jane)"));
  hold("second");
  hold("first");
  EXPECT_TRUE(plan().given.empty());
  EXPECT_EQ(decide("uid:2 (jim)")->state, State::held);
}

TEST_F(GivenAPlanForTwoPeople, WhenAppliedAndHeldAgainThenApprovalsBeginAnew) {
  ASSERT_TRUE(decide("uid:1 (jane)"));
  ASSERT_TRUE(decide("uid:2 (jim)"));
  ASSERT_TRUE(store.plan_applied(PlanDigest{"first"}, run));
  hold("first", 1);
  EXPECT_TRUE(plan().given.empty());
  EXPECT_EQ(plan().approvals_needed, 1);
  EXPECT_EQ(plan().state, State::held);
}

TEST_F(GivenAPlanForTwoPeople, WhenRejectedThenTheReasonIsKeptAndApprovalsAreGone) {
  ASSERT_TRUE(decide("uid:1 (jane)"));
  ASSERT_TRUE(decide("uid:2 (jim)", false));
  EXPECT_EQ(plan().state, State::rejected);
  EXPECT_EQ(plan().decided_by + ": " + plan().decided_why, "uid:2 (jim): looked at");
  EXPECT_TRUE(plan().given.empty());
  EXPECT_EQ(rows().back().result + ": " + rows().back().detail, "rejected: looked at");
}

TEST_F(GivenAPlanForTwoPeople, WhenTheApprovalCannotBeUsedThenARowSaysWhyAndWhoGaveItIsKnown) {
  ASSERT_TRUE(decide("uid:1 (jane)"));
  ASSERT_TRUE(decide("uid:2 (jim)"));
  auto const before = rows().size();
  ASSERT_TRUE(store.end_approval(PlanDigest{"first"}, "daemon", "too old"));
  EXPECT_EQ(plan().state, State::held);
  EXPECT_EQ(rows().back().result + ": " + rows().back().detail, "expired: too old");
  ASSERT_TRUE(store.end_approval(PlanDigest{"first"}, "daemon", "too old"));
  ASSERT_TRUE(store.end_approval(PlanDigest{"none"}, "daemon", "too old"));
  EXPECT_EQ(rows().size(), before + 1) << "it had none any more";
}

TEST_F(GivenAPlanForTwoPeople, WhenRefusedThenARowOfThePlanThatWasMeant) {
  EXPECT_ERROR(decide("uid:1 (jane)", true, "none"), StoreErrc::no_such_plan);
  EXPECT_EQ(rows().back().plan + " " + rows().back().result, "none refused");
  hold("second");
  EXPECT_ERROR(decide("uid:1 (jane)", false), StoreErrc::plan_closed);
  EXPECT_EQ(rows().back().plan + " " + rows().back().result, "first refused");
  EXPECT_NE(rows().back().detail.find("reject: "), std::string::npos);
  EXPECT_FALSE(store.verify_chain().value().fault);
}

}  // namespace
}  // namespace dirsync::store
