// Where requests come in: what goes on to whom.
#include "daemon/page/front.hpp"

#include <gmock/gmock.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "daemon/control/events.hpp"
#include "daemon/control/headers.hpp"

namespace dirsync::page {
namespace {
namespace asio = boost::asio;
namespace json = boost::json;
using control::Page;
using control::Request;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using Headers = std::map<std::string, std::string>;

/// The desk and the looks say only that they were asked.
struct GivenAFront : testing::Test {
  static constexpr uid_t kAnn = 1000;

  static Request request(std::string method, std::string path, Headers headers = {}) {
    Request made;
    made.method = std::move(method);
    made.path = std::move(path);
    made.headers = std::move(headers);
    made.headers.try_emplace("host", "localhost:8464");
    made.peer = kAnn;
    return made;
  }
  static Headers of_page(std::string token = "") {
    Headers headers{{"origin", "http://localhost:8464"}, {"sec-fetch-site", "same-origin"}};
    if (!token.empty()) headers[control::kTokenHeader] = std::move(token);
    return headers;
  }
  Page ask(asio::awaitable<Page> (Front::*way)(Request), Request what) {
    std::optional<Page> page;
    asio::co_spawn(io, (front.*way)(std::move(what)), [&page](std::exception_ptr failure, Page answer) {
      EXPECT_FALSE(failure);
      page = std::move(answer);
    });
    io.restart();
    io.run();
    EXPECT_TRUE(page);
    return page.value_or(Page{});
  }
  Page on_socket(std::string method, std::string path, Headers headers = {}) {
    return ask(&Front::on_socket, request(std::move(method), std::move(path), std::move(headers)));
  }
  Page on_listener(std::string path, Headers headers = {}) {
    return ask(&Front::on_listener, request("GET", std::move(path), std::move(headers)));
  }
  /// What the first line of the page's events tells.
  std::string token_of(Page const& events) {
    auto const line = events.feed->take();
    return std::string{json::parse(line).at("token").as_string()};
  }
  static std::string body(Page const& page) { return std::string{page.body.view()}; }

  asio::awaitable<Page> desk(Request what) {
    asked.push_back("desk " + what.method + " " + what.path);
    Page page{.body = "the desk\n"};
    if (what.path == "/v1/events") page.feed = std::make_shared<control::EventFeed>(io.get_executor());
    co_return page;
  }
  asio::awaitable<Page> looks(Request what) {
    asked.push_back("looks " + what.path);
    co_return Page{.body = "a look\n"};
  }
  static asio::awaitable<std::string> person_of(Request const& what) {
    co_return "uid:" + std::to_string(what.peer.value_or(0));
  }

