#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "sync/console/api/errors.hpp"
#include "tests/support/run.hpp"
#include "tests/unit/console/fake_console.hpp"

namespace dirsync::console {
namespace {
using http::Method;
using test::refused;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

class GivenASession : public testing::Test, protected test::ConsoleBed {
 protected:
  GivenASession() : session(*client, clock, settings, profile) {}
  Result<http::Response> ask() {
    http::Request request;
    request.path = "/api/users/u1";
    return test::run(io, session.send(std::move(request)));
  }
  void close() {
    auto const work = [](Session& one) -> boost::asio::awaitable<bool> {
      co_await one.close();
      co_return true;
    };
    test::run(io, work(session));
  }
  Profile profile = *profile_named("auto");
  Session session;
};

TEST_F(GivenASession, WhenOpenedThenVersionsLoginAndCallFollow) {
  session.use_organization("o2");
  ASSERT_TRUE(ask());
  ASSERT_EQ(client->requests.size(), 3U);
  auto const& login = client->requests[1];
  EXPECT_EQ(login.path, "/api/tokens");
  EXPECT_EQ(test::header_of(login, "Authorization"), "Basic c3ZjQGV4YW1wbGUuY29tOlMzY3JldDpwYXNz");
  EXPECT_EQ(test::header_of(login, "x-current-org-id"), "");
  EXPECT_TRUE(login.confidential);
  auto const& call = client->requests[2];
  EXPECT_EQ(test::header_of(call, "Authorization"), "Bearer access-1");
  EXPECT_EQ(test::header_of(call, "Accept"), "application/json;api-version=0.17");
  EXPECT_EQ(test::header_of(call, "x-current-org-id"), "o2");
}

TEST_F(GivenASession, WhenADomainIsSetThenOnlyTheLoginNamesIt) {
  settings.org_domain = "root.local";
  ASSERT_TRUE(ask());
  EXPECT_EQ(test::header_of(client->requests[1], "x-org-domain-name"), "root.local");
  EXPECT_EQ(test::header_of(client->requests[2], "x-org-domain-name"), "");
  clock.time += 97min;
  ASSERT_TRUE(ask());
  EXPECT_EQ(test::header_of(client->asked(Method::get, "/api/tokens/refresh").at(0), "x-org-domain-name"),
            "");
}

TEST_F(GivenASession, WhenRefreshTokensRotateThenTheNewestIsUsed) {
  ASSERT_TRUE(ask());
  clock.time += 97min;
  console.next(Method::get, "/api/tokens/refresh", [](auto const&) {
    return test::answer(
        200, R"({"accessToken":"access-2","accessTokenExpiresAt":1800014400,"refreshToken":"refresh-2"})");
  });
  ASSERT_TRUE(ask());
  clock.time += 120min;
  ASSERT_TRUE(ask());
  auto const refreshes = client->asked(Method::get, "/api/tokens/refresh");
  ASSERT_EQ(refreshes.size(), 2U);
  EXPECT_EQ(test::header_of(refreshes[1], "Authorization"), "Bearer refresh-2");
}

class GivenARefusedVersionInMidRun : public GivenASession, public testing::WithParamInterface<int> {};

TEST_P(GivenARefusedVersionInMidRun, WhenTheNextCallComesThenTheVersionsAreAskedForAnew) {
  ASSERT_TRUE(ask());
  console.next(Method::get, "/api/users/u1",
               [](auto const&) { return refused(GetParam(), "Unsupported api-version"); });
  EXPECT_EQ(ask()->status, GetParam());
  console.next(Method::get, "/api/versions",
               [](auto const&) { return test::answer(200, R"({"currentApiVersion":"1.0"})"); });
  EXPECT_EQ(ask()->status, 200);
  EXPECT_EQ(test::header_of(client->requests.back(), "Accept"), "application/json;api-version=1.0");
  EXPECT_EQ(count(Method::get, "/api/tokens"), 1U) << "the session goes on";
}

INSTANTIATE_TEST_SUITE_P(Statuses, GivenARefusedVersionInMidRun, testing::Values(406, 400, 404));

TEST_F(GivenASession, WhenTheLoginRefusesTheVersionThenItIsNoRefusedLogin) {
  console.next(Method::get, "/api/tokens",
               [](auto const&) { return refused(404, "Unsupported api-version"); });
  EXPECT_EQ(ask().error().code, make_error_code(ConsoleErrc::unsupported));
  EXPECT_TRUE(ask());
}

TEST_F(GivenASession, WhenTheQuestionForVersionsIsRefusedForItsOwnThenItIsAskedWithoutOne) {
  console.next(Method::get, "/api/versions", [](auto const&) { return refused(406, "no such version"); });
  ASSERT_TRUE(ask());
  auto const asked = client->asked(Method::get, "/api/versions");
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(test::header_of(asked[1], "Accept"), "application/json");
}

TEST_F(GivenASession, WhenTheWantedVersionIsNotSupportedThenTheOthersAreNamedAndNobodyLogsIn) {
  profile.api_version = "0.3";
  auto const answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, make_error_code(ConsoleErrc::unsupported));
  EXPECT_THAT(answer.error().context, HasSubstr("0.2, 0.17"));
  EXPECT_EQ(count(Method::get, "/api/tokens"), 0U);
}

TEST_F(GivenASession, WhenThereIsNoListOfVersionsThenOnlyAWantedOneIsSpoken) {
  console.always(Method::get, "/api/versions", [](auto const&) { return refused(404, "Not Found"); });
  EXPECT_FALSE(ask());
  profile.api_version = "0.3";
  ASSERT_TRUE(ask());
  EXPECT_EQ(test::header_of(client->requests.back(), "Accept"), "application/json;api-version=0.3");
}

TEST_F(GivenASession, WhenItIsOpenThenNoCallLogsInAgain) {
  ASSERT_TRUE(ask());
  ASSERT_TRUE(ask());
  EXPECT_EQ(count(Method::get, "/api/tokens"), 1U);
  EXPECT_EQ(count(Method::get, "/api/versions"), 1U);
}

TEST_F(GivenASession, WhenTheTokenAgesThenItIsRefreshedAndTheOldRefreshTokenStays) {
  ASSERT_TRUE(ask());
  clock.time += 97min;
  ASSERT_TRUE(ask());
  auto const refreshes = client->asked(Method::get, "/api/tokens/refresh");
  ASSERT_EQ(refreshes.size(), 1U);
  EXPECT_EQ(test::header_of(refreshes[0], "Authorization"), "Bearer refresh-1");
  EXPECT_TRUE(refreshes[0].confidential);
  EXPECT_EQ(test::header_of(client->requests.back(), "Authorization"), "Bearer access-2");
}

TEST_F(GivenASession, WhenTheServersClockIsAheadThenItsTimeCounts) {
  console.next(Method::get, "/api/tokens", [this](auto const& request) {
    auto response = console.work(request);
    response->headers.push_back({"Date", "Fri, 15 Jan 2027 09:38:00 GMT"});  // 98 minutes ahead of ours
    return response;
  });
  ASSERT_TRUE(ask());
  clock.time += 18min;  // of the 22 that the server gave
  ASSERT_TRUE(ask());
  EXPECT_EQ(count(Method::get, "/api/tokens/refresh"), 1U);
}

TEST_F(GivenASession, WhenARefreshIsRefusedThenAFullLoginFollows) {
  ASSERT_TRUE(ask());
  clock.time += 97min;
  console.next(Method::get, "/api/tokens/refresh", [](auto const&) { return refused(401, "expired"); });
  ASSERT_TRUE(ask());
  EXPECT_EQ(count(Method::get, "/api/tokens"), 3U);  // login, refresh, login
  EXPECT_EQ(client->cookies_forgotten, 2);
}

TEST_F(GivenASession, WhenACallIsUnauthorizedThenTheSessionIsRenewedAndTheCallRepeatedOnce) {
  ASSERT_TRUE(ask());
  console.next(Method::get, "/api/users/u1", [](auto const&) { return refused(401, "expired"); });
  auto const answer = ask();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(count(Method::get, "/api/tokens/refresh"), 1U);
}

TEST_F(GivenASession, WhenACallStaysUnauthorizedThenItIsNotRepeatedForEver) {
  console.always(Method::get, "/api/users/u1", [](auto const&) { return refused(401, "no"); });
  EXPECT_EQ(ask()->status, 401);
  EXPECT_EQ(count(Method::get, "/api/users/u1"), 2U);
}

TEST_F(GivenASession, WhenSeveralCallsAreUnauthorizedThenOneOfThemRenews) {
  ASSERT_TRUE(ask());
  for (int i = 0; i < 3; ++i)
    console.next(Method::get, "/api/users/u1", [](auto const&) { return refused(401, "expired"); });
  io.restart();
  int answered = 0;
  auto const call = [](Session& one, int& good) -> boost::asio::awaitable<void> {
    http::Request request;
    request.path = "/api/users/u1";
    auto const answer = co_await one.send(std::move(request));
    if (answer && answer->status == 200) ++good;
  };
  for (int i = 0; i < 3; ++i) boost::asio::co_spawn(io, call(session, answered), boost::asio::detached);
  io.run();
  EXPECT_EQ(answered, 3);
  EXPECT_EQ(count(Method::get, "/api/tokens/refresh"), 1U);
}

class GivenARefusedLogin : public GivenASession, public testing::WithParamInterface<int> {};

TEST_P(GivenARefusedLogin, WhenAskedAgainSoonThenTheConsoleIsLeftAlone) {
  console.always(Method::get, "/api/tokens",
                 [](auto const&) { return refused(GetParam(), "No records found"); });
  auto const answer = ask();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, make_error_code(ConsoleErrc::login_refused));
  EXPECT_THAT(answer.error().context, HasSubstr("svc@example.com"));
  EXPECT_THAT(answer.error().context, HasSubstr("No records found"));
  EXPECT_THAT(answer.error().context, Not(HasSubstr("S3cret")));
  clock.time += 59s;
  EXPECT_FALSE(ask());
  EXPECT_EQ(count(Method::get, "/api/tokens"), 1U);
  clock.time += 1s;
  EXPECT_FALSE(ask());
  EXPECT_EQ(count(Method::get, "/api/tokens"), 2U);
  clock.time += 119s;
  EXPECT_FALSE(ask());
  EXPECT_EQ(count(Method::get, "/api/tokens"), 2U);
  // 120, 240, 480, then a quarter of an hour each.
  for (auto const wait : {1s, 240s, 480s, 900s, 900s}) {
    auto const before = count(Method::get, "/api/tokens");
    clock.time += wait - 1s;
    EXPECT_FALSE(ask());
    EXPECT_EQ(count(Method::get, "/api/tokens"), before);
    clock.time += 1s;
    EXPECT_FALSE(ask());
    EXPECT_EQ(count(Method::get, "/api/tokens"), before + 1);
  }
}

