// Which requests of browsers are taken.
#include "daemon/page/browser.hpp"

#include <gmock/gmock.h>

namespace dirsync::page {
namespace {
using control::Page;
using control::Request;
using testing::Contains;
using testing::HasSubstr;
using testing::Pair;
using Headers = std::map<std::string, std::string>;

Request request(Headers headers, std::string path = "/v1/status", std::string method = "GET") {
  Request made;
  made.method = std::move(method);
  made.path = std::move(path);
  made.headers = std::move(headers);
  return made;
}

int status_for(Headers headers, std::string const& path = "/v1/status", std::string const& machine = "") {
  auto const refused = refuse_foreign(request(std::move(headers), path), machine);
  return refused ? refused->status : 200;
}

TEST(GivenARequest, WhenItNamesUsByANameThatNobodyElseCanHaveThenItIsTaken) {
  for (auto const* const host : {"localhost", "localhost:8464", "LOCALHOST:8464", "127.0.0.1:8464",
                                 "[::1]:8464", "[::1]", "10.1.2.3:9464", ""})
    EXPECT_EQ(status_for({{"host", host}}), 200) << host;
  EXPECT_EQ(status_for({}), 200) << "no browser leaves it out";
}

TEST(GivenARequest, WhenItNamesUsOtherwiseThenItIsRefused) {
  for (auto const* const host :
       {"evil.example", "evil.example:8464", "x", "dirsyncd", "localhost.evil.example",
        "127.0.0.1.evil.example", "localhost:8464:1", "localhost:", "localhost:70000", "[::1", "127.1",
        "0x7f000001", "2130706433", " localhost"})
    EXPECT_EQ(status_for({{"host", host}}), 421) << host;
  auto const refused = refuse_foreign(request({{"host", "evil.example"}}), "");
  ASSERT_TRUE(refused);
  EXPECT_THAT(std::string{refused->body.view()}, HasSubstr("not evil.example; ask for it by localhost"));
}

TEST(GivenARequest, WhenItNamesTheMachineThenItIsTakenWhereThatIsAsked) {
  EXPECT_EQ(status_for({{"host", "sync1.example.com:9464"}}, "/", "sync1.example.com"), 200);
  EXPECT_EQ(status_for({{"host", "sync1.example.com:9464"}}, "/", "sync1"), 421);
  EXPECT_EQ(status_for({{"host", "sync1:9464"}}), 421);
}

TEST(GivenARequestOfABrowser, WhenAnotherPageMadeItThenItIsRefused) {
  for (auto const* const origin : {"http://evil.example", "null", "", "http://localhost",
                                   "http://localhost:3000", "http://localhost:8464.evil.example", "file://"})
    EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"origin", origin}}), 403) << origin;
  EXPECT_EQ(status_for({{"origin", "http://localhost"}}), 403) << "no host to compare it with";
  for (auto const* const site : {"cross-site", "same-site", "something"})
    EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"sec-fetch-site", site}}), 403) << site;
}

TEST(GivenARequestOfABrowser, WhenOnlyTheRefererTellsOfAnotherPageThenItIsRefused) {
  for (auto const* const referer : {"http://evil.example/a", "http://localhost/", "http://localhost:3000/",
                                    "http://localhost:8464.evil.example/", "nothing"})
    EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"referer", referer}}), 403) << referer;
  EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"referer", "http://localhost:8464/"}}), 200);
  EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"referer", "http://tickets.example/7"}}, "/"), 200)
      << "a link to the page";
}

TEST(GivenARequestOfABrowser, WhenOurPageOrAPersonMadeItThenItIsTaken) {
  EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"origin", "http://localhost:8464"}}), 200);
  EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"sec-fetch-site", "same-origin"}}), 200);
  EXPECT_EQ(status_for({{"host", "localhost:8464"}, {"sec-fetch-site", "none"}}), 200);
}

TEST(GivenARequestOfABrowser, WhenSomebodyFollowsALinkThenTheyGetThePageAndNothingElse) {
  Headers const visit{{"host", "localhost:8464"},
                      {"sec-fetch-site", "cross-site"},
                      {"sec-fetch-mode", "navigate"},
                      {"sec-fetch-dest", "document"}};
  EXPECT_EQ(status_for(visit, "/"), 200);
  EXPECT_EQ(status_for(visit, "/v1/status"), 403);
  auto framed = visit;
  framed["sec-fetch-dest"] = "iframe";
  EXPECT_EQ(status_for(framed, "/"), 403);
  EXPECT_TRUE(refuse_foreign(request(visit, "/", "POST"), ""));
}

TEST(GivenARequest, WhenItHasAMarkOfABrowserThenItIsOne) {
  for (auto const* const mark : {"origin", "referer", "sec-fetch-site", "sec-fetch-mode"})
    EXPECT_TRUE(is_of_browser(request({{mark, ""}}))) << mark;
  EXPECT_TRUE(is_of_browser(request({{"user-agent", "Mozilla/5.0 (X11; Linux x86_64)"}})));
  EXPECT_FALSE(is_of_browser(request({{"user-agent", "curl/7.88.1"}, {"host", "localhost"}})));
}

TEST(GivenAPage, WhenItIsGuardedThenABrowserRunsNothingElseInIt) {
  auto const page = guarded({});
  EXPECT_THAT(page.headers, Contains(Pair("X-Content-Type-Options", "nosniff")));
  EXPECT_THAT(page.headers, Contains(Pair("Referrer-Policy", "same-origin")));
  EXPECT_THAT(page.headers, Contains(Pair("Cache-Control", "no-store")));
  EXPECT_THAT(page.headers, Contains(Pair("Content-Security-Policy", HasSubstr("default-src 'self';"))));
  for (auto const& [name, value] : page.headers) EXPECT_EQ(value.find("unsafe"), std::string::npos) << name;
}

}  // namespace
}  // namespace dirsync::page
