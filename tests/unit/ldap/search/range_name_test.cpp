#include <gtest/gtest.h>

#include "ldap/search/ranges.hpp"

namespace dirsync::ldap {
namespace {

TEST(GivenAnAttributeName, WhenItHasARangeThenItsLimits) {
  auto const slice = parse_ranged("member;range=0-1499");
  ASSERT_TRUE(slice);
  EXPECT_EQ(slice->attribute, "member");
  EXPECT_EQ(slice->range, (ValueRange{0, 1499}));
  auto const rest = parse_ranged("Member;Range=3000-*");
  ASSERT_TRUE(rest);
  EXPECT_EQ(rest->attribute, "Member");
  EXPECT_EQ(rest->range, (ValueRange{3000, std::nullopt}));
}

TEST(GivenAnAttributeName, WhenTheRangeIsNoneThenNothing) {
  for (auto const* const name :
       {"member", "", ";", "member;", "member;binary", "member;range", "member;range=", "member;range=1",
        "member;range=-", "member;range=1-", "member;range=*-*", "member;range=-1-2", "member;range=1-2x",
        "member;range= 1-2", "member;range=0-99999999999999999999"})
    EXPECT_FALSE(parse_ranged(name)) << name;
}

}  // namespace
}  // namespace dirsync::ldap
