#include "sync/model/counted.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

TEST(GivenANumber, WhenShownThenItsThousandsAreApart) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(12'345'678), "12,345,678");
}

TEST(GivenACount, WhenShownThenTheWordFitsTheNumber) {
  EXPECT_EQ(counted(0, "entry", "entries"), "0 entries");
  EXPECT_EQ(counted(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(counted(2, "entry", "entries"), "2 entries");
  EXPECT_EQ(counted(1234, "entry", "entries"), "1,234 entries");
  EXPECT_EQ(number_of(1, "entry", "entries"), "1 entry");
  EXPECT_EQ(number_of(1234, "entry", "entries"), "1234 entries");
}

}  // namespace
}  // namespace dirsync
