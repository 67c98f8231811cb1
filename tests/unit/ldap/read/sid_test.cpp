#include "ldap/read/sid.hpp"

#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

// S-1-5-21-1-2-3-513
std::string const kDomainUsers{"\x01\x05\0\0\0\0\0\x05\x15\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x01\x02\0\0",
                               28};

TEST(GivenASid, WhenParsedThenDomainAndLastNumber) {
  auto const sid = parse_sid(kDomainUsers);
  ASSERT_TRUE(sid);
  EXPECT_EQ(sid->rid, 513U);
  auto greatest = kDomainUsers;
  greatest.replace(24, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(parse_sid(greatest)->rid, 4'294'967'295U);
  EXPECT_EQ(parse_sid(greatest)->domain, sid->domain);
  auto other = kDomainUsers;
  other[20] = '\x04';
  EXPECT_NE(parse_sid(other)->domain, sid->domain);
}

TEST(GivenASid, WhenItIsBrokenThenNothing) {
  EXPECT_FALSE(parse_sid(""));
  EXPECT_FALSE(parse_sid(kDomainUsers.substr(0, 7)));
  EXPECT_FALSE(parse_sid(kDomainUsers.substr(0, 27)));
  EXPECT_FALSE(parse_sid(kDomainUsers + "x"));
  EXPECT_FALSE(parse_sid(std::string_view{"\x01\0\0\0\0\0\0\x05", 8}));
  EXPECT_FALSE(parse_sid("\x02" + kDomainUsers.substr(1)));
  EXPECT_FALSE(parse_sid("S-1-5-21-1-2-3-513"));
}

TEST(GivenAPrimaryGroupId, WhenParsedThenOnlyAWholeNumber) {
  EXPECT_EQ(parse_rid("513"), 513U);
  EXPECT_EQ(parse_rid("4294967295"), 4'294'967'295U);
  for (auto const* const wrong : {"", "-1", "513 ", "x", "4294967296"})
    EXPECT_FALSE(parse_rid(wrong)) << wrong;
}

}  // namespace
}  // namespace dirsync::ldap
