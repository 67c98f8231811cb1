// The page of the running service, as browsers and other programs meet it on the control socket.
#include <gmock/gmock.h>

#include <boost/asio/read_until.hpp>

#include "tests/system/service_at_rest.hpp"

namespace dirsync::test {
namespace {
namespace asio = boost::asio;
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class GivenAServiceWithAPage : public GivenAServiceAtRest {
 protected:
  static std::string browser(std::string const& more = "") {
    return "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\nUser-Agent: Mozilla/5.0\r\n" + more;
  }
  json::object look(std::string const& target) {
    auto const answer = get(target, browser());
    EXPECT_THAT(answer, StartsWith("HTTP/1.1 200")) << target;
    return json::parse(body_of(answer)).as_object();
  }
  std::string decide(std::string const& headers, std::string const& digest) {
    auto const body = R"({"digest": ")" + digest + "\"}";
    return answer_to("POST /v1/reject HTTP/1.1\r\nHost: localhost\r\n" + headers +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// Of the connection that stays open as long as `watcher`.
  std::string token_of(asio::local::stream_protocol::socket& watcher) {
    say(watcher, "GET /v1/events HTTP/1.1\r\nHost: localhost\r\n" + browser() + "\r\n");
    std::string text;
    constexpr std::string_view kToken = "\"token\":\"";
    while (text.find(kToken) == std::string::npos || text.size() < text.find(kToken) + kToken.size() + 64) {
      char more[4096];
      text.append(more, watcher.read_some(asio::buffer(more)));
    }
    return text.substr(text.find(kToken) + kToken.size(), 64);
  }
};

TEST_F(GivenAServiceWithAPage, WhenABrowserComesThenItGetsThePageAndRunsNothingElse) {
  EXPECT_THAT(
      get("/", browser()),
      AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Type: text/html"),
            HasSubstr("Content-Security-Policy: default-src 'self';"), Not(HasSubstr("unsafe-inline")),
            HasSubstr("X-Content-Type-Options: nosniff"), HasSubstr("Referrer-Policy: same-origin"),
            HasSubstr("Cache-Control: no-store"), Not(HasSubstr("Access-Control-Allow"))));
  EXPECT_THAT(get("/main.js", browser()), HasSubstr("Content-Type: text/javascript"));
  EXPECT_EQ(look("/v1/page").at("person").as_string(), me());
}

TEST_F(GivenAServiceWithAPage, WhenLookedAtThenItTellsWhatTheCommandsTell) {
  auto const groups = look("/v1/search?q=unix").at("groups").as_array();
  ASSERT_FALSE(groups.empty());
  auto const target = std::string{groups[0].at("target").as_string()};
  auto const group = std::string{groups[0].at("group").as_string()};
  auto const who = run({"who", group, "--target", target, "--json"});
  EXPECT_EQ(json::value(look("/v1/who?group=" + group + "&target=" + target)), document(who));
  EXPECT_EQ(json::value(look("/v1/runs?limit=5")), document(run({"runs", "--json", "--limit", "5"})));
  EXPECT_EQ(json::value(look("/v1/run?run=1")), document(run({"run", "show", "1", "--json"})));
  EXPECT_FALSE(look("/v1/health").at("proofs").as_array().empty());
  EXPECT_FALSE(look("/v1/log?limit=3").at("rows").as_array().empty());
}

TEST_F(GivenAServiceWithAPage, WhenAnotherSiteOrAForgedNameAsksThenNothingIsDone) {
  auto const held = std::string(64, 'a');
  auto watcher = connect();
  auto const token = "Dirsyncd-Token: " + token_of(watcher) + "\r\n";
  EXPECT_THAT(decide("Origin: http://evil.example\r\n" + token, held), StartsWith("HTTP/1.1 403"));
  EXPECT_THAT(decide(browser(), held), AllOf(StartsWith("HTTP/1.1 403"), HasSubstr("\"code\":\"token\"")));
  EXPECT_THAT(answer_to("GET /v1/status HTTP/1.1\r\nHost: evil.example:8464\r\n\r\n"),
              StartsWith("HTTP/1.1 421"));
  EXPECT_THAT(
      answer_to("OPTIONS /v1/reject HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example\r\n\r\n"),
      AllOf(StartsWith("HTTP/1.1 403"), Not(HasSubstr("Access-Control-Allow"))));
  EXPECT_THAT(decide(browser(token), held), AllOf(HasSubstr("dirsyncd-exit: 2"), HasSubstr(held)))
      << "our own page is asked on: there is no such plan";
}

}  // namespace
}  // namespace dirsync::test
