#include "ldap/feed/content_sync.hpp"

#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

using Cookies = std::vector<std::string>;

TEST(GivenCookiesOfSearches, WhenWrittenAndReadThenTheSame) {
  for (auto const& cookies : {Cookies{"rid=000,csn=x"}, Cookies{"a b", std::string{"\0\xff", 2}}})
    EXPECT_EQ(cookies_of(to_position(cookies), cookies.size()), cookies);
}

TEST(GivenCookiesOfSearches, WhenOneIsEmptyThenNoneCanBeGoneOnFrom) {
  EXPECT_EQ(to_position({"a", ""}), "");
  EXPECT_EQ(to_position({"", "a"}), "");
}

TEST(GivenAPosition, WhenItIsNotOfThatManyCookiesThenNothing) {
  for (auto const* const position : {"", "61", "61 62 63", "61 6", "61 zz", "61  62", " 61 62", "61,62"})
    EXPECT_FALSE(cookies_of(position, 2)) << position;
}

}  // namespace
}  // namespace dirsync::ldap