TEST_F(GivenASession, WhenTheLoginFailsWithABodyThenItIsNotShown) {
  console.next(Method::get, "/api/tokens",
               [](auto const&) { return test::answer(500, "Basic canary-secret", "text/plain"); });
  EXPECT_THAT(ask().error().context, Not(HasSubstr("canary")));
}

INSTANTIATE_TEST_SUITE_P(Statuses, GivenARefusedLogin, testing::Values(400, 401, 403, 404));

TEST_F(GivenASession, WhenTheLoginMeetsAServerErrorThenItIsNoRefusal) {
  console.next(Method::get, "/api/tokens",
               [](auto const&) { return test::answer(502, "<html>", "text/html"); });
  EXPECT_TRUE(ask().error().code == Failure::transient);
  EXPECT_TRUE(ask());
}

TEST_F(GivenASession, WhenTheLoginIsNotAnsweredThenTheCallCountsAsNotSent) {
  console.next(Method::get, "/api/tokens",
               [](auto const&) { return test::transport_error(http::HttpErrc::timed_out); });
  EXPECT_EQ(ask().error().code, make_error_code(ConsoleErrc::no_session));
  EXPECT_EQ(count(Method::get, "/api/users"), 0U);
}

TEST_F(GivenASession, WhenClosedThenItLogsOutAndTheNextCallLogsInAnew) {
  ASSERT_TRUE(ask());
  console.next(Method::put, "/api/users/logout", [](auto const&) { return refused(500, "no"); });
  close();
  auto const logouts = client->asked(Method::put, "/api/users/logout");
  ASSERT_EQ(logouts.size(), 1U);
  EXPECT_EQ(logouts[0].body, "{}");
  EXPECT_TRUE(logouts[0].confidential);
  EXPECT_EQ(logouts[0].total, std::chrono::seconds{10});
  EXPECT_EQ(logouts[0].repeat, http::Repeat::never);
  ASSERT_TRUE(ask());
  EXPECT_EQ(count(Method::get, "/api/tokens"), 2U);
}

TEST_F(GivenASession, WhenNeverOpenedThenClosingSendsNothing) {
  close();
  EXPECT_TRUE(client->requests.empty());
}

}  // namespace
}  // namespace dirsync::console
