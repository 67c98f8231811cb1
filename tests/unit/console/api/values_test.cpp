// The pure parts: versions, tokens, paging, names, error texts.
#include <gtest/gtest.h>

#include "sync/console/api/errors.hpp"
#include "sync/console/api/names.hpp"
#include "sync/console/api/paging.hpp"
#include "sync/console/api/version.hpp"
#include "sync/console/session/tokens.hpp"
#include "tests/support/http/fake_http_client.hpp"

namespace dirsync::console {
namespace {
using namespace std::chrono_literals;
using test::answer;

TEST(GivenOfferedVersions, WhenAutoThenTheCurrentOneIsSpoken) {
  EXPECT_EQ(choose_version({"0.2", {"0.1", "0.2"}}, "auto"), "0.2");
}

TEST(GivenNoCurrentVersion, WhenAutoThenTheNewestIsSpoken) {
  EXPECT_EQ(choose_version({"", {"0.2", "0.17", "0.9"}}, "auto"), "0.17");
  EXPECT_FALSE(choose_version({"", {}}, "auto"));
}

TEST(GivenAWantedVersion, WhenNotOfferedThenNothing) {
  EXPECT_EQ(choose_version({"0.17", {"0.2"}}, "0.2"), "0.2");
  EXPECT_FALSE(choose_version({"0.17", {"0.2"}}, "0.3"));
  EXPECT_FALSE(choose_version({"0.17", {"new"}}, "newest"));
}

TEST(GivenAWantedVersion, WhenOfferedInAnotherSpellingThenTheServersIsUsed) {
  EXPECT_EQ(choose_version({"", {"0.17", "1.0"}}, "1"), "1.0");
}

class GivenTokens : public testing::Test {
 protected:
  Tokens::Time now{1'800'000'000s};
};

TEST_F(GivenTokens, WhenStampsAreTextThenTheyAreRead) {
  auto const tokens =
      parse_tokens(R"({"accessToken":"a","accessTokenExpiresAt":"1800007200","refreshToken":"r"})", now);
  ASSERT_TRUE(tokens);
  EXPECT_EQ(*tokens->access_ends, now + 2h);
  EXPECT_EQ(tokens->refresh.reveal(), "r");
}

TEST_F(GivenTokens, WhenStampsAreMillisecondsThenTheyAreSeenAsSuch) {
  EXPECT_EQ(token_time(1'800'007'200'000), now + 2h);
  EXPECT_EQ(token_time(1'800'007'200), now + 2h);
}

TEST_F(GivenTokens, WhenTheLifeTimeFieldRepeatsTheStampThenItIsIgnored) {
  auto const tokens = parse_tokens(R"({"accessToken":"a","expiresInSecs":"1800007200"})", now);
  ASSERT_TRUE(tokens);
  EXPECT_FALSE(tokens->access_ends);
}

TEST_F(GivenTokens, WhenTheEndIsOverAtOnceThenTheClocksDisagreeAndOnlyA401Tells) {
  auto const tokens = parse_tokens(R"({"accessToken":"a","accessTokenExpiresAt":1799999999})", now);
  ASSERT_TRUE(tokens);
  EXPECT_FALSE(tokens->access_ends);
  EXPECT_FALSE(refresh_due(*tokens, now));
}

TEST_F(GivenTokens, WhenThereIsNoAccessTokenThenTheAnswerIsMalformed) {
  for (auto const* body : {"", "<html></html>", "{}", R"({"accessToken":null})"})
    EXPECT_EQ(parse_tokens(body, now).error().code, make_error_code(ConsoleErrc::malformed)) << body;
}

TEST_F(GivenTokens, WhenARefreshBringsNoRefreshTokenThenTheOldOneStays) {
  Tokens const old{Secret{"a"}, Secret{"r"}, now, now + 2h, now + 300h};
  auto const kept = merged(old, Tokens{Secret{"b"}, Secret{}, now + 1h, now + 3h, {}});
  EXPECT_EQ(kept.access.reveal(), "b");
  EXPECT_EQ(kept.refresh.reveal(), "r");
  EXPECT_EQ(*kept.refresh_ends, now + 300h);
}

TEST_F(GivenTokens, WhenFourFifthsAreOverThenARefreshIsDue) {
  Tokens const tokens{Secret{"a"}, Secret{"r"}, now, now + 100min, {}};
  EXPECT_FALSE(refresh_due(tokens, now + 79min));
  EXPECT_TRUE(refresh_due(tokens, now + 80min));
}

TEST_F(GivenTokens, WhenTwoMinutesRemainThenARefreshIsDue) {
  Tokens const tokens{Secret{"a"}, Secret{"r"}, now, now + 5min, {}};
  EXPECT_FALSE(refresh_due(tokens, now + 3min));
  EXPECT_TRUE(refresh_due(tokens, now + 3min + 1s));
}

TEST_F(GivenTokens, WhenTheLifeIsShortThenNotEveryCallRefreshes) {
  Tokens const tokens{Secret{"a"}, Secret{"r"}, now, now + 10s, {}};
  EXPECT_FALSE(refresh_due(tokens, now + 4s));
}

TEST(GivenADateHeader, WhenParsedThenItIsATime) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"),
            std::chrono::system_clock::time_point{784111777s});
  EXPECT_FALSE(parse_http_date("yesterday"));
  EXPECT_FALSE(parse_http_date("Sun, 36 Nov 1994 08:49:37 GMT"));
}

class GivenAPagedList : public testing::Test {
 protected:
  Paging paging;
};

TEST_F(GivenAPagedList, WhenDistinctIdsReachTheTotalThenItIsComplete) {
  paging.take(PageInfo{1, 3, 2}, {"a", "b"});
  EXPECT_EQ(paging.state(), Paging::State::more);
  EXPECT_EQ(paging.page(), 2);
  paging.take(PageInfo{2, 3, 2}, {"c"});
  EXPECT_EQ(paging.state(), Paging::State::complete);
}

TEST_F(GivenAPagedList, WhenItIsEmptyThenItIsComplete) {
  paging.take(PageInfo{1, 0, 0}, {});
  EXPECT_EQ(paging.state(), Paging::State::complete);
}

TEST_F(GivenAPagedList, WhenAnotherPageThanAskedForComesThenItIsBroken) {
  paging.take(PageInfo{1, 3, 2}, {"a", "b"});
  paging.take(PageInfo{1, 3, 2}, {"a", "b"});
  EXPECT_EQ(paging.state(), Paging::State::broken);
}

TEST_F(GivenAPagedList, WhenAnItemMovedBetweenPagesThenItIsBroken) {
  paging.take(PageInfo{1, 4, 2}, {"a", "b"});
  EXPECT_EQ(paging.take(PageInfo{2, 4, 2}, {"b", "d"}), (std::vector<bool>{false, true}));
  EXPECT_EQ(paging.state(), Paging::State::broken);
  EXPECT_NE(paging.figures().find("3 of 4"), std::string::npos);
}

TEST_F(GivenAPagedList, WhenAnEmptyPageComesEarlyThenItIsBroken) {
  paging.take(PageInfo{1, 3, {}}, {"a", "b"});
  paging.take(PageInfo{2, 3, {}}, {});
  EXPECT_EQ(paging.state(), Paging::State::broken);
}

TEST_F(GivenAPagedList, WhenMoreComesThanTheTotalThenItIsBroken) {
  paging.take(PageInfo{1, 1, 1}, {"a", "b"});
  EXPECT_EQ(paging.state(), Paging::State::broken);
}

TEST_F(GivenAPagedList, WhenTheTotalChangesBetweenPagesThenItIsBroken) {
  // One of page 1 went away: what was first on page 2 is on page 1 now, and the count fits all the same.
  paging.take(PageInfo{1, 4, 2}, {"a", "b"});
  paging.take(PageInfo{2, 3, 2}, {"d"});
  EXPECT_EQ(paging.state(), Paging::State::broken);
  EXPECT_NE(paging.figures().find("from 4 to 3"), std::string::npos);
}

TEST_F(GivenAPagedList, WhenPagesAreSmallerThanAskedForThenAllOfThemCount) {
  paging.take(PageInfo{1, 3, 3}, {"a"});
  paging.take(PageInfo{2, 3, 3}, {"b"});
  paging.take(PageInfo{3, 3, 3}, {"c"});
  EXPECT_EQ(paging.state(), Paging::State::complete);
}

TEST_F(GivenAPagedList, WhenTheTotalIsNotToldThenEvenAnEmptyListIsBroken) {
  paging.take(PageInfo{1, {}, {}}, {});
  EXPECT_EQ(paging.state(), Paging::State::broken);
}

TEST_F(GivenAPagedList, WhenAnIdComesTwiceThenItCountsOnce) {
  paging.take(PageInfo{1, 2, 1}, {"a", "a"});
  EXPECT_EQ(paging.state(), Paging::State::broken);
}

TEST_F(GivenAPagedList, WhenThereIsNoPageInformationThenItIsBroken) {
  paging.take({}, {"a"});
  EXPECT_EQ(paging.state(), Paging::State::broken);
}

/// With what Settings allows.
std::string bad_name(std::string_view name) {
  return bad_group_name_because(name, Settings{}.group_name_characters);
}

TEST(GivenGroupNames, WhenHarmlessThenTheyPass) {
  for (auto const* name : {"Ops", "Ops team 1", "a.b_c-d,e+f@g/h", "Größe", "日本", "e\xCC\x81quipe"})
    EXPECT_EQ(bad_name(name), "") << name;
  EXPECT_EQ(bad_name(std::string(100, 'x')), "");
}

TEST(GivenGroupNames, WhenNotKnownToBeSafeThenTheyAreRefusedWithAReason) {
  for (auto const* name : {"", " Ops", "Ops ", "a<b", "50%", "a$", "a(b)", "a[b]", "a&b", "a:b", "a\"b",
                           "a\\b", "a;b", "a\tb", "\xFF"})
    EXPECT_NE(bad_name(name), "") << name;
  EXPECT_NE(bad_name(std::string(101, 'x')), "");
}

TEST(GivenGroupNames, WhenOtherCharactersAreAllowedThenTheyAlonePass) {
  EXPECT_EQ(bad_group_name_because("a(b)€", "()€"), "");
  EXPECT_NE(bad_group_name_because("a b", "()€"), "");
  EXPECT_NE(bad_group_name_because("a\xE2\x82", "()€"), "");  // half of a €
}

TEST(GivenProtectedNames, WhenCaseOrOuterSpacesDifferThenTheyAreProtectedToo) {
  auto const profile = *profile_named("auto");
  Settings settings;
  settings.protected_groups = {"Break Glass"};
  EXPECT_NE(protected_name_because(" system ADMINISTRATORS ", profile, settings), "");
  EXPECT_NE(protected_name_because("break glass", profile, settings), "");
  EXPECT_EQ(protected_name_because("Ops", profile, settings), "");
}

TEST(GivenARefusal, WhenReadThenTheHeaderComesFirst) {
  auto response = answer(400, R"({"message":"body"})");
  EXPECT_EQ(words_of(response), "body");
  response.headers.push_back({"grpc-message", "Invalid%20Group Name%"});
  EXPECT_EQ(words_of(response), "Invalid Group Name%");
}

TEST(GivenARefusal, WhenTheBodyIsAnArrayOfTextThenItIsJoined) {
  EXPECT_EQ(words_of(answer(400, R"(["Invalid Roles","Invalid Groups"])")), "Invalid Roles; Invalid Groups");
}

TEST(GivenARefusal, WhenTheBodyIsSomethingElseThenItsPrintableStartIsShown) {
  EXPECT_EQ(words_of(answer(500, "Unknown\x01 error", "text/plain")), "Unknown? error");
  EXPECT_LE(words_of(answer(500, std::string(5000, 'x'), "text/plain")).size(), 203U);
}

TEST(GivenARefusal, WhenTheBodyIsAnObjectOfTheConsolesThenNothingOfItIsShown) {
  for (auto const* body : {R"({"id":"u1","accessToken":"canary"})", R"( [{"accessToken":"canary"}])",
                           R"({"id":"u1","accessToken":"can)", R"({"message":"","token":"canary"})"})
    EXPECT_EQ(words_of(answer(500, body)), "") << body;
}

TEST(GivenARefusal, WhenAFieldOfTheBodyTellsThenItIsRead) {
  for (auto const* field : {"message", "error", "errorMessage"})
    EXPECT_EQ(words_of(answer(400, R"({"code":3,")" + std::string{field} + R"(":"Invalid Roles"})")),
              "Invalid Roles");
}

TEST(GivenARefusedVersion, WhenTheStatusIsAnyOfTheLikelyOnesThenItSaysNothingOfTheObject) {
  for (auto const status : {406, 400, 404}) {
    auto const response = answer(status, R"(["Unsupported api-version"])");
    EXPECT_TRUE(refuses_version(response)) << status;
    EXPECT_FALSE(is_conflict(response)) << status;
    EXPECT_FALSE(says_not_found(response)) << status;
    auto const error = refusal("reading", response);
    EXPECT_EQ(error.code, make_error_code(ConsoleErrc::unsupported));
    EXPECT_NE(error.context.find("set api_version"), std::string::npos);
  }
  EXPECT_FALSE(refuses_version(answer(409, R"(["Update version mismatch"])")));
  EXPECT_FALSE(refuses_version(answer(404, R"(["No records found"])")));
}

TEST(GivenAWriteThatFailed, WhenTheStatusOrTextTellsThenItIsAConflict) {
  EXPECT_TRUE(is_conflict(answer(409, "")));
  EXPECT_TRUE(is_conflict(answer(412, "")));
  EXPECT_TRUE(is_conflict(answer(400, R"(["Update Version mismatch"])")));
  EXPECT_FALSE(is_conflict(answer(400, R"(["Invalid Groups"])")));
  EXPECT_FALSE(is_conflict(answer(500, R"(["version"])")));
}

TEST(GivenANotFound, WhenAProxyAnswersThenItIsNotTheConsolesWord) {
  EXPECT_TRUE(says_not_found(answer(404, R"(["No records found"])")));
  EXPECT_FALSE(says_not_found(answer(404, "<html>", "text/html")));
  EXPECT_FALSE(says_not_found(answer(404, "404 page not found", "text/plain")));
}

TEST(GivenErrors, WhenTheConsoleIsUnwellThenTheyAreTransient) {
  EXPECT_TRUE(refusal("x", answer(500, "")).code == Failure::transient);
  EXPECT_TRUE(refusal("x", answer(403, "")).code == Failure::permanent);
}

}  // namespace
}  // namespace dirsync::console
