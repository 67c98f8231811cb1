#include "sync/plan/judge/leavers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// A group of ten, one of whom is disabled, and an addition that is over its limit.
struct GivenALeaverInAHeldPlan : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"});
    scene.remember();
    scene.corp().disable("p0");
    scene.corp().person("new");
    scene.corp().join("ops", "new");
    scene.vault().world.ldap_user("new");
    scene.limits.additions = PercentLimit::exactly(0);
  }
  /// "rest add new", "leavers remove p0".
  std::vector<std::string> parts() {
    planned = scene.plan();
    std::vector<std::string> words;
    for (auto const& change : planned->plan().changes)
      words.push_back(std::string{to_text(change.part)} + " " + to_text(change.verb) + " " +
                      change.principal);
    return words;
  }
};

TEST_F(GivenALeaverInAHeldPlan, WhenWithinTheLimitsThenAPartThatNeedsNoApproval) {
  EXPECT_THAT(parts(), ElementsAre("leavers remove p0", "rest add new"));
  EXPECT_TRUE(planned->plan().held);
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
  auto const digest = planned->plan().digest;
  scene.corp().enable("p0");
  parts();
  EXPECT_EQ(planned->plan().digest, digest) << "what waits is the rest";
}

TEST_F(GivenALeaverInAHeldPlan, WhenOverALimitThatCountsThemThenHeldWithTheRest) {
  for (auto* limits : {&scene.limits, &scene.target_limits["vault"], &scene.rule().limits}) {
    auto const before = *limits;
    limits->removals = PercentLimit::exactly(0);
    EXPECT_THAT(parts(), ElementsAre("rest remove p0", "rest add new"));
    *limits = before;
  }
  scene.limits.privileged = {.names = {"OPS"}, .removals = 0, .additions = 1};
  EXPECT_THAT(parts(), ElementsAre("rest remove p0", "rest add new"));
}

TEST_F(GivenALeaverInAHeldPlan, WhenTheGroupsOwnLimitIsPassedThenItDoesNotCountThem) {
  scene.limits.removals_per_group = PercentLimit::exactly(0);
  scene.rule().limits.removals_per_group = PercentLimit::exactly(0);
  EXPECT_THAT(parts(), ElementsAre("leavers remove p0", "rest add new"));
  EXPECT_THAT(planned->reasons(), ElementsAre("additions"));
}

TEST_F(GivenALeaverInAHeldPlan, WhenTheRuleNeverHadAnAppliedPlanThenHeldWithTheRest) {
  scene.facts.rules.clear();
  EXPECT_THAT(parts(), ElementsAre("rest remove p0", "rest add new"));
}

TEST_F(GivenALeaverInAHeldPlan, WhenTheirDirectoryIsReadOtherwiseThenHeldWithTheRest) {
  scene.rule().around["directory.corp.users.base"] = "ou=elsewhere,dc=x";
  EXPECT_THAT(parts(), ElementsAre("rest remove p0", "rest add new"));
  EXPECT_THAT(planned->reasons(), testing::Contains("configuration-changed"));
}

TEST_F(GivenALeaverInAHeldPlan, WhenTheyAreOneUnderTheSettingsOfBeforeAsWellThenAPartOfItsOwn) {
  scene.rule().exclude_people = fake::filter("(uid=p1)");
  EXPECT_THAT(parts(), ElementsAre("leavers remove p0", "rest add new", "rest remove p1"));
  EXPECT_THAT(planned->reasons(), testing::Contains("configuration-changed"));
}

TEST_F(GivenALeaverInAHeldPlan, WhenLeaversAreToWaitWithThePlanThenTheyDo) {
  scene.limits.leavers = Limits::Leavers::with_plan;
  EXPECT_THAT(parts(), ElementsAre("rest remove p0", "rest add new"));
}

TEST_F(GivenALeaverInAHeldPlan, WhenSomebodyJustLeftThenTheyAreNoLeaver) {
  scene.corp().enable("p0");
  scene.corp().leave("ops", "p0");
  EXPECT_THAT(parts(), ElementsAre("rest add new", "rest remove p0"));
}

TEST_F(GivenALeaverInAHeldPlan, WhenAnAbsenceIsNotConfirmedThenNoPartOfAnyDigest) {
  scene.corp().enable("p0");
  parts();
  auto const digest = planned->plan().digest;
  scene.corp().drop_person("p1");
  EXPECT_THAT(parts(), ElementsAre("rest remove p1", "rest add new"));
  EXPECT_EQ(planned->plan().digest, digest);
  scene.absent_before(AbsenceKey{"person:p-p1"}, 1);
  EXPECT_THAT(parts(), ElementsAre("leavers remove p1", "rest add new"));
  scene.limits.removals = PercentLimit::exactly(0);
  EXPECT_THAT(parts(), ElementsAre("rest remove p1", "rest add new"));
  EXPECT_NE(planned->plan().digest, digest) << "confirmed since: nobody approved that";
}

}  // namespace
}  // namespace dirsync::plan
