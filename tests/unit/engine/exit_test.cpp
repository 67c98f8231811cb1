// Which exit code stands for what.
#include <gtest/gtest.h>

#include "sync/engine/engine.hpp"

namespace dirsync::engine {
namespace {

struct GivenReport : testing::Test {
  Report report;

  void SetUp() override { report.plan.targets["vault"].verdict = Verdict::run; }
  Change& planned() {
    auto& changes = report.plan.changes;
    changes.emplace_back().n = static_cast<int>(changes.size());
    changes.back().target = "vault";
    return changes.back();
  }
  void change(Outcome outcome) { report.outcomes.push_back({planned(), outcome, ""}); }
  void waiting() { planned().unconfirmed = true; }
  void refuse_another() { report.plan.targets["console"].verdict = Verdict::refuse; }
};

TEST_F(GivenReport, WhenNothingIsLeftToDoThenDone) {
  EXPECT_EQ(exit_of(report), Exit::done);
  change(Outcome::done);
  change(Outcome::already);
  EXPECT_EQ(exit_of(report), Exit::done);
}

TEST_F(GivenReport, WhenChangesAreOnlyPlannedThenPending) {
  planned();
  EXPECT_EQ(exit_of(report), Exit::pending);
}

TEST_F(GivenReport, WhenOneIsNotAchievedThenFailed) {
  for (auto const outcome : {Outcome::failed, Outcome::unknown, Outcome::skipped}) {
    report.plan.changes.clear();
    report.outcomes.clear();
    change(Outcome::done);
    change(outcome);
    EXPECT_EQ(exit_of(report), Exit::failed) << to_text(outcome);
  }
}

TEST_F(GivenReport, WhenOneWaitsForConfirmationThenFailedBeforePending) {
  change(Outcome::failed);
  waiting();
  EXPECT_EQ(exit_of(report), Exit::failed);
}

TEST_F(GivenReport, WhenSomethingIsBlockedThenFailedUnlessAPersonMustDecideFirst) {
  change(Outcome::done);
  waiting();
  planned().blocked = Obstacle{"protected", "listed in protected_users"};
  EXPECT_EQ(exit_of(report), Exit::failed);
  report.plan.held = true;
  planned();
  EXPECT_EQ(exit_of(report), Exit::held);
}

TEST_F(GivenReport, WhenWhatShouldBeThereIsNotThenFailed) {
  auto& reason = report.plan.reasons.emplace_back();
  EXPECT_EQ(exit_of(report), Exit::done);
  reason.fails = true;
  EXPECT_EQ(exit_of(report), Exit::failed);
}

TEST_F(GivenReport, WhenThePlanIsHeldThenHeldAndDoneOnceItRan) {
  report.plan.held = true;
  planned();
  EXPECT_EQ(exit_of(report), Exit::held);
  report.outcomes.push_back({report.plan.changes[0], Outcome::done, ""});
  EXPECT_EQ(exit_of(report), Exit::done);
  report.outcomes[0].outcome = Outcome::failed;
  EXPECT_EQ(exit_of(report), Exit::failed);
}

TEST_F(GivenReport, WhenTheApprovalIsStaleThenHeld) {
  planned();
  report.approval_stale = true;
  EXPECT_EQ(exit_of(report), Exit::held);
}

TEST_F(GivenReport, WhenATargetWasNotReadThenThatBeforeAllOthers) {
  refuse_another();
  EXPECT_EQ(exit_of(report), Exit::unread);
  change(Outcome::failed);
  waiting();
  report.plan.held = report.approval_stale = true;
  EXPECT_EQ(exit_of(report), Exit::unread);
}

TEST_F(GivenReport, WhenATargetEndedEarlyThenThatBeforeWhatWasNotAchieved) {
  change(Outcome::skipped);
  report.ended_early = true;
  EXPECT_EQ(exit_of(report), Exit::unread);
}

TEST_F(GivenReport, WhenThereAreNoticesAloneThenDone) {
  report.plan.targets["vault"].notices = {
      {"waiting", "", "ann", ""}, {"foreign", "ops", "eve", ""}, {"orphaned", "x", "", ""}};
  EXPECT_EQ(exit_of(report), Exit::done);
}

}  // namespace
}  // namespace dirsync::engine
