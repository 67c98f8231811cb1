// Which exit code stands for what.
#include <gtest/gtest.h>

#include "sync/engine/engine.hpp"

namespace dirsync::engine {
namespace {

struct GivenReport : testing::Test {
  Report report;

  void SetUp() override { report.plan.targets["vault"].verdict = Verdict::run; }
  void change(Outcome outcome) {
    Change change;
    change.target = "vault";
    change.outcome = outcome;
    report.plan.changes.push_back(std::move(change));
  }
  void refuse_another() { report.plan.targets["console"].verdict = Verdict::refuse; }
};

TEST_F(GivenReport, WhenNothingIsLeftToDoThenDone) {
  EXPECT_EQ(exit_of(report), Exit::done);
  change(Outcome::done);
  change(Outcome::already);
  EXPECT_EQ(exit_of(report), Exit::done);
}

TEST_F(GivenReport, WhenChangesAreOnlyPlannedThenPending) {
  change(Outcome::planned);
  EXPECT_EQ(exit_of(report), Exit::pending);
}

TEST_F(GivenReport, WhenOneIsNotAchievedThenFailed) {
  for (auto const outcome : {Outcome::failed, Outcome::unknown, Outcome::skipped}) {
    report.plan.changes.clear();
    change(Outcome::done);
    change(outcome);
    EXPECT_EQ(exit_of(report), Exit::failed) << to_text(outcome);
  }
}

TEST_F(GivenReport, WhenOneWaitsForConfirmationThenHeldBeforeFailed) {
  change(Outcome::failed);
  change(Outcome::unconfirmed);
  EXPECT_EQ(exit_of(report), Exit::held);
}

TEST_F(GivenReport, WhenThePlanIsHeldThenHeldAndDoneOnceItRan) {
  report.plan.held = true;
  change(Outcome::planned);
  EXPECT_EQ(exit_of(report), Exit::held);
  report.plan.changes[0].outcome = Outcome::done;
  EXPECT_EQ(exit_of(report), Exit::done);
  report.plan.changes[0].outcome = Outcome::failed;
  EXPECT_EQ(exit_of(report), Exit::failed);
}

TEST_F(GivenReport, WhenTheApprovalIsStaleThenHeld) {
  change(Outcome::planned);
  report.approval_stale = true;
  EXPECT_EQ(exit_of(report), Exit::held);
}

TEST_F(GivenReport, WhenATargetWasNotReadThenThatBeforeAllOthers) {
  refuse_another();
  EXPECT_EQ(exit_of(report), Exit::unread);
  change(Outcome::failed);
  change(Outcome::unconfirmed);
  report.plan.held = report.approval_stale = true;
  EXPECT_EQ(exit_of(report), Exit::unread);
}

TEST_F(GivenReport, WhenThereAreNoticesAloneThenDone) {
  report.plan.targets["vault"].notices = {
      {"waiting", "", "ann", ""}, {"foreign", "ops", "eve", ""}, {"orphaned", "x", "", ""}};
  EXPECT_EQ(exit_of(report), Exit::done);
}

}  // namespace
}  // namespace dirsync::engine
