#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class GivenNoSession : public VaultTest {};

TEST_F(GivenNoSession, WhenLoggedOnThenTheTokenIsABareJsonText) {
  auto const answer = log_on_as("SVC-dirsync", "Sync.Pass.1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(token_of(answer).size(), 180U);
  EXPECT_THAT(answer.body, AllOf(StartsWith("\""), testing::EndsWith("\"")));
  EXPECT_THAT(find_fields(answer.headers, "Set-Cookie"), testing::Contains(StartsWith("CA11111=")));
  EXPECT_EQ(find_field(answer.headers, "Cache-Control"), "no-cache");
  EXPECT_EQ(sim_->counters().logons, 1);
}

TEST_F(GivenNoSession, WhenPasswordOrUserIsWrongThenForbiddenAlike) {
  EXPECT_THAT(log_on_as("svc-dirsync", "wrong"), Refused(403, "ITATS004E"));
  EXPECT_THAT(log_on_as("nobody", "wrong"), Refused(403, "ITATS004E"));
}

TEST_F(GivenNoSession, WhenPasswordIsWrongTooOftenThenTheUserIsSuspended) {
  for (int attempt = 0; attempt < 5; ++attempt) log_on_as("svc-dirsync", "wrong");
  EXPECT_THAT(log_on_as("svc-dirsync", "Sync.Pass.1"), Refused(403, "ITATS002E"));
  set("suspended_code", "PASWS268E");
  EXPECT_THAT(log_on_as("svc-dirsync", "Sync.Pass.1"), Refused(403, "PASWS268E"));
}

TEST_F(GivenNoSession, WhenUserIsLockedExpiredOrDisabledThenRefused) {
  edit({{"op", "update-user"}, {"user", "viewer"}, {"set", {{"locked", true}}}});
  EXPECT_THAT(log_on_as("viewer", "View.Pass.1"), Refused(403, "ITATS127E"));
  edit({{"op", "update-user"}, {"user", "viewer"}, {"set", {{"locked", false}, {"passwordExpired", true}}}});
  EXPECT_THAT(log_on_as("viewer", "View.Pass.1"), Refused(409, "CAWS00001E"));
  edit({{"op", "update-user"}, {"user", "viewer"}, {"set", {{"enableUser", false}}}});
  EXPECT_THAT(log_on_as("viewer", "View.Pass.1"), Refused(403, "ITATS004E"));
}

TEST_F(GivenNoSession, WhenMethodIsNotTheUsersThenRefused) {
  EXPECT_THAT(log_on_as("svc-dirsync", "Sync.Pass.1", "", "ldap"), Refused(403, "ITATS004E"));
  edit({{"op", "update-user"}, {"user", "mjones"}, {"set", {{"password", "Mary.1"}}}});
  EXPECT_EQ(log_on_as("mjones", "Mary.1", "", "LDAP").status, 200);
  EXPECT_THAT(log_on_as("svc-dirsync", "Sync.Pass.1", "", "Windows"), Page(401));
  EXPECT_THAT(log_on_as("svc-dirsync", "Sync.Pass.1", "", "Other"), Page(404));
}

TEST_F(GivenNoSession, WhenLogonBodyIsWrongThenInvalid) {
  auto const path = "API/Auth/CyberArk/Logon";
  Fields const json_type = {{"Content-Type", "application/json"}};
  EXPECT_THAT(send("POST", path, json_type, "{"), Refused(400, "PASWS167E"));
  EXPECT_THAT(send("POST", path, json_type, R"({"username":"x"})"), Refused(400, "PASWS167E"));
  EXPECT_THAT(send("POST", path, json_type, R"({"username":1,"password":"x"})"), Refused(400, "PASWS167E"));
  EXPECT_EQ(send("POST", path, {}, R"({"username":"x","password":"y"})").status, 415);
  EXPECT_EQ(send("POST", path, json_type, R"({"UserName":"viewer","PASSWORD":"View.Pass.1"})").status, 200);
}

TEST_F(GivenNoSession, WhenNewPasswordIsSentThenItReplacesTheOld) {
  EXPECT_EQ(log_on_as("viewer", "View.Pass.1", R"(,"newPassword":"New.1")").status, 200);
  EXPECT_EQ(log_on_as("viewer", "View.Pass.1").status, 403);
  EXPECT_EQ(log_on_as("viewer", "New.1").status, 200);
}

TEST_F(GivenNoSession, WhenSecondFactorIsPendingThenTheAnswerIsAnObject) {
  set("logon_answer", "object");
  EXPECT_EQ(text_of(object_of(log_on_as("svc-dirsync", "Sync.Pass.1")), "UserName"), "svc-dirsync");
}

TEST_F(GivenNoSession, WhenTheRadiusServerAsksForACodeThenTheAnswerIsAChallenge) {
  set("logon_answer", "challenge");
  edit({{"op", "update-user"},
        {"user", "viewer"},
        {"set", {{"authenticationMethod", json::array{"AuthTypeRadius"}}}}});
  EXPECT_THAT(log_on_as("viewer", "View.Pass.1", "", "RADIUS"), Refused(500, "ITATS542I"));
  EXPECT_THAT(log_on_as("viewer", "wrong", "", "RADIUS"), Refused(403, "ITATS004E"));
}

TEST_F(GivenNoSession, WhenTokenIsMissingOrForeignThenUnauthorized) {
  EXPECT_THAT(get("API/UserGroups"), Refused(401, "PASWS006E"));
  token_ = "made-up";
  EXPECT_THAT(get("API/LoginsInfo"), Refused(401, "PASWS006E"));
  EXPECT_THAT(get("API/Server"), Refused(401, "PASWS006E"));
}

TEST_F(GivenNoSession, WhenVerifyingThenNoTokenIsNeeded) {
  EXPECT_EQ(text_of(object_of(get("API/verify/")), "ApplicationName"), "PasswordVault");
  EXPECT_EQ(get("WebServices/PIMServices.svc/Verify").status, 200);
  use("pam-14.4");
  EXPECT_THAT(get("WebServices/PIMServices.svc/Verify"), Page(404));
}

TEST_F(GivenNoSession, WhenVersionIsAskedThenTheFirstGenerationSaysTokenIsMissing) {
  EXPECT_THAT(send("GET", "WebServices/PIMServices.svc/Server"), Refused(403, "CAIWS001E"));
  set("server_needs_token", "off");
  EXPECT_EQ(send("GET", "WebServices/PIMServices.svc/Server").status, 200);
}

class GivenSession : public VaultTest {
 protected:
  void SetUp() override { log_on(); }
};

TEST_F(GivenSession, WhenLoggedOffThenTheTokenIsDead) {
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  auto const logoff = sim_->handle([this] {
    auto request = make_request("POST", "/PasswordVault/API/Auth/Logoff/", "", {{"Authorization", token_}});
    request.has_length = true;
    return request;
  }());
  EXPECT_EQ(logoff.status, 200);
  EXPECT_THAT(get("API/LoginsInfo"), Refused(401, "PASWS006E"));
}

TEST_F(GivenSession, WhenTokenHasASchemeWordThenUnauthorized) {
  token_ = "Bearer " + token_;
  EXPECT_EQ(get("API/LoginsInfo").status, 401);
}

TEST_F(GivenSession, WhenLoggedOnAgainThenTheFirstTokenDiesUnlessConcurrent) {
  log_on_as("svc-dirsync", "Sync.Pass.1", R"(,"concurrentSession":true)");
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  log_on_as("svc-dirsync", "Sync.Pass.1", R"(,"ConcurrentSession":"true")");
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  log_on_as("svc-dirsync", "Sync.Pass.1", R"(,"concurrentSessions":true)");  // the plural is ignored
  EXPECT_EQ(get("API/LoginsInfo").status, 401);
}

TEST_F(GivenSession, WhenServerIsOldThenConcurrentSessionIsIgnored) {
  use("pam-11.1");
  log_on();
  log_on_as("svc-dirsync", "Sync.Pass.1", R"(,"concurrentSession":true)");
  EXPECT_EQ(get("API/LoginsInfo").status, 401);
}

TEST_F(GivenSession, WhenIdleTooLongThenTheTokenDiesAndCallsKeepItAlive) {
  now_ += std::chrono::seconds{1200};
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  now_ += std::chrono::seconds{1200};
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  now_ += std::chrono::seconds{1201};
  EXPECT_EQ(get("API/LoginsInfo").status, 401);
}

TEST_F(GivenSession, WhenCallsDoNotExtendSessionsThenTheTokenDiesInTheMiddleOfWork) {
  set("calls_extend_session", "off");
  now_ += std::chrono::seconds{1200};
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  now_ += std::chrono::seconds{1};
  EXPECT_EQ(get("API/LoginsInfo").status, 401);
}

TEST_F(GivenSession, WhenSessionLimitIsReachedThenLogonIsRefused) {
  set("session_limit", "2");
  std::string_view const concurrent = R"(,"concurrentSession":true)";
  EXPECT_EQ(log_on_as("svc-dirsync", "Sync.Pass.1", concurrent).status, 200);
  auto const refused = log_on_as("svc-dirsync", "Sync.Pass.1", concurrent);
  EXPECT_THAT(refused, Refused(403, "CAWS00001E"));
  EXPECT_THAT(refused.body, HasSubstr("has reached its limit (2)"));
  EXPECT_EQ(log_on_as("viewer", "View.Pass.1", concurrent).status, 200);
}

TEST_F(GivenSession, WhenTokensAreRevokedOrTheUserIsDisabledThenUnauthorized) {
  edit({{"op", "revoke-tokens"}, {"user", "svc-dirsync"}});
  EXPECT_EQ(get("API/LoginsInfo").status, 401);
  log_on();
  edit({{"op", "update-user"}, {"user", "svc-dirsync"}, {"set", {{"suspended", true}}}});
  EXPECT_EQ(get("API/LoginsInfo").status, 401);
}

TEST_F(GivenSession, WhenThereAreTwoNodesThenTheCookieLeadsToTheRightOne) {
  use("pam-14.4", {{"nodes", "2"}});
  auto const logon = log_on_as("svc-dirsync", "Sync.Pass.1");
  Fields headers = {{"Authorization", token_of(logon)}};
  EXPECT_EQ(send("GET", "API/LoginsInfo", headers).status, 401);
  auto const cookies = find_fields(logon.headers, "Set-Cookie");
  headers.emplace_back("Cookie", cookies.at(0).substr(0, cookies.at(0).find(';')));
  EXPECT_EQ(send("GET", "API/LoginsInfo", headers).status, 200);
}

TEST_F(GivenSession, WhenVersionIsAskedThenItIsTheProfiles) {
  for (auto const& [name, version] : {std::pair{"pam-11.1", "11.1.0"}, std::pair{"pam-12.0", "12.0.0"},
                                      std::pair{"pam-12.6", "12.6.0"}, std::pair{"pam-14.4", "14.4.0"}}) {
    use(name);
    log_on();
    EXPECT_EQ(text_of(object_of(get("WebServices/PIMServices.svc/Server")), "ExternalVersion"), version);
    EXPECT_EQ(text_of(object_of(get("API/Server")), "ExternalVersion"), version);
  }
}

TEST_F(GivenSession, WhenMessagesAreInFrenchThenCodesStay) {
  set("language", "fr");
  auto const refused = get("API/Users/999/");
  EXPECT_THAT(refused, Refused(404, "ITATS003E"));
  EXPECT_THAT(refused.body, HasSubstr("Une erreur"));
}
}  // namespace
}  // namespace dirsync::sim::vault
