#include "sync/plan/judge/approvals_needed.hpp"

#include <gtest/gtest.h>

#include "tests/support/fakes/world.hpp"

namespace dirsync::plan {
namespace {

struct GivenAPlanOfTwoGroups : testing::Test {
  Plan plan;
  std::vector<Rule> rules{fake::rule("all", "vault")};
  JudgeInput input{.rules = {}, .limits = {}, .target_limits = {}, .known_rules = {}, .new_settings = {}};

  GivenAPlanOfTwoGroups() {
    input.rules = rules;
    for (auto const* const group : {"ops", "Tier0"}) {
      auto& change = plan.changes.emplace_back();
      change.target = "vault";
      change.rule = "all";
      change.verb = Verb::add;
      change.group = group;
    }
  }
  static Limits::Privileged privileged(int approvals) {
    return {.names = {"TIER0"}, .removals = 0, .additions = 1, .approvals = approvals};
  }
  int needed() const { return approvals_needed(plan, input); }
};

TEST_F(GivenAPlanOfTwoGroups, WhenNothingIsSaidThenOnePerson) { EXPECT_EQ(needed(), 1); }

TEST_F(GivenAPlanOfTwoGroups, WhenEveryPlanTakesTwoThenTwo) {
  input.limits.approvals = 2;
  EXPECT_EQ(needed(), 2);
}

TEST_F(GivenAPlanOfTwoGroups, WhenAPrivilegedGroupIsChangedThenAsManyAsItTakesAnywhere) {
  input.limits.privileged = privileged(2);
  EXPECT_EQ(needed(), 2);
  input.target_limits["vault"].privileged = privileged(3);
  EXPECT_EQ(needed(), 3);
  rules[0].limits.privileged = privileged(4);
  EXPECT_EQ(needed(), 4);
  input.limits.approvals = 5;
  EXPECT_EQ(needed(), 5);
}

TEST_F(GivenAPlanOfTwoGroups, WhenNoPrivilegedGroupIsSentAnythingThenNoMore) {
  input.limits.privileged = privileged(2);
  plan.changes[1].unconfirmed = true;
  EXPECT_EQ(needed(), 1);
  plan.changes[1].unconfirmed = false;
  plan.changes[1].group = "web";
  EXPECT_EQ(needed(), 1);
  plan.changes[1].new_name = "Tier0";
  EXPECT_EQ(needed(), 2) << "a group takes that name";
  input.limits.privileged = {};
  input.target_limits["console"].privileged = privileged(2);
  EXPECT_EQ(needed(), 1) << "of another target";
}

}  // namespace
}  // namespace dirsync::plan
