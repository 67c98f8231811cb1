// What a person reads of a plan whose configuration is not in force.
#include "daemon/cli/rehearsal_view.hpp"

#include <gmock/gmock.h>
#include <boost/json.hpp>

#include "daemon/cli/plan_view.hpp"
#include "sync/plan/document.hpp"
#include "tests/unit/cli/plans.hpp"

namespace dirsync::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct GivenARehearsedPlan : testing::Test {
  test::PlanMaker made;

  GivenARehearsedPlan() {
    made.add("ops", "ada").only_new = true;
    made.add("ops", "eve");
    made.remove("ops", "bob").only_new = true;
    made.plan.changes.back().unconfirmed = true;
    auto& rehearsal = made.plan.rehearsal.emplace();
    rehearsal.rules["all"] = {
        .state = RehearsedRule::State::changed, .keys = {"exclude_people", "groups"}, .remark = {}};
    rehearsal.rules["other"] = {
        .state = RehearsedRule::State::not_compared, .keys = {}, .remark = "other things would be read"};
    auto& only_old = rehearsal.only_old.emplace_back(made.plan.changes.at(1));
    only_old.principal = "dan";
    only_old.n = 4;
  }
  std::string view(bool verbose = false) const {
    return plan_view(made.plan, AfterPlan::nothing, {.verbose = verbose});
  }
};

TEST_F(GivenARehearsedPlan, WhenShownThenItBeginsWithWhatDiffersByRule) {
  EXPECT_THAT(rehearsal_view(made.plan, {}),
              "A rehearsal: this configuration is not in force. 2 changes follow from it alone (only-new), 1 "
              "follows from the one in force alone (only-old). Nothing is written or kept.\n"
              "  rule all  changed: exclude_people, groups; 2 only-new, 1 only-old\n"
              "  rule other  not-compared: other things would be read\n");
  EXPECT_THAT(view(), testing::StartsWith("A rehearsal: "));
}

TEST_F(GivenARehearsedPlan, WhenShownThenRowsBearTheirMarks) {
  EXPECT_THAT(view(), AllOf(HasSubstr("+ ada  only-new\n"), HasSubstr("+ eve\n"),
                            HasSubstr("- bob  only-new, waits for confirmation"),
                            HasSubstr("Only by the settings in force (only-old):\n  vault: ops  + dan")));
}

TEST_F(GivenARehearsedPlan, WhenItWaitsForAPersonThenNobodyIsToldToApproveIt) {
  made.plan.held = true;
  made.plan.verdict = made.plan.targets["vault"].verdict = Verdict::hold;
  EXPECT_THAT(view(),
              AllOf(Not(HasSubstr("dirsyncd approve")), HasSubstr("Put this configuration into force")));
}

TEST_F(GivenARehearsedPlan, WhenWrittenAsJsonThenEachRowSaysWhoseItIs) {
  namespace json = boost::json;
  auto const document = plan::plan_document(made.plan, std::nullopt);
  auto const& changes = document.at("targets").at("vault").at("changes").as_array();
  ASSERT_EQ(changes.size(), 4U);
  EXPECT_EQ(changes.at(0).at("only").as_string(), "new");
  EXPECT_FALSE(changes.at(1).as_object().contains("only"));
  EXPECT_EQ(changes.at(3).at("only").as_string(), "old");
  EXPECT_EQ(changes.at(3).at("n").as_int64(), 4);
  auto const& rehearsal = document.at("rehearsal").as_object();
  EXPECT_EQ(rehearsal.at("only_new").as_int64(), 2);
  EXPECT_EQ(rehearsal.at("rules").at("all").at("state").as_string(), "changed");
  EXPECT_EQ(rehearsal.at("rules").at("other").at("text").as_string(), "other things would be read");
}

TEST(GivenAPlanThatIsNoRehearsal, WhenShownThenNothingOfIt) {
  test::PlanMaker made;
  made.add("ops", "ada");
  EXPECT_EQ(rehearsal_view(made.plan, {}), "");
  EXPECT_EQ(only_old_view(made.plan, {}), "");
  EXPECT_FALSE(plan::plan_document(made.plan, std::nullopt).contains("rehearsal"));
}

}  // namespace
}  // namespace dirsync::cli
