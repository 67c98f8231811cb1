// What a person has frozen, before a run or while it sends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// ops {ann, bob} is in sync on both targets; then bob leaves it, cid joins it, and ann is disabled.
struct GivenFrozenChanges : testing::Test {
  Plant plant;
  void SetUp() override {
    plant.people({"ann", "bob", "cid"});
    plant.corp.world.group("ops", {"ann", "bob"});
    plant.run();
    plant.forget_calls();
    plant.corp.world.leave("ops", "bob");
    plant.corp.world.join("ops", "cid");
    plant.corp.world.disable("ann");
    plant.journal.audit.clear();
  }
  Freeze freeze(std::string target = "", bool removals_alone = false) const {
    return {.target = std::move(target),
            .removals_alone = removals_alone,
            .reason = "an audit",
            .actor = "uid:1 (ann)",
            .since = plant.clock.now()};
  }
  std::set<std::string> members() { return plant.vault.world.members("ops"); }
  Report undo(RunId run, std::optional<PlanDigest> approve = std::nullopt) {
    auto const ordinary = plant.request;
    plant.request.undo = run;
    plant.request.trigger = "undo";
    plant.request.approve = std::move(approve);
    auto report = plant.run();
    plant.request = ordinary;
    return report;
  }
};

TEST_F(GivenFrozenChanges, WhenAllAreThenNothingIsSentNotEvenLeaversAndThawedTheyAre) {
  plant.journal.frozen = {freeze()};
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(report.plan.verdict, Verdict::hold);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(outcomes(report), Each(EndsWith(": planned")));
  EXPECT_THAT(plant.journal.held_plans().value(), IsEmpty()) << "there is nothing to approve";
  EXPECT_EQ(plant.journal.target_states.at("vault").kind, TargetState::Kind::held);
  plant.journal.frozen.clear();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("cid"));
}

TEST_F(GivenFrozenChanges, WhenRemovalsAreThenAdditionsGoOnAndTheRunEndsHeld) {
  plant.journal.frozen = {freeze("", true)};
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob", "cid"));
  EXPECT_EQ(plant.run().exit, Exit::held) << "for as long as it is so";
}

TEST_F(GivenFrozenChanges, WhenAnUndoIsAskedForThenItStopsAsWellHoweverApprovedAndThawedItGoesOn) {
  auto const bad = plant.run().run;
  ASSERT_THAT(members(), UnorderedElementsAre("cid"));
  auto const held = undo(bad);
  plant.forget_calls();
  plant.journal.frozen = {freeze()};
  auto const frozen = undo(bad, held.plan.digest);
  EXPECT_EQ(frozen.exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.journal.undone("vault").value(), IsEmpty());
  plant.journal.frozen.clear();
  EXPECT_EQ(undo(bad, held.plan.digest).exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("bob")) << "ann is disabled";
}

TEST_F(GivenFrozenChanges, WhenRemovalsAreThenAnUndoGivesBackAndTakesNothing) {
  auto const bad = plant.run().run;
  plant.journal.frozen = {freeze("", true)};
  auto const held = undo(bad);
  EXPECT_EQ(undo(bad, held.plan.digest).exit, Exit::held) << "for as long as it is so";
  EXPECT_THAT(members(), UnorderedElementsAre("bob", "cid"));
}

TEST_F(GivenFrozenChanges, WhenOneTargetIsThenTheOtherGoesOn) {
  plant.journal.frozen = {freeze("vault")};
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(report.plan.targets.at("console").verdict, Verdict::run);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob"));
  EXPECT_THAT(plant.console.world.members("ops"), UnorderedElementsAre("cid"));
}

TEST_F(GivenFrozenChanges, WhenItsTimeIsOverThenItEndsWithARowAndAnEvent) {
  auto ends = freeze();
  ends.until = plant.clock.now() + std::chrono::hours{1};
  plant.journal.frozen = {ends};
  EXPECT_EQ(plant.run().exit, Exit::held);
  plant.clock.time = *ends.until;
  EXPECT_EQ(plant.plan_only().plan.freezes.size(), 0U) << "a look ends it as little as it obeys it";
  EXPECT_THAT(plant.journal.frozen, SizeIs(1));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.journal.frozen, IsEmpty());
  EXPECT_THAT(plant.audit("freeze"), ElementsAre("expired"));
}

