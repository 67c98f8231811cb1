#include "sync/rest/quoting.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::rest {
namespace {
using testing::HasSubstr;
using testing::Not;

std::string hidden(std::string text, std::string_view secret) {
  hide(text, secret);
  return text;
}

class GivenAnEchoedSecret : public testing::Test {};

TEST_F(GivenAnEchoedSecret, WhenItIsWrittenInAnyWayThenItIsHidden) {
  for (auto const* echo :
       {"p/s\"d", R"(p\/s\"d)", R"(\u0070/s\u0022\u0064)", R"(\\u0070\\/s\\\"d)", "p%2Fs%22d", "%70/s%22d",
        "p/s&quot;d", "&#112;&#x2F;s&#34;d", R"(p/s\u0022d)", "%5Cu0070%5C/s%5C%22d"})
    EXPECT_EQ(hidden("bad: " + std::string{echo} + "!", "p/s\"d"), "bad: ***!") << echo;
}

TEST_F(GivenAnEchoedSecret, WhenItIsNotAsciiThenItsEscapesAreHidden) {
  for (auto const* echo : {"pä€😀", R"(p\u00e4\u20ac\ud83d\ude00)", "p%C3%A4%E2%82%AC%F0%9F%98%80"})
    EXPECT_EQ(hidden(echo, "pä€😀"), "***") << echo;
}

TEST_F(GivenAnEchoedSecret, WhenItHoldsSignsOfCodesThenItIsHiddenAsItIs) {
  EXPECT_EQ(hidden("x 50%41&amp;+\\n y", "50%41&amp;+\\n"), "x *** y");
  EXPECT_EQ(hidden("x a+b y", "a b"), "x *** y");
  EXPECT_EQ(hidden(R"(x a\\b y)", "a\\b"), "x *** y");
}

TEST_F(GivenAnEchoedSecret, WhenItStandsTwiceOrAtTheEndThenBothAreHidden) {
  EXPECT_EQ(hidden("hunter2hunter2 hunter", "hunter2"), "****** hunter");
  EXPECT_EQ(hidden(R"(hunter\u0032)", "hunter2"), "***");
  EXPECT_EQ(hidden(R"(hunter\u003)", "hunter2"), R"(hunter\u003)");
}

TEST_F(GivenAnEchoedSecret, WhenThereIsNoneThenNothingChanges) {
  EXPECT_EQ(hidden("nothing to see &", ""), "nothing to see &");
  EXPECT_EQ(hidden("nothing % \\", "hunter2"), "nothing % \\");
  EXPECT_EQ(hidden("\xff\xc3", "hunter2"), "\xff\xc3");
}

TEST_F(GivenAnEchoedSecret, WhenAnAnswerHoldsItThenBodyAndHeadersAreClean) {
  http::Response response;
  response.status = 400;
  response.body = R"({"ErrorMessage":"bad password \u0068unter2"})";
  response.headers = {{"grpc-message", "token%20abc%64"}};
  hide_secrets(response, {"hunter2", "abcd", ""});
  EXPECT_EQ(response.body, R"({"ErrorMessage":"bad password ***"})");
  EXPECT_EQ(response.header("grpc-message"), "token%20***");
}

}  // namespace
}  // namespace dirsync::rest
