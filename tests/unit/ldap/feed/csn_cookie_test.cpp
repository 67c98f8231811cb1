#include "ldap/feed/csn_cookie.hpp"

#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

constexpr char kFirst[] = "20261130141132.000001Z#000000#001#000000",
               kLater[] = "20261130141133.000001Z#000000#001#000000",
               kOther[] = "20261130141100.000001Z#000000#002#000000";

std::string cookie(std::string const& numbers) { return "rid=000,csn=" + numbers; }

TEST(GivenACookieOfSlapd, WhenOneServersNumberComesThenTheOthersStay) {
  auto const both = std::string{kFirst} + ";" + kOther;
  EXPECT_EQ(merged_cookie(cookie(both), cookie(kLater)), cookie(std::string{kLater} + ";" + kOther));
  EXPECT_EQ(merged_cookie(cookie(kFirst), cookie(kOther)), cookie(both));
}

TEST(GivenACookieOfSlapd, WhenAnOlderNumberComesThenTheNewerOneStays) {
  EXPECT_EQ(merged_cookie(cookie(kLater), cookie(kFirst)), cookie(kLater));
}

TEST(GivenACookieOfSlapd, WhenItNamesAServerAsOursThenThatIsLeftOut) {
  EXPECT_EQ(merged_cookie("", "rid=000,sid=001,csn=" + std::string{kFirst} + ",delcsn=" + kLater),
            cookie(kFirst));
  EXPECT_EQ(merged_cookie("", "csn=" + std::string{kFirst}), "csn=" + std::string{kFirst});
}

TEST(GivenACookieOfAnotherServer, WhenItComesThenItStaysAsItIs) {
  constexpr char kDs389[] = "localhost:389#cn=directory manager:dc=example,dc=com:(cn=*)#17";
  EXPECT_EQ(merged_cookie("localhost:389#x#16", kDs389), kDs389);
  EXPECT_EQ(merged_cookie(cookie(kFirst), ""), "");
  EXPECT_TRUE(speaks_of_same_servers(kDs389, kDs389));
}

TEST(GivenTwoCookies, WhenAServerIsMissingThenTheyAreNotOfTheSame) {
  auto const both = cookie(std::string{kFirst} + ";" + kOther);
  EXPECT_TRUE(speaks_of_same_servers(cookie(kFirst), both));
  EXPECT_TRUE(speaks_of_same_servers(cookie(kFirst), cookie(kLater)));
  EXPECT_FALSE(speaks_of_same_servers(both, cookie(kLater)));
  EXPECT_FALSE(speaks_of_same_servers(cookie(kFirst), "localhost:389#x#16"));
}

}  // namespace
}  // namespace dirsync::ldap
