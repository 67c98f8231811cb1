#include "sync/engine/apply/back_off.hpp"

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

  static Change change(std::string principal, std::string target = "vault") {
    Change change;
    change.target = std::move(target);
    change.group = "ops";
    change.group_id = "1";
    change.principal = std::move(principal);
    return change;
  }
  std::vector<SetAside> after(std::vector<Settled> const& outcomes, bool keeps_others = false) const {
    return set_aside_after(outcomes, "vault", before, keeps_others, now);
  }
  static Settled ann(Outcome outcome) { return {change("ann"), outcome, "refused again"}; }
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
  auto const kept = after({ann(Outcome::failed)});
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].attempts, 3);
  EXPECT_EQ(kept[0].reason, "refused again");
  EXPECT_EQ(kept[0].next_try, now + 4min);
}

TEST_F(GivenSetAsideObject, WhenItWorksOrIsNoLongerWantedThenItIsOut) {
  EXPECT_THAT(after({ann(Outcome::done)}), IsEmpty());
  EXPECT_THAT(after({}), IsEmpty());
}

TEST_F(GivenSetAsideObject, WhenThePlanWasOnlyAPartThenItStays) { EXPECT_THAT(after({}, true), SizeIs(1)); }

TEST_F(GivenSetAsideObject, WhenItWasSkippedThenItStaysAsItWas) {
  auto const kept = after({ann(Outcome::skipped)});
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].attempts, 2);
}

TEST_F(GivenSetAsideObject, WhenTheClockWasAheadThenItIsNotLeftAloneUntilThen) {
  before[0].next_try = now + 24h * 365;
  std::vector<Change> const changes{change("ann")};
  EXPECT_THAT(skip_set_aside(changes, before, now), IsEmpty());
}

TEST_F(GivenSetAsideObject, WhenItsTimeHasNotComeThenItAloneIsSkipped) {
  std::vector<Change> changes{change("ann"), change("bob"), change("ann", "console"), change("ann")};
  for (std::size_t at = 0; at < changes.size(); ++at) changes[at].n = static_cast<int>(at) + 1;
  changes[3].unconfirmed = true;
  auto const skipped = skip_set_aside(changes, before, now);
  ASSERT_THAT(skipped, SizeIs(1));
  EXPECT_EQ(skipped[0].change.n, 1);
  EXPECT_EQ(skipped[0].outcome, Outcome::skipped);
  EXPECT_THAT(skip_set_aside(changes, before, now + 1min), IsEmpty());
}

}  // namespace
}  // namespace dirsync::engine
