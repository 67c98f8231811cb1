#include "sync/model/approvals.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

using namespace std::chrono_literals;
using State = StoredPlan::State;

TEST(GivenAnActor, WhenItIsAnAccountThenThatCountsAndNotHowItIsWritten) {
  EXPECT_EQ(account_of("uid:1000 (jane)"), "uid:1000");
  EXPECT_EQ(account_of("uid:1000 (jane) via sudo"), "uid:1000");
  EXPECT_EQ(account_of("uid:1000"), "uid:1000");
  EXPECT_NE(account_of("uid:10001 (jane)"), account_of("uid:1000 (jane)"));
  for (auto const* const other : {"daemon", "", "uid:", "uid: (jane)", "uid:1000x", "uid:1000(jane)"})
    EXPECT_EQ(account_of(other), other);
}

struct GivenApprovals : testing::Test {
  static Time at(int minute) { return *parse_rfc3339("2026-01-02T03:00:00Z") + std::chrono::minutes{minute}; }
  PlanApprovals approvals{2,
                          {{"uid:1 (ann)", at(1)},
                           {"uid:2 (bob)", at(2)},
                           {"uid:1 (ann) via sudo", at(3)},
                           {"uid:3 (eve)", at(4)}}};
};

TEST_F(GivenApprovals, WhenThePlanWasUsedThenTheLastOfAsManyPeopleAsItTakesLetIt) {
  EXPECT_EQ(givers_of(used_approvals(approvals, at(2))), "uid:1 (ann) and uid:2 (bob)");
  EXPECT_EQ(givers_of(used_approvals(approvals, at(3))), "uid:2 (bob) and uid:1 (ann) via sudo");
  EXPECT_EQ(givers_of(used_approvals(approvals, {})), "uid:1 (ann) via sudo and uid:3 (eve)");
  approvals.needed = 1;
  EXPECT_EQ(givers_of(used_approvals(approvals, at(2))), "uid:2 (bob)");
}

TEST_F(GivenApprovals, WhenFewerThanItTakesAreKnownThenThose) {
  EXPECT_EQ(givers_of(used_approvals(approvals, at(1))), "uid:1 (ann)");
  EXPECT_TRUE(used_approvals(approvals, at(0)).empty());
}

struct GivenAPlanForTwo : testing::Test {
  Time const now = *parse_rfc3339("2026-01-02T03:04:05Z");
  StoredPlan plan;
  bool is_repeated = false;

  GivenAPlanForTwo() {
    plan.digest = PlanDigest{"d"};
    plan.approvals_needed = 2;
  }
  State decide(std::string actor, Time time, bool approves = true) {
    auto decided = decided_plan(plan, {.digest = plan.digest,
                                       .approves = approves,
                                       .actor = std::move(actor),
                                       .time = time,
                                       .reason = "looked at",
                                       .valid_from = time - 24h});
    plan = decided.plan;
    is_repeated = decided.is_repeated;
    return plan.state;
  }
};

TEST_F(GivenAPlanForTwo, WhenAClockWasAheadThenItsApprovalIsNotGoodForAsLongAsThat) {
  decide("uid:1 (ann)", now + 24h * 365);
  EXPECT_TRUE(valid_approvals(plan, 24h, now).empty());
  EXPECT_EQ(valid_approvals(plan, 24h, now + 24h * 365).size(), 1U);
}

TEST_F(GivenAPlanForTwo, WhenTwoPeopleApproveThenApproved) {
  EXPECT_EQ(decide("uid:1 (ann)", now), State::held);
  EXPECT_FALSE(plan.decided);
  EXPECT_EQ(decide("uid:2 (bob)", now + 1h), State::approved);
  EXPECT_EQ(plan.decided_by, "uid:1 (ann) and uid:2 (bob)");
  EXPECT_EQ(plan.decided, now + 1h);
}

TEST_F(GivenAPlanForTwo, WhenOnePersonDoesSoTwiceThenRefusedWhateverTheyAreCalled) {
  decide("uid:1 (ann)", now);
  EXPECT_EQ(decide("uid:1 (ann) via sudo", now + 1h), State::held);
  EXPECT_TRUE(is_repeated);
  ASSERT_EQ(plan.given.size(), 1U);
  EXPECT_EQ(plan.given[0].at, now);
}

TEST_F(GivenAPlanForTwo, WhenTheFirstIsTooOldThenItCountsNoMoreAndMayBeGivenAnew) {
  decide("uid:1 (ann)", now);
  EXPECT_EQ(decide("uid:2 (bob)", now + 24h), State::held);
  ASSERT_EQ(plan.given.size(), 1U);
  EXPECT_EQ(decide("uid:1 (ann)", now + 25h), State::approved);
  EXPECT_FALSE(is_repeated);
}

TEST_F(GivenAPlanForTwo, WhenRejectedThenApprovalsAreGoneAndTwoPeopleOverruleIt) {
  decide("uid:1 (ann)", now);
  EXPECT_EQ(decide("uid:3 (cid)", now, false), State::rejected);
  EXPECT_TRUE(plan.given.empty());
  EXPECT_EQ(plan.decided_why, "looked at");
  EXPECT_EQ(decide("uid:1 (ann)", now), State::rejected) << "one of two";
  EXPECT_EQ(decide("uid:3 (cid)", now), State::approved);
}

TEST_F(GivenAPlanForTwo, WhenOneIsEnoughByNowThenTheirWordCountsAnew) {
  decide("uid:1 (ann)", now);
  plan.approvals_needed = 1;
  EXPECT_EQ(decide("uid:1 (ann)", now + 1h), State::approved);
  EXPECT_FALSE(is_repeated);
}

TEST_F(GivenAPlanForTwo, WhenDecidedThenTheRowSaysWhichApprovalAndWhy) {
  PlanDecision const decision{
      .digest = plan.digest, .actor = "uid:1 (ann)", .time = now, .reason = "looked at"};
  auto const first = decided_plan(plan, decision);
  auto const row = decision_row(first, decision);
  EXPECT_EQ(row.phase + " " + row.result + ": " + row.detail, "approve approved: approval 1 of 2: looked at");
  auto const refused = decision_row(decided_plan(first.plan, decision), decision);
  EXPECT_EQ(refused.result, "refused");
  EXPECT_NE(refused.detail.find("2026-01-02T03:04:05.000Z"), std::string::npos);
}

}  // namespace
}  // namespace dirsync
