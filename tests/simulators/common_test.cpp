#include "tests/simulators/common.hpp"

#include <gmock/gmock.h>

namespace dirsync::sim {
namespace {
using testing::ElementsAre;
using testing::Pair;

TEST(GivenEscapedText, WhenDecodedThenEachEscapeIsOneByte) {
  EXPECT_EQ(percent_decode("Jane%20Roe%5c%C3%A9"), "Jane Roe\\\xC3\xA9");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
}

TEST(GivenText, WhenEncodedThenDecodingGivesItBack) {
  std::string const text = "a b+c/\xC3\xA9\\@";
  EXPECT_EQ(percent_encode(text), "a%20b%2Bc%2F%C3%A9%5C%40");
  EXPECT_EQ(percent_decode(percent_encode(text)), text);
}

TEST(GivenBrokenEscape, WhenDecodedThenNothing) {
  EXPECT_FALSE(percent_decode("100%"));
  EXPECT_FALSE(percent_decode("%4"));
  EXPECT_FALSE(percent_decode("%zz"));
}

TEST(GivenQuery, WhenParsedThenPairsComeInOrderAndDecoded) {
  EXPECT_THAT(parse_query("filter=groupType%20eq%20Vault&sort=a&sort=b+c&flag"),
              ElementsAre(Pair("filter", "groupType eq Vault"), Pair("sort", "a"), Pair("sort", "b c"),
                          Pair("flag", "")));
}

TEST(GivenPath, WhenSplitThenTrailingSlashAddsNothing) {
  EXPECT_THAT(segments("/a/b%2Fc/"), ElementsAre("a", "b%2Fc"));
  EXPECT_THAT(segments("/a/b"), ElementsAre("a", "b"));
  EXPECT_THAT(segments("/a//b"), ElementsAre("a", "", "b"));
  EXPECT_TRUE(segments("/").empty());
}

TEST(GivenCookieHeader, WhenReadThenTheNamedValueIsFound) {
  auto const request = make_request("GET", "/", "", {{"cookie", "CA11111=x; CA22222=two"}});
  EXPECT_EQ(cookie(request, "CA22222"), "two");
  EXPECT_EQ(cookie(request, "CA3"), "");
}

TEST(GivenTarget, WhenRequestIsMadeThenPathStaysEncodedAndHeadersIgnoreCase) {
  auto const request = make_request("POST", "/x%20y?q=1", "{}", {{"Content-Type", "application/json"}});
  EXPECT_EQ(request.path, "/x%20y");
  EXPECT_EQ(find_field(request.query, "Q"), "1");
  EXPECT_EQ(request.header("content-TYPE"), "application/json");
  EXPECT_TRUE(request.has_length);
}
}  // namespace
}  // namespace dirsync::sim
