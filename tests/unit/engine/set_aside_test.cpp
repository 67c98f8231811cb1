#include "sync/engine/set_aside.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::engine {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

struct GivenSetAsideObject : testing::Test {
  Time const now = *parse_rfc3339("2026-01-02T03:04:05Z");
  std::vector<SetAside> before{{"vault", "ops", "ann", "refused", 2, now + 1min}};

  static Change change(std::string principal, Outcome outcome, std::string target = "vault") {
    Change change;
    change.target = std::move(target);
    change.group = "ops";
    change.group_id = "1";
    change.principal = std::move(principal);
    change.outcome = outcome;
    change.detail = "refused again";
    return change;
  }
};

TEST_F(GivenSetAsideObject, WhenItFailsOverAndOverThenTriedLessOften) {
  EXPECT_EQ(back_off(1), 1min);
  EXPECT_EQ(back_off(2), 2min);
  EXPECT_EQ(back_off(5), 16min);
  EXPECT_EQ(back_off(9), 256min);
  EXPECT_EQ(back_off(10), 6h);
  EXPECT_EQ(back_off(1'000'000), 6h);
}

TEST_F(GivenSetAsideObject, WhenItFailsAgainThenAttemptsAndReasonAreKept) {
  auto const after = set_aside_after({change("ann", Outcome::failed)}, "vault", before, false, now);
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].attempts, 3);
  EXPECT_EQ(after[0].reason, "refused again");
  EXPECT_EQ(after[0].next_try, now + 4min);
}

TEST_F(GivenSetAsideObject, WhenItWorksOrIsNoLongerWantedThenItIsOut) {
  EXPECT_THAT(set_aside_after({change("ann", Outcome::done)}, "vault", before, false, now), IsEmpty());
  EXPECT_THAT(set_aside_after({}, "vault", before, false, now), IsEmpty());
}

TEST_F(GivenSetAsideObject, WhenThePlanWasOnlyAPartThenItStays) {
  EXPECT_THAT(set_aside_after({}, "vault", before, true, now), SizeIs(1));
}

TEST_F(GivenSetAsideObject, WhenItWasSkippedThenItStaysAsItWas) {
  auto const after = set_aside_after({change("ann", Outcome::skipped)}, "vault", before, false, now);
  ASSERT_THAT(after, SizeIs(1));
  EXPECT_EQ(after[0].attempts, 2);
}

TEST_F(GivenSetAsideObject, WhenItsTimeHasNotComeThenItAloneIsSkipped) {
  std::vector<Change> changes{change("ann", Outcome::planned), change("bob", Outcome::planned),
                              change("ann", Outcome::planned, "console"),
                              change("ann", Outcome::unconfirmed)};
  skip_set_aside(changes, before, now);
  EXPECT_EQ(changes[0].outcome, Outcome::skipped);
  EXPECT_EQ(changes[1].outcome, Outcome::planned);
  EXPECT_EQ(changes[2].outcome, Outcome::planned);
  EXPECT_EQ(changes[3].outcome, Outcome::unconfirmed);
  changes[0].outcome = Outcome::planned;
  skip_set_aside(changes, before, now + 1min);
  EXPECT_EQ(changes[0].outcome, Outcome::planned);
}

}  // namespace
}  // namespace dirsync::engine
