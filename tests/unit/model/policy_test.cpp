#include "sync/model/policy.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace dirsync
