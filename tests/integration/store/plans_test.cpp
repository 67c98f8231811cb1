#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using State = StoredPlan::State;

struct GivenHeldPlan : OpenStore {
  GivenHeldPlan() { hold("first"); }
  void hold(std::string digest) {
    StoredPlan plan;
    plan.digest = PlanDigest{std::move(digest)};
    plan.run = run;
    plan.first_seen = plan.last_seen = clock->now();
    plan.document_json = "{}";
    ASSERT_TRUE(store.hold_plan(plan));
  }
  StoredPlan plan(std::string digest) {
    return store.find_plan(PlanDigest{std::move(digest)}).value().value();
  }
  Result<TakenDecision> decide(std::string digest, bool approve = true) {
    return store.decide_plan({.digest = PlanDigest{std::move(digest)},
                              .approves = approve,
                              .actor = "uid:1000 (alice)",
                              .time = clock->now()});
  }
};

TEST_F(GivenHeldPlan, WhenLookedUpThenThere) {
  EXPECT_EQ(plan("first").state, State::held);
  EXPECT_EQ(plan("first").run, run);
  EXPECT_EQ(plan("first").document_json, "{}");
  EXPECT_FALSE(plan("first").decided);
  EXPECT_FALSE(store.find_plan(PlanDigest{"none"}).value());
  EXPECT_EQ(store.held_plans().value().at(0).document_json, "{}");
}

TEST_F(GivenHeldPlan, WhenSeenAgainThenFirstSightStays) {
  auto const before = plan("first");
  hold("first");
  EXPECT_EQ(plan("first").first_seen, before.first_seen);
  EXPECT_GT(plan("first").last_seen, before.last_seen);
}

TEST_F(GivenHeldPlan, WhenAnotherIsHeldThenSupersededUntilSeenAgain) {
  hold("second");
  EXPECT_EQ(plan("first").state, State::superseded);
  ASSERT_EQ(store.held_plans().value().size(), 1U);
  hold("first");
  EXPECT_EQ(plan("first").state, State::held);
  EXPECT_EQ(plan("second").state, State::superseded);
  EXPECT_EQ(store.plans(10).value().size(), 2U);
  EXPECT_EQ(store.plans(1).value().at(0).digest, PlanDigest{"first"});
}

TEST_F(GivenHeldPlan, WhenApprovedThenRecordedWithRow) {
  ASSERT_TRUE(decide("first"));
  EXPECT_EQ(plan("first").state, State::approved);
  EXPECT_EQ(plan("first").decided_by, "uid:1000 (alice)");
  EXPECT_TRUE(plan("first").decided);
  auto const row = rows().at(0);
  EXPECT_EQ(row.phase, "approve");
  EXPECT_EQ(row.result, "approved");
  EXPECT_EQ(row.plan, "first");
  EXPECT_EQ(row.actor, "uid:1000 (alice)");
  EXPECT_TRUE(store.held_plans().value().empty());
}

TEST_F(GivenHeldPlan, WhenRejectedThenSeenAgainStaysRejected) {
  ASSERT_TRUE(decide("first", false));
  hold("first");
  EXPECT_EQ(plan("first").state, State::rejected);
  EXPECT_TRUE(plan("first").decided);
  EXPECT_EQ(rows().at(0).result, "rejected");
}

TEST_F(GivenHeldPlan, WhenApprovedAndAnotherIsHeldThenApprovalStays) {
  ASSERT_TRUE(decide("first"));
  hold("second");
  EXPECT_EQ(plan("first").state, State::approved);
}

TEST_F(GivenHeldPlan, WhenUnknownThenNoDecision) {
  EXPECT_ERROR(decide("none"), StoreErrc::no_such_plan);
  EXPECT_ERROR(store.plan_applied(PlanDigest{"none"}, run), StoreErrc::no_such_plan);
  ASSERT_EQ(rows().size(), 1U) << "of the refusal";
  EXPECT_EQ(rows()[0].result, "refused");
  EXPECT_EQ(rows()[0].plan, "none");
}

TEST_F(GivenHeldPlan, WhenSupersededThenDecisionNamesTheOneThatWaits) {
  hold("second");
  auto const decided = decide("first");
  ASSERT_FALSE(decided);
  EXPECT_EQ(decided.error().code, StoreErrc::plan_closed);
  EXPECT_NE(decided.error().context.find("second"), std::string::npos);
}

TEST_F(GivenHeldPlan, WhenAppliedThenApprovalIsUsedUp) {
  ASSERT_TRUE(decide("first"));
  ASSERT_TRUE(store.plan_applied(PlanDigest{"first"}, run));
  EXPECT_EQ(plan("first").state, State::applied);
  EXPECT_ERROR(decide("first"), StoreErrc::plan_closed);
  hold("first");
  EXPECT_EQ(plan("first").state, State::held);
  EXPECT_FALSE(plan("first").decided);
  EXPECT_EQ(plan("first").decided_by, "");
}

using GivenOpenStore = OpenStore;

TEST_F(GivenOpenStore, WhenRuleIsRememberedThenTheLastWordCounts) {
  EXPECT_FALSE(store.rule_memory("ops").value());
  ASSERT_TRUE(store.remember_rule("ops", {"before"}));
  ASSERT_TRUE(store.remember_rule("ops", {"now"}));
  EXPECT_EQ(store.rule_memory("ops").value()->settings, "now");
  EXPECT_FALSE(store.rule_memory("other").value());
}

TEST_F(GivenOpenStore, WhenAbsencesAreReplacedThenOnlyThoseOfTheDirectory) {
  std::vector<AbsenceCount> const corp{{"b", 2}, {"a", 1}}, lab{{"a", 7}};
  ASSERT_TRUE(store.replace_absences("corp", corp));
  ASSERT_TRUE(store.replace_absences("lab", lab));
  auto const counts = store.absences("corp").value();
  ASSERT_EQ(counts.size(), 2U);
  EXPECT_EQ(counts[0].key, "a");
  EXPECT_EQ(counts[1].runs, 2);
  ASSERT_TRUE(store.replace_absences("corp", {}));
  EXPECT_TRUE(store.absences("corp").value().empty());
  EXPECT_EQ(store.absences("lab").value().at(0).runs, 7);
}

TEST_F(GivenOpenStore, WhenObjectsAreSetAsideThenByTargetAndTogether) {
  auto const next = *parse_rfc3339("2026-11-22T00:00:00.500Z");
  std::vector<SetAside> const vault{{"vault", "Ops", "alice", "ambiguous", 3, next}};
  std::vector<SetAside> const console{{"console", "Ops", "", "case differs", 1, next}};
  ASSERT_TRUE(store.replace_set_aside("vault", vault));
  ASSERT_TRUE(store.replace_set_aside("console", console));
  auto const objects = store.set_aside("vault").value();
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects[0].principal, "alice");
  EXPECT_EQ(objects[0].reason, "ambiguous");
  EXPECT_EQ(objects[0].attempts, 3);
  EXPECT_EQ(objects[0].next_try, next);
  ASSERT_EQ(store.all_set_aside().value().size(), 2U);
  EXPECT_EQ(store.all_set_aside().value()[0].target, "console");
  ASSERT_TRUE(store.replace_set_aside("vault", {}));
  EXPECT_EQ(store.all_set_aside().value().size(), 1U);
}

}  // namespace
}  // namespace dirsync::store
