#include "sync/rest/version.hpp"

#include <gtest/gtest.h>

namespace dirsync::rest {
namespace {

class GivenVersions : public testing::Test {};

TEST_F(GivenVersions, WhenComparedThenEachNumberCountsByItself) {
  EXPECT_GT(*Version::parse("12.10"), *Version::parse("12.2.9"));
  EXPECT_GT(*Version::parse("0.17"), *Version::parse("0.2"));
  EXPECT_EQ(*Version::parse("12"), *Version::parse("12.0"));
  EXPECT_LT(*Version::parse("12"), *Version::parse("12.0.0.1"));
}

TEST_F(GivenVersions, WhenATailFollowsThenOnlyTheBeginningIsOne) {
  EXPECT_EQ(*Version::parse_beginning("12.6.4-hotfix"), *Version::parse("12.6.4"));
  EXPECT_EQ(*Version::parse_beginning("12."), *Version::parse("12"));
  for (auto const* text : {"12.6.4-hotfix", "12.", "1..2", "1.x", " 1"})
    EXPECT_FALSE(Version::parse(text)) << text;
  for (auto const* text : {"", "v12", "-1", "x", "."}) {
    EXPECT_FALSE(Version::parse(text)) << text;
    EXPECT_FALSE(Version::parse_beginning(text)) << text;
  }
}

TEST_F(GivenVersions, WhenShownThenThreeNumbers) {
  EXPECT_EQ(to_text(*Version::parse("14")), "14.0.0");
  EXPECT_EQ(to_text(*Version::parse("14.4.1.7")), "14.4.1");
}

}  // namespace
}  // namespace dirsync::rest
