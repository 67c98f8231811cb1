#include "sync/http/retry.hpp"

#include <gtest/gtest.h>

#include "sync/http/base_url.hpp"
#include "sync/http/pacer.hpp"

namespace dirsync::http {
namespace {

using namespace std::chrono_literals;

// 2026-11-21 21:38:11 UTC
constexpr auto kNow = std::chrono::system_clock::time_point{std::chrono::seconds{1795297091}};

class GivenRetryAfter : public testing::Test {};

TEST_F(GivenRetryAfter, WhenSecondsThenThatLong) {
  EXPECT_EQ(parse_retry_after("2", kNow), 2s);
  EXPECT_EQ(parse_retry_after("0", kNow), 0s);
}
TEST_F(GivenRetryAfter, WhenDateThenTimeUntilThen) {
  EXPECT_EQ(parse_retry_after("Sat, 21 Nov 2026 21:38:21 GMT", kNow), 10s);
}
TEST_F(GivenRetryAfter, WhenDateHasPassedThenZero) {
  EXPECT_EQ(parse_retry_after("Sat, 21 Nov 2026 21:38:01 GMT", kNow), 0s);
}
TEST_F(GivenRetryAfter, WhenUnreadableThenNothing) {
  EXPECT_EQ(parse_retry_after("", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("-3", kNow), std::nullopt);
  EXPECT_EQ(parse_retry_after("soon", kNow), std::nullopt);
}
TEST_F(GivenRetryAfter, WhenBeyondAllNumbersThenVeryLong) {
  EXPECT_GT(parse_retry_after("99999999999999999999999999", kNow), 24h);
}

class GivenBackOff : public testing::Test {
 protected:
  Retry retry{4, 500ms, 60s};
};

TEST_F(GivenBackOff, WhenJitterIsFullThenDoubles) {
  EXPECT_EQ(back_off(retry, 1, 1.0), 500ms);
  EXPECT_EQ(back_off(retry, 2, 1.0), 1s);
  EXPECT_EQ(back_off(retry, 4, 1.0), 4s);
}
TEST_F(GivenBackOff, WhenManyAttemptsThenNeverAboveLongest) {
  EXPECT_EQ(back_off(retry, 60, 1.0), 60s);
  EXPECT_EQ(back_off(retry, 5000, 1.0), 60s);
}
TEST_F(GivenBackOff, WhenJitterIsHalfThenHalf) { EXPECT_EQ(back_off(retry, 2, 0.5), 500ms); }

class GivenFirstAttempt : public testing::Test {
 protected:
  static Result<Response> answer(int status, std::string retry_after = "") {
    Response response;
    response.status = status;
    if (!retry_after.empty()) response.headers.push_back({"retry-after", retry_after});
    return response;
  }
  static Result<Response> failure(HttpErrc code) { return Error{code, "where"}; }
  NextStep step(Result<Response> const& result, Repeat repeat, int attempt = 1) const {
    Request request;
    request.repeat = repeat;
    request.passes = passes;
    return next_step(result, request, attempt, retry, 1.0, kNow);
  }
  bool repeats(Result<Response> const& result, Repeat repeat, int attempt = 1) const {
    return step(result, repeat, attempt).kind == NextStep::Kind::repeat;
  }
  Retry retry{4, 500ms, 60s};
  bool (*passes)(Response const&, int) = nullptr;
};

TEST_F(GivenFirstAttempt, WhenTheCallerKnowsThatTheAnswerPassesThenReadsAloneAreRepeated) {
  passes = [](Response const& response, int attempt) { return response.status == 500 && attempt < 2; };
  EXPECT_TRUE(repeats(answer(500), Repeat::always));
  EXPECT_FALSE(repeats(answer(500), Repeat::always, 2));
  EXPECT_FALSE(repeats(answer(501), Repeat::always));
  EXPECT_FALSE(repeats(answer(500), Repeat::when_refused));
}
TEST_F(GivenFirstAttempt, WhenReadFailsOnTheWayThenRepeated) {
  for (auto const status : {408, 429, 502, 503, 504})
    EXPECT_TRUE(repeats(answer(status), Repeat::always)) << status;
  for (auto const code : {HttpErrc::connect_failed, HttpErrc::timed_out, HttpErrc::cut})
    EXPECT_TRUE(repeats(failure(code), Repeat::always));
}
TEST_F(GivenFirstAttempt, WhenReadIsAnsweredThenHandedOver) {
  for (auto const status : {200, 400, 401, 403, 404, 409, 500, 501})
    EXPECT_FALSE(repeats(answer(status), Repeat::always)) << status;
}
TEST_F(GivenFirstAttempt, WhenFailureIsPermanentThenHandedOver) {
  for (auto const code :
       {HttpErrc::tls_failed, HttpErrc::proxy_failed, HttpErrc::too_large, HttpErrc::bad_redirect,
        HttpErrc::cancelled, HttpErrc::bad_setup, HttpErrc::body_refused})
    EXPECT_FALSE(repeats(failure(code), Repeat::always));
}
TEST_F(GivenFirstAttempt, WhenWriteMayHaveBeenDoneThenHandedOver) {
  for (auto const code : {HttpErrc::timed_out, HttpErrc::cut})
    EXPECT_FALSE(repeats(failure(code), Repeat::when_refused));
  for (auto const status : {408, 500, 502, 503, 504})
    EXPECT_FALSE(repeats(answer(status), Repeat::when_refused)) << status;
}
TEST_F(GivenFirstAttempt, WhenNobodyJudgedALogonThenRepeatedAndElseHandedOver) {
  for (auto const status : {429, 502, 503, 504})
    EXPECT_TRUE(repeats(answer(status), Repeat::unless_judged)) << status;
  EXPECT_TRUE(repeats(failure(HttpErrc::connect_failed), Repeat::unless_judged));
  for (auto const status : {200, 401, 403, 408, 500, 501})
    EXPECT_FALSE(repeats(answer(status), Repeat::unless_judged)) << status;
  for (auto const code : {HttpErrc::timed_out, HttpErrc::cut})
    EXPECT_FALSE(repeats(failure(code), Repeat::unless_judged));
}
TEST_F(GivenFirstAttempt, WhenWriteWasCertainlyNotDoneThenRepeated) {
  EXPECT_TRUE(repeats(failure(HttpErrc::connect_failed), Repeat::when_refused));
  EXPECT_TRUE(repeats(answer(429), Repeat::when_refused));
}
TEST_F(GivenFirstAttempt, WhenNothingMayBeRepeatedThenHandedOver) {
  EXPECT_FALSE(repeats(failure(HttpErrc::connect_failed), Repeat::never));
  EXPECT_FALSE(repeats(answer(429), Repeat::never));
}
TEST_F(GivenFirstAttempt, WhenItWasTheLastThenHandedOver) {
  EXPECT_TRUE(repeats(answer(503), Repeat::always, 3));
  EXPECT_FALSE(repeats(answer(503), Repeat::always, 4));
}
TEST_F(GivenFirstAttempt, WhenThrottledThenWholeTargetWaitsAsAsked) {
  auto const next = step(answer(429, "7"), Repeat::when_refused);
  EXPECT_TRUE(next.pause_target);
  EXPECT_EQ(next.wait, 7s);
}
TEST_F(GivenFirstAttempt, WhenThrottledAndNotRepeatableThenTargetStillWaits) {
  auto const next = step(answer(429, "7"), Repeat::never);
  EXPECT_EQ(next.kind, NextStep::Kind::hand_over);
  EXPECT_TRUE(next.pause_target);
  EXPECT_EQ(next.wait, 7s);
}
TEST_F(GivenFirstAttempt, WhenUnavailableWithRetryAfterThenOnlyThisRequestWaits) {
  auto const next = step(answer(503, "7"), Repeat::always);
  EXPECT_FALSE(next.pause_target);
  EXPECT_EQ(next.wait, 7s);
}
TEST_F(GivenFirstAttempt, WhenAskedToWaitTooLongThenGivenUp) {
  EXPECT_EQ(step(answer(429, "61"), Repeat::always).kind, NextStep::Kind::give_up);
  EXPECT_EQ(step(answer(429, "60"), Repeat::always).kind, NextStep::Kind::repeat);
  EXPECT_EQ(step(answer(503, "61"), Repeat::when_refused).kind, NextStep::Kind::hand_over);
}

class GivenTokenBucket : public testing::Test {
 protected:
  TokenBucket::Time start{};
};

TEST_F(GivenTokenBucket, WhenEmptyThenNextTokenComesAtTheRate) {
  TokenBucket bucket{20, 2, start};
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(bucket.next(start), start);
    bucket.take();
  }
  auto const next = bucket.next(start);
  EXPECT_NEAR(std::chrono::duration<double>(next - start).count(), 0.05, 1e-6);
  EXPECT_EQ(bucket.next(next), next);
}
TEST_F(GivenTokenBucket, WhenIdleForLongThenKeepsNoMoreThanItsCapacity) {
  TokenBucket bucket{20, 2, start};
  auto const later = start + 1h;
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(bucket.next(later), later);
    bucket.take();
  }
  EXPECT_GT(bucket.next(later), later);
}
TEST_F(GivenTokenBucket, WhenRateIsZeroThenNoLimit) {
  TokenBucket bucket{0, 1, start};
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(bucket.next(start), start);
    bucket.take();
  }
}