  asio::io_context io{1};
  std::vector<std::string> asked;
  config::Config config = [] {
    config::Config made;
    made.service.http_listen = "127.0.0.1:9464";
    made.limits.privileged.names = {"Tier0 Operators"};
    return made;
  }();
  Front front{config,
              "sync1",
              {.desk = [this](Request what) { return desk(std::move(what)); },
               .looks = [this](Request what) { return looks(std::move(what)); },
               .is_look = [](std::string_view path) { return path == "/v1/search"; },
               .person_of = [](Request const& what) { return person_of(what); }}};
};

TEST_F(GivenAFront, WhenACommandAsksThenTheDeskAnswersAsEver) {
  EXPECT_EQ(on_socket("POST", "/v1/sync").status, 200);
  EXPECT_EQ(on_socket("POST", "/v1/approve").status, 200);
  EXPECT_EQ(on_socket("GET", "/v1/plan").status, 200);
  EXPECT_EQ(on_socket("GET", "/v1/nothing").status, 200) << "the desk says what there is";
  EXPECT_THAT(asked, ElementsAre("desk POST /v1/sync", "desk POST /v1/approve", "desk GET /v1/plan",
                                 "desk GET /v1/nothing"));
  auto const events = on_socket("GET", "/v1/events");
  ASSERT_TRUE(events.feed);
  EXPECT_THAT(events.feed->take(), IsEmpty()) << "it gets no token, and no line that it does not know";
}

TEST_F(GivenAFront, WhenABrowserAsksThenThePageIsThereAndGuarded) {
  for (auto const* const path : {"/", "/main.js", "/page.css"}) {
    auto const page = on_socket("GET", path, of_page());
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.headers, Contains(Key("Content-Security-Policy"))) << path;
  }
  EXPECT_THAT(asked, IsEmpty());
  EXPECT_THAT(on_socket("GET", "/v1/search", of_page()).headers, Contains(Key("X-Content-Type-Options")));
  EXPECT_THAT(asked, ElementsAre("looks /v1/search"));
  auto const about = json::parse(body(on_socket("GET", "/v1/page", of_page()))).as_object();
  EXPECT_EQ(about.at("person").as_string(), "uid:1000");
  EXPECT_TRUE(about.at("may_decide").as_bool());
  EXPECT_EQ(about.at("privileged_groups").as_array().at(0).as_string(), "Tier0 Operators");
}

TEST_F(GivenAFront, WhenThePageDecidesThenItTakesTheTokenOfItsConnection) {
  EXPECT_EQ(on_socket("POST", "/v1/approve", of_page()).status, 403);
  EXPECT_EQ(on_socket("POST", "/v1/approve", of_page(std::string(64, 'a'))).status, 403);
  EXPECT_THAT(asked, IsEmpty());
  auto const events = on_socket("GET", "/v1/events", of_page());
  auto const token = token_of(events);
  asked.clear();
  EXPECT_EQ(on_socket("POST", "/v1/approve", of_page(token)).status, 200);
  EXPECT_EQ(on_socket("POST", "/v1/reject", of_page(token)).status, 200);
  EXPECT_THAT(asked, ElementsAre("desk POST /v1/approve", "desk POST /v1/reject"));
  events.feed->end();
  EXPECT_EQ(on_socket("POST", "/v1/approve", of_page(token)).status, 403) << "that connection is gone";
}

TEST_F(GivenAFront, WhenABrowserAsksForMoreThanADecisionThenItIsRefused) {
  auto const events = on_socket("GET", "/v1/events", of_page());
  auto const token = token_of(events);
  asked.clear();
  for (auto const* const path : {"/v1/sync", "/v1/freeze", "/v1/thaw", "/v1/retry", "/v1/nothing"})
    EXPECT_EQ(on_socket("POST", path, of_page(token)).status, 403) << path;
  EXPECT_THAT(asked, IsEmpty());
}

TEST_F(GivenAFront, WhenABrowserAsksForAPlanThenOneThatWaitsAndNoRun) {
  EXPECT_EQ(on_socket("GET", "/v1/plan", of_page()).status, 403);
  EXPECT_THAT(asked, IsEmpty());
  auto stored = request("GET", "/v1/plan", of_page());
  stored.query["digest"] = "abc";
  EXPECT_EQ(ask(&Front::on_socket, std::move(stored)).status, 200);
  EXPECT_THAT(asked, ElementsAre("desk GET /v1/plan"));
}

TEST_F(GivenAFront, WhenABrowserWatchesThenAQuietFeedTellsThatItLives) {
  EXPECT_THAT(on_socket("GET", "/v1/events", of_page()).alive_line, HasSubstr("alive"));
  EXPECT_THAT(on_listener("/v1/events", of_page()).alive_line, HasSubstr("alive"));
  EXPECT_THAT(on_socket("GET", "/v1/events").alive_line, IsEmpty()) << "a reader who knows no such line";
}

/// A name too many is a confirmation too many; one too few would be a decision by one press.
TEST_F(GivenAFront, WhenARulesLimitsNamePrivilegedGroupsThenTheyAreAmongThem) {
  Rule rule;
  rule.limits.privileged.names = {"Tier1 Operators", "Tier0 Operators"};
  config.rules.push_back(rule);
  front.set_config(config);
  auto const about = json::parse(body(on_socket("GET", "/v1/page", of_page()))).as_object();
  EXPECT_EQ(json::serialize(about.at("privileged_groups")), R"(["Tier0 Operators","Tier1 Operators"])");
}

TEST_F(GivenAFront, WhenAnotherSiteAsksThenNobodyBehindHearsOfIt) {
  auto const events = on_socket("GET", "/v1/events", of_page());
  auto const token = token_of(events);
  asked.clear();
  auto headers = of_page(token);
  headers["origin"] = "http://evil.example";
  EXPECT_EQ(on_socket("POST", "/v1/approve", headers).status, 403);
  EXPECT_EQ(on_socket("GET", "/v1/status", headers).status, 403);
  EXPECT_EQ(on_socket("GET", "/", {{"host", "evil.example:8464"}}).status, 421);
  EXPECT_EQ(on_socket("POST", "/v1/sync", {{"host", "evil.example:8464"}}).status, 421);
  EXPECT_EQ(on_listener("/v1/status", {{"host", "evil.example:9464"}}).status, 421);
  EXPECT_EQ(on_listener("/v1/status", {{"host", "sync1:9464"}}).status, 421)
      << "it listens on loopback alone";
  EXPECT_THAT(asked, IsEmpty());
}

TEST_F(GivenAFront, WhenSomebodyLooksByTheListenerThenNothingThatDoesAnythingIsThere) {
  EXPECT_EQ(on_listener("/").status, 200);
  EXPECT_EQ(on_listener("/v1/status").status, 200);
  EXPECT_EQ(on_listener("/v1/search").status, 200);
  EXPECT_THAT(asked, ElementsAre("desk GET /v1/status", "looks /v1/search"));
  asked.clear();
  for (auto const* const path : {"/v1/plan", "/v1/sync", "/v1/approve", "/v1/nothing"})
    EXPECT_EQ(on_listener(path).status, 404) << path << ": a plan alone would be a run";
  auto const about = json::parse(body(on_listener("/v1/page"))).as_object();
  EXPECT_FALSE(about.at("may_decide").as_bool());
  EXPECT_TRUE(about.at("person").is_null());
  EXPECT_THAT(asked, IsEmpty());
}

TEST_F(GivenAFront, WhenManyPagesAreOpenByTheListenerThenThereIsRoomForScrapers) {
  std::vector<Page> open;
  for (int n = 0; n < 8; ++n) open.push_back(on_listener("/v1/events", of_page()));
  EXPECT_THAT(open.back().feed->take(), IsEmpty()) << "no token for those who only look";
  EXPECT_EQ(on_listener("/v1/events", of_page()).status, 503);
  open.front().feed->end();
  EXPECT_EQ(on_listener("/v1/events", of_page()).status, 200);
}

}  // namespace
}  // namespace dirsync::page
