// Sessions of several servers and of Identity, whose tokens end by the clock.
#include "sync/vault/session.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "tests/unit/vault/target_fixture.hpp"

namespace dirsync::vault {
namespace {

using namespace std::chrono_literals;

class SessionOnItsOwn : public ScriptedVault {
 protected:
  static http::Request any_read() {
    http::Request request;
    request.path = "/API/x";
    request.repeat = http::Repeat::always;
    return request;
  }
  void open_session() {
    auto const is_cloud = settings.method == AuthMethod::ispss;
    session.emplace(settings, pvwa, is_cloud ? &issuer : nullptr, [this] { return now; });
  }
  Result<http::Response> send() { return test::run(io, session->send(any_read())); }

  test::ScriptedClient pvwa{script}, issuer{identity};
  Session::Time now{};
  std::optional<Session> session;
};

class GivenTokenOfIdentity : public SessionOnItsOwn {
 protected:
  static constexpr char kToken[] = "POST ";
  GivenTokenOfIdentity() {
    settings.method = AuthMethod::ispss;
    token_answers({{200, R"({"access_token":"ONE","expires_in":1000})", {}},
                   {200, R"({"access_token":"TWO","expires_in":1000})", {}}});
    script->on("GET /API/x", {{200, "{}", {}}});
    open_session();
  }
  void token_answers(std::vector<ScriptedAnswer> answers) { identity->on(kToken, std::move(answers)); }
  std::string bearer() {
    auto const response = send();
    EXPECT_TRUE(response) << (response ? "" : text(response.error()));
    return script->sent.back().authorization;
  }
};

TEST_F(GivenTokenOfIdentity, WhenFourFifthsOfItsLifeAreOverThenRenewed) {
  EXPECT_EQ(bearer(), "Bearer ONE");
  now += 799s;
  EXPECT_EQ(bearer(), "Bearer ONE");
  now += 1s;
  EXPECT_EQ(bearer(), "Bearer TWO");
  EXPECT_EQ(identity->count(kToken), 2);
}
TEST_F(GivenTokenOfIdentity, WhenItCannotBeRenewedThenUsedUntilItsEnd) {
  token_answers({{200, R"({"access_token":"ONE","expires_in":1000})", {}}, {503, "", {}}});
  EXPECT_EQ(bearer(), "Bearer ONE");
  now += 900s;
  EXPECT_EQ(bearer(), "Bearer ONE");
  EXPECT_EQ(identity->count(kToken), 2);
  EXPECT_EQ(bearer(), "Bearer ONE");  // not asked again for each call
  EXPECT_EQ(identity->count(kToken), 2);
  now += 50s;
  EXPECT_EQ(bearer(), "Bearer ONE");
  EXPECT_EQ(identity->count(kToken), 3);
  now += 50s;
  auto const late = send();
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, VaultErrc::logon_failed);
}
TEST_F(GivenTokenOfIdentity, WhenRenewalIsRefusedThenTheOldOneIsNotUsedAnyMore) {
  token_answers(
      {{200, R"({"access_token":"ONE","expires_in":1000})", {}}, {401, R"({"error":"invalid_client"})", {}}});
  EXPECT_EQ(bearer(), "Bearer ONE");
  now += 900s;
  EXPECT_EQ(send().error().code, VaultErrc::logon_refused);
  session->begin_run();
  EXPECT_EQ(send().error().code, VaultErrc::logon_refused);
  EXPECT_EQ(identity->count(kToken), 2);
}
TEST_F(GivenTokenOfIdentity, WhenTheVaultRefusesItThenANewOneAndTheCallAgain) {
  script->on("GET /API/x", {{401, "", {}}, {200, "{}", {}}});
  EXPECT_EQ(bearer(), "Bearer TWO");
}
TEST_F(GivenTokenOfIdentity, WhenItsLifeIsBeyondAllNumbersThenADay) {
  token_answers({{200, R"({"access_token":"ONE","expires_in":9223372036854775807})", {}}});
  EXPECT_EQ(bearer(), "Bearer ONE");
  now += 25h;
  bearer();
  EXPECT_EQ(identity->count(kToken), 2);
}
TEST_F(GivenTokenOfIdentity, WhenClosedThenNoLogoffIsSent) {
  bearer();
  script->sent.clear();
  boost::asio::co_spawn(io, session->close(), boost::asio::detached);
  io.restart();
  io.run();
  EXPECT_TRUE(script->sent.empty());
}

class GivenTwoServers : public SessionOnItsOwn {
 protected:
  GivenTwoServers() {
    settings.http.urls = {"https://a.example.com/PasswordVault", "https://b.example.com/PasswordVault"};
    script->on("GET /API/x", {{200, "{}", {}}});
    open_session();
  }
};

TEST_F(GivenTwoServers, WhenTheServerOfTheSessionIsLostThenLogonAtTheNextAndTheCallAgain) {
  ASSERT_TRUE(send());
  EXPECT_EQ(script->sent.back().only_at, 0U);
  script->logon_at = 1;
  script->on("GET /API/x", {{0, "", HttpErrc::connect_failed}, {200, "{}", {}}});
  ASSERT_TRUE(send());
  EXPECT_EQ(script->sent.back().only_at, 1U);
  EXPECT_EQ(script->sent.back().authorization, "TOKEN2");
  EXPECT_EQ(script->count(kLogon), 2);
  EXPECT_EQ(session->moves(), 1U);
  EXPECT_EQ(session->server(), "https://b.example.com/PasswordVault");
}
TEST_F(GivenTwoServers, WhenTheSessionMovedThenItsNextEndStillAllowsANewLogon) {
  script->on("GET /API/x", {{0, "", HttpErrc::connect_failed}, {401, "", {}}, {200, "{}", {}}});
  ASSERT_TRUE(send());
  EXPECT_EQ(script->count(kLogon), 3);
}
TEST_F(GivenTwoServers, WhenAllAreLostAgainAndAgainThenTheRunEnds) {
  script->on("GET /API/x", {{0, "", HttpErrc::connect_failed}});
  EXPECT_EQ(send().error().code, VaultErrc::logon_failed);
  EXPECT_EQ(script->count(kLogon), 3);
  EXPECT_EQ(send().error().code, VaultErrc::logon_failed);
  EXPECT_EQ(script->count(kLogon), 3);
  session->begin_run();
  script->on("GET /API/x", {{200, "{}", {}}});
  EXPECT_TRUE(send());
}
TEST_F(GivenTwoServers, WhenAReadMovedThenItBeginsAgain) {
  script->on(kUsers, {{0, "", HttpErrc::connect_failed}, {200, users(), {}}});
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(script->count(kVersion), 2);
  EXPECT_EQ(script->count(kUsers), 3);
  EXPECT_EQ(script->count(kGroups), 2);
  EXPECT_EQ(observed->certificate.searches, 2U);
}
TEST_F(GivenTwoServers, WhenAReadOnTheNewServerFailsAsWellThenItsErrorIsTold) {
  script->on(kUsers, {{0, "", HttpErrc::connect_failed}, {403, R"({"ErrorCode":"PASWS041E"})", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::not_authorised);
}
TEST_F(GivenTwoServers, WhenAWriteIsLostWithTheServerThenLookedUpOnTheNextOne) {
  script->on(kAdd, {{0, "", HttpErrc::cut}});
  script->on(kGroup, {{0, "", HttpErrc::connect_failed}, {200, with_members(member(26, "jsmith")), {}}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_EQ(script->count(kAdd), 1);
  EXPECT_EQ(script->count(kLogon), 1);  // the first logon was before
}

TEST_F(GivenTwoServers, WhenTheServerOfTheSessionCannotServeThenReadsGoToTheNext) {
  for (auto const status : {502, 503, 504}) {
    open_session();
    script->sent.clear();
    script->on("GET /API/x", {{status, "<html>", {}}, {200, "{}", {}}});
    auto const response = send();
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->from, 1U);
    EXPECT_EQ(script->count(kLogon), 2);
    EXPECT_EQ(session->moves(), 1U);
  }
}
TEST_F(GivenTwoServers, WhenNoneCanServeThenThatIsTheAnswerAndTheSessionGoesOn) {
  script->on("GET /API/x", {{503, "<html>", {}}});
  auto const response = send();
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(script->count("GET /API/x"), 3);
  script->on("GET /API/x", {{200, "{}", {}}});
  EXPECT_TRUE(send());
  EXPECT_EQ(script->count(kLogon), 3);
}
TEST_F(GivenTwoServers, WhenTheServerFailsInAWriteThenItIsLookedUpOnTheNextOneAndNotSentBlindly) {
  script->on(kAdd, {{503, "<html>", {}}});
  script->on(kGroup, {{503, "<html>", {}}, {200, with_members(member(26, "jsmith")), {}}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_EQ(script->count(kAdd), 1);
  EXPECT_EQ(script->sent.back().only_at, 1U);
}
TEST_F(GivenTwoServers, WhenTheFirstCannotServeALogonThenTheNextOneIsAskedOnce) {
  script->on(kLogon, {{503, "<html>", {}}, {200, "\"TOKEN\"", {}}});
  ASSERT_TRUE(send());
  EXPECT_EQ(script->sent.back().only_at, 1U);
  open_session();
  script->sent.clear();
  script->on(kLogon, {{503, "<html>", {}}});
  EXPECT_EQ(send().error().code, VaultErrc::logon_failed);
  EXPECT_EQ(script->count(kLogon), 2);
}

class GivenOneServer : public SessionOnItsOwn {};

TEST_F(GivenOneServer, WhenItCannotBeReachedThenNoOtherLogon) {
  open_session();
  script->on("GET /API/x", {{0, "", HttpErrc::connect_failed}});
  EXPECT_EQ(send().error().code, HttpErrc::connect_failed);
  EXPECT_EQ(script->count(kLogon), 1);
}

class GivenALogon : public ScriptedVault {
 protected:
  std::string refused_for_good() {
    auto const first = read();
    EXPECT_FALSE(first);
    if (first) return {};
    EXPECT_EQ(first.error().code, VaultErrc::logon_refused);
    EXPECT_EQ(read().error().code, VaultErrc::logon_refused);
    auto const logons = std::ranges::count_if(
        script->sent, [](auto const& sent) { return sent.call.find("/Logon") != std::string::npos; });
    EXPECT_EQ(logons, 1);
    return text(first.error());
  }
};

TEST_F(GivenALogon, WhenThePasswordHasExpiredThenNeverTriedAgain) {
  script->on(kLogon, {{409, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"expired"})", {}}});
  refused_for_good();
}
TEST_F(GivenALogon, WhenIntegratedAuthenticationRefusesThenNeverTriedAgain) {
  settings.method = AuthMethod::windows;
  script->on("POST /API/Auth/Windows/Logon", {{401, "<html>Unauthorized</html>", {}}});
  auto const words = refused_for_good();
  EXPECT_NE(words.find("NTLM"), std::string::npos) << words;
}
TEST_F(GivenALogon, WhenRadiusWantsMoreThenOneClearFailure) {
  settings.method = AuthMethod::radius;
  script->on("POST /API/Auth/RADIUS/Logon",
             {{500, R"({"ErrorCode":"ITATS542I","ErrorMessage":"Enter your PIN"})", {}}});
  auto const words = refused_for_good();
  for (auto const* part : {"Enter your PIN", "RADIUS", "auth.method"})
    EXPECT_NE(words.find(part), std::string::npos) << words;
}
TEST_F(GivenALogon, WhenSessionsAreAtTheirLimitThenTheNextRunTriesAgain) {
  script->on(
      kLogon,
      {{403, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"The number of concurrent dynamic sessions"})", {}},
       {200, "\"T\"", {}}});
  auto const first = read();
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().code, VaultErrc::logon_failed);
  EXPECT_NE(first.error().context.find("300"), std::string::npos);
  EXPECT_EQ(script->count(kLogon), 1);
  EXPECT_TRUE(read());
}
TEST_F(GivenALogon, WhenRefusedByAnEndedSessionsCodeThenTheCallIsRepeatedWithANewToken) {
  script->on(kUsers, {{403, R"({"ErrorCode":"CASSM005E","ErrorMessage":"x"})", {}}, {200, users(), {}}});
  ASSERT_TRUE(read());
  EXPECT_EQ(script->count(kLogon), 2);
}

}  // namespace
}  // namespace dirsync::vault