class GivenUrl : public testing::Test {
 protected:
  Tls tls;
};

TEST_F(GivenUrl, WhenHttpsThenTaken) {
  auto const base = parse_base_url("https://pvwa.example.com:8443/PasswordVault/", tls);
  ASSERT_TRUE(base);
  EXPECT_EQ(base->text, "https://pvwa.example.com:8443/PasswordVault");
}
TEST_F(GivenUrl, WhenPlainHttpThenOnlyWithPlaintext) {
  EXPECT_EQ(parse_base_url("http://127.0.0.1/x", tls).error().code, HttpErrc::bad_setup);
  tls.plaintext = true;
  EXPECT_TRUE(parse_base_url("http://127.0.0.1/x", tls));
}
TEST_F(GivenUrl, WhenItHoldsSecretsOrNonsenseThenRefusedWithoutThem) {
  auto const refused = parse_base_url("https://user:hunter2@pvwa.example.com", tls);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().context.find("hunter2"), std::string::npos);
  for (auto const* url : {"", "pvwa.example.com", "ldap://x", "https://x/?a=b", "https://x/#f"})
    EXPECT_FALSE(parse_base_url(url, tls)) << url;
}
TEST_F(GivenUrl, WhenATlsFileIsMissingThenThatIsForTheConnectionToFindOut) {
  tls.ca_file = "/nonexistent/ca.pem";
  EXPECT_TRUE(check_tls(tls));
}
TEST_F(GivenUrl, WhenAKeyLacksItsCertificateThenBothAreNamed) {
  tls.key_file = "/nonexistent/key.pem";
  auto const checked = check_tls(tls);
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().context.find("tls.cert_file"), std::string::npos);
}

class GivenName : public testing::Test {};

TEST_F(GivenName, WhenEncodedThenOnlyUnreservedCharactersStay) {
  EXPECT_EQ(percent_encode("john.doe@corp.example.com"), "john.doe%40corp.example.com");
  EXPECT_EQ(percent_encode("CORP\\jsmith"), "CORP%5Cjsmith");
  EXPECT_EQ(percent_encode("Jane Roe"), "Jane%20Roe");
  EXPECT_EQ(percent_encode("J\xC3\xBCrgen~_-"), "J%C3%BCrgen~_-");
}

}  // namespace
}  // namespace dirsync::http
