#include "daemon/doctor/plan_checks.hpp"

#include <gmock/gmock.h>

#include "tests/unit/doctor/judged.hpp"

namespace dirsync::doctor {
namespace {

struct GivenAPlan : testing::Test {
  Checks judged() {
    CheckList checks{"vault"};
    judge_plan(plan, "vault", checks);
    auto made = checks.take();
    expect_remedies(made);
    return made;
  }
  void note(std::string code, std::string text, std::string group = "g") {
    plan.targets["vault"].notices.push_back(
        {.code = std::move(code), .group = std::move(group), .principal = "", .text = std::move(text)});
  }
  Plan plan;
};

TEST_F(GivenAPlan, WhenNamesAreRefusedThenThreeAreShownAndTheTemplateThatMendsThem) {
  for (auto const* name : {"a/1", "a/2", "a/3", "a/4"})
    note("refused-name", "the name holds /; group_name = '{cn|replace:/:-}' would do", name);
  auto const check = the("plan-refused-name", judged());
  EXPECT_EQ(check.state, State::fail);
  EXPECT_EQ(check.text, "4: a/1, a/2, a/3 and 1 more: the name holds /");
  EXPECT_EQ(check.remedy, "group_name = '{cn|replace:/:-}' would do");
}

TEST_F(GivenAPlan, WhenPeopleWaitThenThatIsNoFault) {
  note("waiting", "u01 has no user yet");
  note("ambiguous", "u02 may be two users");
  auto const made = judged();
  EXPECT_EQ(the("plan-waiting", made).state, State::ok);
  EXPECT_EQ(the("plan-ambiguous", made).state, State::warn);
  EXPECT_FALSE(has_failed(made));
}

TEST_F(GivenAPlan, WhenManyWaitForTheSameThenItsTextIsShownOnce) {
  for (auto const* name : {"u01", "u02", "u03", "u04"})
    note("waiting", "no user " + std::string{name} + " in the target yet; wait", name);
  EXPECT_EQ(the("plan-waiting", judged()).text, "4: u01, u02, u03 and 1 more: no user ... in the target yet");
}

TEST_F(GivenAPlan, WhenTextsDifferThenThreeAreShownEachWithItsName) {
  for (auto const* name : {"a", "b", "c", "d"})
    note("unresolved", "values of cn=" + std::string{name} + name + "; correct them", name);
  EXPECT_EQ(the("plan-unresolved", judged()).text,
            "4: a: values of cn=aa | b: values of cn=bb | c: values of cn=cc | and 1 more");
}

TEST_F(GivenAPlan, WhenAChangeIsBlockedThenThatFails) {
  plan.targets["vault"];
  Change change;
  change.target = "vault";
  change.blocked = Obstacle{"protected", "the group is protected; take it out of the rule"};
  plan.changes = {change};
  EXPECT_EQ(the("plan-blocked-protected", judged()).remedy, "take it out of the rule");
}

TEST_F(GivenAPlan, WhenSomethingIsMissingThenTheReasonFailsAndOneThatHoldsDoesNot) {
  Reason missing;
  missing.code = "no-source";
  missing.text = "rule a selects no group; set allow_empty";
  missing.fails = true;
  Reason held;
  held.code = "first-plan";
  held.text = "the first plan";
  plan.targets["vault"].reasons = {missing, held};
  auto const made = judged();
  EXPECT_EQ(the("plan-no-source", made).state, State::fail);
  EXPECT_EQ(std::ranges::count(made, "plan-first-plan", &Check::id), 0);
}

TEST_F(GivenAPlan, WhenTheTargetHasNoPartThenEveryReasonFails) {
  plan.targets["vault"].verdict = Verdict::refuse;
  Reason band;
  band.code = "band";
  band.text = "counts fell; approve the read";
  plan.targets["vault"].reasons = {band};
  EXPECT_EQ(the("plan-band", judged()).state, State::fail);
}

TEST_F(GivenAPlan, WhenItHasNoSuchTargetThenThatIsSkipped) {
  EXPECT_EQ(the("plan", judged()).state, State::skip);
}

}  // namespace
}  // namespace dirsync::doctor
