// How a target stands at the end of a run, as `status` shows it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/engine/run/stages.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using Kind = TargetState::Kind;
using testing::ElementsAre;

struct GivenTheEndOfARun : testing::Test {
  Report report;

  void SetUp() override {
    report.run = RunId{4};
    report.plan.targets["vault"].verdict = Verdict::run;
  }
  Change& change() {
    auto& changes = report.plan.changes;
    changes.emplace_back().n = static_cast<int>(changes.size());
    changes.back().target = "vault";
    return changes.back();
  }
  void settled(Outcome outcome) { report.outcomes.push_back({change(), outcome, ""}); }
  TargetState state() const { return target_states(report, Time{}).at(0); }
};

TEST_F(GivenTheEndOfARun, WhenAllIsDoneThenOkAndInSync) {
  settled(Outcome::done);
  settled(Outcome::already);
  EXPECT_EQ(state().kind, Kind::ok);
  EXPECT_TRUE(state().in_sync());
  EXPECT_EQ(state().run, RunId{4});
}

TEST_F(GivenTheEndOfARun, WhenOneWaitsForFurtherReadsThenUnconfirmed) {
  settled(Outcome::done);
  change().unconfirmed = true;
  EXPECT_EQ(state().kind, Kind::unconfirmed);
  EXPECT_FALSE(state().in_sync());
}

TEST_F(GivenTheEndOfARun, WhenOneWaitsForAPersonThenHeld) {
  report.plan.targets["vault"].verdict = Verdict::hold;
  change();
  EXPECT_EQ(state().kind, Kind::held);
}

TEST_F(GivenTheEndOfARun, WhenAHeldPlanRanUnderItsApprovalThenItIsHeldNoLonger) {
  report.plan.targets["vault"].verdict = Verdict::hold;
  report.plan.held = true;
  settled(Outcome::done);
  EXPECT_EQ(state().kind, Kind::ok);
}

TEST_F(GivenTheEndOfARun, WhenOneIsNotAchievedThenFailedBeforeAllOthers) {
  for (auto const outcome : {Outcome::failed, Outcome::unknown, Outcome::skipped}) {
    report.plan.changes.clear();
    report.outcomes.clear();
    change().unconfirmed = true;
    settled(outcome);
    EXPECT_EQ(state().kind, Kind::failed) << to_text(outcome);
  }
}

TEST_F(GivenTheEndOfARun, WhenAllThatIsLeftIsBlockedThenBlocked) {
  settled(Outcome::done);
  change().blocked = Obstacle{"protected", "it is protected"};
  change().unconfirmed = true;
  EXPECT_EQ(state().kind, Kind::blocked);
  EXPECT_FALSE(state().in_sync());
}

TEST_F(GivenTheEndOfARun, WhenAPersonMustDecideOrAChangeFailedThenThatComesBeforeWhatIsBlocked) {
  change().blocked = Obstacle{"protected", "it is protected"};
  change();
  EXPECT_EQ(state().kind, Kind::held);
  settled(Outcome::failed);
  EXPECT_EQ(state().kind, Kind::failed);
}

TEST_F(GivenTheEndOfARun, WhenItHadNoPartThenUnread) {
  report.plan.targets["vault"].verdict = Verdict::refuse;
  EXPECT_EQ(state().kind, Kind::unread);
}

TEST_F(GivenTheEndOfARun, WhenPeopleWaitOrComeInByAGroupThenTheyAreNamed) {
  report.plan.targets["vault"].notices = {
      {"waiting", "ops", "ann", ""}, {"effective", "ops", "", "12 people"}, {"foreign", "ops", "eve", ""}};
  EXPECT_THAT(state().waiting, ElementsAre("ann"));
  EXPECT_THAT(state().effective, ElementsAre(TargetState::OfGroup{"ops", "12 people"}));
}

TEST(GivenARun, WhenItEndsThenTheStatesAreKeptAndAPlanAloneKeepsNone) {
  Plant plant;
  plant.people({"ann"});
  plant.corp.world.group("ops", {"ann"});
  plant.plan_only();
  EXPECT_TRUE(plant.journal.target_states.empty());
  plant.run();
  EXPECT_EQ(plant.journal.target_states.at("vault").kind, Kind::ok);
  plant.console.read_failure = Error{make_error_code(boost::system::errc::timed_out), "down"};
  plant.run();
  EXPECT_EQ(plant.journal.target_states.at("console").kind, Kind::unread);
  EXPECT_EQ(plant.journal.target_states.at("vault").kind, Kind::ok);
}

}  // namespace
}  // namespace dirsync::engine
