// What a run did, as a person reads it.
#include "daemon/cli/outcome_view.hpp"

#include <gmock/gmock.h>

#include "tests/support/golden.hpp"
#include "tests/unit/cli/plans.hpp"

namespace dirsync::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct GivenARun : testing::Test {
  test::PlanMaker made;
  std::vector<Settled> outcomes;

  void settle(Change const& change, Outcome outcome, std::string detail = "") {
    outcomes.push_back({change, outcome, std::move(detail)});
  }
  std::string view(RunEnd const& end = {.run = RunId{12}}, Presentation const& presentation = {}) const {
    return outcome_view(made.plan, outcomes, end, presentation);
  }
};

TEST_F(GivenARun, WhenAllIsDoneThenOneLine) {
  settle(Change{made.create("web")}, Outcome::done);
  settle(Change{made.add("web", "ada")}, Outcome::done);
  settle(Change{made.add("web", "eve")}, Outcome::already);
  EXPECT_EQ(view(), "Result: 2 added, 1 group created (1 so already).\n");
}

TEST_F(GivenARun, WhenSomeFailThenEachHasItsReasonAndTheNextStepIsTold) {
  settle(Change{made.add("web", "ada")}, Outcome::done);
  settle(Change{made.add("web", "eve")}, Outcome::failed, "HTTP 403: the user may not do that");
  settle(Change{made.remove("ops", "bob")}, Outcome::unknown, "no answer");
  settle(Change{made.remove("ops", "cid")}, Outcome::skipped, "vault took no more changes");
  made.add("ops", "a/b").blocked = Obstacle{"unaddressable", "no request can name a/b"};
  made.remove("ops", "fay").unconfirmed = true;
  made.reason({.code = "ended-early",
               .text = "vault took no more changes in mid-run: connection refused",
               .target = "vault",
               .rule = "",
               .group = "",
               .count = std::nullopt,
               .allowed = std::nullopt});
  expect_golden("outcome_failures.txt", view());
}

TEST_F(GivenARun, WhenTheConfigurationIsNotTheUsualOneThenTheNextStepsNameIt) {
  settle(Change{made.add("web", "eve")}, Outcome::failed, "HTTP 403");
  made.hold();
  auto const shown = view({.run = RunId{12}}, {.command = "dirsyncd --config x.toml"});
  EXPECT_THAT(shown, AllOf(HasSubstr("achieved: dirsyncd --config x.toml sync; every outcome: "
                                     "dirsyncd --config x.toml run show 12\n"),
                           HasSubstr("run: dirsyncd --config x.toml approve 3f2a9c0d1e5b\n")));
}

TEST_F(GivenARun, WhenOnlyLeaversWereSentThenTheRestWaitsForAPerson) {
  settle(Change{made.remove_disabled("ops", "ann")}, Outcome::done);
  made.add("ops", "ada");
  made.hold();
  EXPECT_EQ(view(),
            "Result: 1 removed; 1 waits for a person.\n"
            "The rest waits for a person. To let it run: dirsyncd approve 3f2a9c0d1e5b\n");
}

TEST_F(GivenARun, WhenAPersonSaidNoThenNothingWasSent) {
  made.add("ops", "ada");
  EXPECT_THAT(view({.declined = true}),
              AllOf(HasSubstr("Result: nothing was changed; 1 not sent.\n"), HasSubstr("Nothing was sent.")));
}

TEST_F(GivenARun, WhenVeryManyFailThenTheFirstAndTheFigureOfTheRest) {
  for (int number = 0; number < 60; ++number)
    settle(Change{made.add("web", "u" + std::to_string(100 + number))}, Outcome::failed, "refused");
  EXPECT_THAT(view(), AllOf(HasSubstr("+ u149"), Not(HasSubstr("+ u150")), HasSubstr("and 10 more")));
  EXPECT_THAT(view({.run = RunId{12}}, {.verbose = true}), HasSubstr("+ u159"));
}

}  // namespace
}  // namespace dirsync::cli
