// The plan of an undo, as a person reads it.
#include "daemon/cli/undo_view.hpp"

#include <gmock/gmock.h>

#include "daemon/cli/outcome_view.hpp"
#include "daemon/cli/plan_view.hpp"
#include "daemon/cli/reason_view.hpp"
#include "tests/unit/cli/plans.hpp"

namespace dirsync::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct GivenThePlanOfAnUndo : testing::Test {
  test::PlanMaker made;
  void SetUp() override {
    made.plan.undoes = RunId{17};
    made.plan.command = "undo 17";
    made.remove("ops", "ann").why = "undoes run 17, which added them";
    made.hold();
    made.reason({.code = "undo",
                 .text = "a person must look at it",
                 .target = "",
                 .rule = "",
                 .group = "",
                 .count = 1,
                 .allowed = 0});
  }
  void leave(std::string const& who, std::string because) {
    Change change;
    change.target = "vault";
    change.verb = Verb::add;
    change.group = "ops";
    change.principal = who;
    made.plan.left.push_back({std::move(change), "disabled", std::move(because)});
  }
};

TEST_F(GivenThePlanOfAnUndo, WhenShownThenWithTheRunAndTheCommandThatLetsItRun) {
  leave("bob", "bob is disabled");
  auto const view = plan_view(made.plan, AfterPlan::nothing, {});
  EXPECT_THAT(view,
              AllOf(HasSubstr("Undo of run 17:"), HasSubstr("1 change takes it back; 1 is left as it is"),
                    HasSubstr("bob is disabled"), HasSubstr("dirsyncd undo 17 --approve 3f2a9c0d1e5b"),
                    Not(HasSubstr("dirsyncd approve"))));
}

TEST_F(GivenThePlanOfAnUndo, WhenMuchIsLeftThenTheFirstOfItUnlessAskedForAll) {
  for (auto n = 0; n < 30; ++n) leave("p" + std::to_string(n), "somebody else changed it");
  EXPECT_THAT(undo_view(made.plan, {}), HasSubstr("and 10 more; --verbose lists all"));
  Presentation whole;
  whole.verbose = true;
  EXPECT_THAT(undo_view(made.plan, whole), AllOf(HasSubstr("p29"), Not(HasSubstr("more"))));
}

TEST_F(GivenThePlanOfAnUndo, WhenNothingCanBeTakenBackThenThatIsSaid) {
  made.plan.changes.clear();
  made.plan.held = false;
  made.plan.verdict = Verdict::in_sync;
  made.plan.reasons.clear();
  auto const view = plan_view(made.plan, AfterPlan::nothing, {});
  EXPECT_THAT(view, AllOf(HasSubstr("nothing of it can be taken back"), Not(HasSubstr("In sync:"))));
}

TEST_F(GivenThePlanOfAnUndo, WhenSomeOfItFailedThenTheUndoIsToBeRepeated) {
  made.plan.approved = Approval{"jane", {}};
  std::vector<Settled> const outcomes{{made.plan.changes[0], Outcome::failed, "refused"}};
  EXPECT_THAT(outcome_view(made.plan, outcomes, {.run = RunId{18}}, {}),
              AllOf(HasSubstr("dirsyncd undo 17"), Not(HasSubstr("dirsyncd sync"))));
}

TEST(GivenAnyOtherPlan, WhenShownThenNothingOfAnUndo) {
  test::PlanMaker const made;
  EXPECT_THAT(undo_view(made.plan, {}), IsEmpty());
  EXPECT_EQ(repeat_command(made.plan, {}), "dirsyncd sync");
}

}  // namespace
}  // namespace dirsync::cli
