#include "sync/model/policy.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>

namespace dirsync {
namespace {

TEST(GivenPercentLimit, WhenBaseIsSmallThenFloorCounts) {
  PercentLimit const limit{false, 10, 5, 500};
  EXPECT_EQ(limit.allowed(0), 5);
  EXPECT_EQ(limit.allowed(59), 5);
  EXPECT_EQ(limit.allowed(60), 6);
  EXPECT_EQ(limit.allowed(69), 6);
}

TEST(GivenPercentLimit, WhenBaseIsLargeThenCeilingCounts) {
  PercentLimit const limit{false, 10, 5, 500};
  EXPECT_EQ(limit.allowed(4'999), 499);
  EXPECT_EQ(limit.allowed(1'000'000), 500);
}

TEST(GivenPercentLimit, WhenFloorIsAboveCeilingThenFloorCounts) {
  EXPECT_EQ((PercentLimit{false, 10, 20, 3}).allowed(1'000), 20);
}

TEST(GivenLimitWithoutPercent, WhenAskedThenFiguresCountAlone) {
  EXPECT_EQ(PercentLimit::exactly(0).allowed(1'000'000), 0);
  EXPECT_EQ(PercentLimit::exactly(7).allowed(0), 7);
  EXPECT_EQ((PercentLimit{false, std::nullopt, 5, std::nullopt}).allowed(1'000), 5);
  EXPECT_EQ((PercentLimit{false, std::nullopt, 0, 9}).allowed(1'000), 9);
}

TEST(GivenLimitThatIsOff, WhenAskedThenEverythingIsAllowed) {
  EXPECT_EQ((PercentLimit{true, 10, 5, 500}).allowed(1), std::numeric_limits<std::int64_t>::max());
}

/// docs/safety.md: what a run may add, and what a directory that is emptied in portions takes along, a run
/// every five minutes.
TEST(GivenTheDefaultLimits, WhenADirectoryIsEmptiedInPortionsThenTheFiguresOfThePageHold) {
  struct Company {
    std::int64_t people, taken, in_a_run, in_a_day, runs, added;
  };
  constexpr std::int64_t kMembershipsEach = 5, kRunsADay = 288;
  for (auto const& [people, taken, in_a_run, in_a_day, expected_runs, added] :
       {Company{10, 5, 1, 10, 10, 50}, Company{1'000, 500, 100, 1'000, 55, 1'250},
        Company{100'000, 500, 100, 28'800, kRunsADay, 125'000}}) {
    auto const allowed = [limits = Limits{}](std::int64_t there) {
      return std::min(limits.removals.allowed(there), there);
    };
    auto const memberships = people * kMembershipsEach;
    EXPECT_EQ(allowed(memberships), taken) << people;
    EXPECT_EQ(allowed(memberships) / kMembershipsEach, in_a_run) << people;
    EXPECT_EQ(Limits{}.additions.allowed(memberships), added) << people;
    std::int64_t left = memberships, runs = 0;
    for (; runs < kRunsADay && left > 0; ++runs) left -= allowed(left);
    EXPECT_EQ((memberships - left) / kMembershipsEach, in_a_day) << people;
    EXPECT_EQ(runs, expected_runs) << people;
  }
}

}  // namespace
}  // namespace dirsync