TEST_F(GivenFrozenChanges, WhenAnApprovalComesThenItLiftsNothing) {
  plant.setup.limits.additions = PercentLimit::exactly(0);
  plant.setup.limits.leavers = Limits::Leavers::with_plan;
  auto const waiting = plant.run();
  ASSERT_EQ(waiting.exit, Exit::held);
  ASSERT_TRUE(plant.journal.decide_plan(
      {.digest = waiting.plan.digest, .actor = "alice", .time = plant.clock.now()}));
  plant.journal.frozen = {freeze()};
  EXPECT_EQ(plant.run().exit, Exit::held);
  plant.request.approve = waiting.plan.digest;
  EXPECT_TRUE(plant.run().approval_stale);
  EXPECT_EQ(plant.writes(), 0U);
  plant.request.approve.reset();
  plant.journal.frozen.clear();
  EXPECT_EQ(plant.run().exit, Exit::done) << "that approval was for exactly this plan, and is good still";
  EXPECT_THAT(members(), UnorderedElementsAre("cid"));
}

TEST_F(GivenFrozenChanges, WhenAPlanWaitsThenItIsNotForgottenMeanwhile) {
  plant.setup.limits.additions = PercentLimit::exactly(0);
  auto const waiting = plant.run();
  plant.journal.frozen = {freeze()};
  plant.run();
  EXPECT_EQ(plant.journal.find_plan(waiting.plan.digest).value()->state, StoredPlan::State::held);
}

TEST_F(GivenFrozenChanges, WhenItComesWhileARunWritesThenNothingMoreIsSent) {
  auto sent = 0;
  for (auto* target : {&plant.vault, &plant.console})
    target->on_send = [this, &sent](Change const&) {
      ++sent;
      plant.journal.frozen = {freeze()};
    };
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(report.plan.verdict, Verdict::hold);
  EXPECT_LE(sent, 2) << "a call of each target may have been on its way";
  EXPECT_GE(sent, 1);
  auto const skipped = std::ranges::count(report.outcomes, Outcome::skipped, &Settled::outcome);
  EXPECT_EQ(static_cast<std::size_t>(skipped), report.outcomes.size() - static_cast<std::size_t>(sent));
  EXPECT_TRUE(std::ranges::any_of(report.plan.reasons, [](Reason const& reason) {
    return reason.code == "frozen" && reason.text.find("while changes were being sent") != std::string::npos;
  }));
  auto const told = std::ranges::count_if(plant.journal.audit, [](AuditRow const& row) {
    return row.phase == "run" && row.result == "skipped" && row.detail.find("frozen by") != std::string::npos;
  });
  EXPECT_GE(told, 1);
  EXPECT_LE(told, 2) << "one row a target, however many changes there are";
}

TEST_F(GivenFrozenChanges, WhenTheJournalCannotTellOfItThenNothingIsSent) {
  auto const calls_of_a_run = [] {
    Plant other;
    other.people({"ann"});
    other.corp.world.group("ops", {"ann"});
    other.run();
    return other.journal.calls();
  }();
  for (int nth = 1; nth <= calls_of_a_run; ++nth) {
    Plant other;
    other.people({"ann"});
    other.corp.world.group("ops", {"ann"});
    other.journal.frozen = {freeze()};
    other.journal.fail_once(nth);
    (void)other.run_once();
    EXPECT_EQ(other.writes(), 0U) << "call " << nth << " failed";
  }
}

TEST_F(GivenFrozenChanges, WhenAFirstPlanHasFrozenChangesThenItIsAFirstPlanStill) {
  Plant fresh;
  fresh.people({"ann", "bob"});
  fresh.corp.world.group("ops", {"ann"});
  fresh.hold_first_plans();
  fresh.journal.frozen = {freeze()};
  EXPECT_EQ(fresh.run().exit, Exit::held);
  fresh.journal.frozen.clear();
  auto const report = fresh.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_TRUE(std::ranges::any_of(report.plan.reasons,
                                  [](Reason const& reason) { return reason.code == "first-plan"; }));
  EXPECT_EQ(fresh.writes(), 0U);
}

}  // namespace
}  // namespace dirsync::engine
