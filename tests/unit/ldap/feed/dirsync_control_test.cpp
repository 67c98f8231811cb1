#include "ldap/feed/dirsync_control.hpp"

#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

using namespace std::string_literals;

TEST(GivenACookie, WhenAskedByItThenTheControlHasItAndTheFlags) {
  auto const control = dirsync_control("ab\0c"s);
  ASSERT_TRUE(control);
  EXPECT_STREQ((*control)->ldctl_oid, kDirsyncOid);
  EXPECT_TRUE((*control)->ldctl_iscritical);
  // SEQUENCE of INTEGER 0x80000001, INTEGER 0, OCTET STRING.
  EXPECT_EQ(view((*control)->ldctl_value),
            "\x30\x0f\x02\x04\x80\x00\x00\x01\x02\x01\x00\x04\x04"s + "ab\0c"s);
}

TEST(GivenNoCookie, WhenAskedThenTheControlHasAnEmptyOne) {
  auto const control = dirsync_control({});
  ASSERT_TRUE(control);
  EXPECT_EQ(view((*control)->ldctl_value), "\x30\x0b\x02\x04\x80\x00\x00\x01\x02\x01\x00\x04\x00"s);
}

TEST(GivenAnAnswersControl, WhenReadThenItsCookieAndWhetherThereIsMore) {
  auto const more = parse_dirsync("\x30\x0a\x02\x01\x01\x02\x01\x00\x04\x02\x00z"s);
  ASSERT_TRUE(more);
  EXPECT_TRUE(more->more);
  EXPECT_EQ(more->cookie, "\0z"s);
  auto const last = parse_dirsync("\x30\x0a\x02\x01\x00\x02\x01\x00\x04\x02yz"s);
  ASSERT_TRUE(last);
  EXPECT_FALSE(last->more);
}

TEST(GivenAnAnswersControl, WhenItIsMalformedThenNothing) {
  auto const whole = "\x30\x0a\x02\x01\x01\x02\x01\x00\x04\x02yz"s;
  for (std::size_t size = 0; size < whole.size(); ++size)
    EXPECT_FALSE(parse_dirsync(whole.substr(0, size))) << size;
  EXPECT_FALSE(parse_dirsync({}));
  EXPECT_FALSE(parse_dirsync("\x30\x08\x02\x01\x01\x02\x01\x00\x04\x00"s));  // without a cookie
  EXPECT_FALSE(parse_dirsync("garbage"));
}

}  // namespace
}  // namespace dirsync::ldap
