#include "tests/simulators/console/fixture.hpp"

namespace dirsync::sim {
namespace {
using testing::StartsWith;

class GivenConsole : public ConsoleFixture {
 protected:
  void SetUp() override { start(); }
  Got with_token(std::string_view method, std::string_view target, std::string const& token) {
    return bare(method, target,
                {{"Accept", "application/json"},
                 {"Content-Type", "application/json"},
                 {"Authorization", "Bearer " + token}},
                "{}");
  }
};

TEST_F(GivenConsole, WhenAskedForVersionsThenNoLoginIsNeeded) {
  auto const got = bare("GET", "/api/versions", {{"Accept", "application/json;api-version=9.9"}});
  EXPECT_EQ(got.status, 200);
  EXPECT_THAT(got.text, StartsWith(R"({"currentApiVersion":"0.17","supportedApiVersions":["0.1",)"));
}

TEST_F(GivenConsole, WhenLoggedInThenTheAccessTokenComesFirstWithItsStamps) {
  auto const got = log_in("svc-dirsync@root.local", "Dirsync#2021");
  EXPECT_THAT(got.text, StartsWith(R"({"accessToken":")"));
  auto const& body = got.body.as_object();
  EXPECT_EQ(text_of(body, "accessTokenExpiresAt"), "1700007200");
  EXPECT_EQ(text_of(body, "expiresInSecs"), "1700007200");
  EXPECT_EQ(text_of(body, "refreshTokenExpiresAt"), "1701209600");
  EXPECT_EQ(sim_->counters().logons, 1);
  EXPECT_EQ(sim_->counters().writes, 0);
}

TEST_F(GivenConsole, WhenTokenTimesAreNumbersThenNoStampIsText) {
  knob("token_times_as", "number");
  auto const got = log_in("svc-dirsync@root.local", "Dirsync#2021");
  EXPECT_EQ(number_of(got.body.as_object(), "accessTokenExpiresAt"), 1'700'007'200);
}

TEST_F(GivenConsole, WhenLoginIsWrongThenRefusedAsTheKnobSays) {
  EXPECT_EQ(log_in("svc-dirsync@root.local", "wrong").status, 401);
  EXPECT_EQ(log_in("nobody@root.local", "Dirsync#2021").status, 401);
  EXPECT_EQ(log_in("filler-01@root.local", "").status, 401);
  EXPECT_EQ(bare("GET", "/api/tokens", {}).status, 401);
  EXPECT_EQ(bare("GET", "/api/tokens", {{"Authorization", "Basic ****"}}).status, 401);
  knob("bad_login_status", "404");
  auto const got = log_in("svc-dirsync@root.local", "wrong");
  EXPECT_EQ(got.status, 404);
  EXPECT_EQ(got.message, "No records found");
}

TEST_F(GivenConsole, WhenTheUserIsNotActiveThenNeitherLoginNorTokenWorks) {
  edit(R"({"op":"put_user","user":"svc-dirsync@root.local","status":"SUSPENDED"})");
  EXPECT_EQ(log_in("svc-dirsync@root.local", "Dirsync#2021").status, 403);
  EXPECT_EQ(get("/api/groups").status, 401);
}

TEST_F(GivenConsole, WhenANameIsInTwoOrganizationsThenTheDomainDecides) {
  start(R"({"users":[{"userName":"twin@x.org","password":"one"},
                     {"userName":"twin@x.org","password":"two","orgId":"plant-a"}]})");
  EXPECT_EQ(log_in("twin@x.org", "one").status, 400);
  EXPECT_EQ(log_in("TWIN@x.org", "two", "plant-a.root.local").status, 200);
  EXPECT_EQ(log_in("twin@x.org", "two", "root.local").status, 401);
  EXPECT_EQ(log_in("twin@x.org", "two", "unknown.local").status, 401);
}

TEST_F(GivenConsole, WhenTheTokenIsMissingWrongOrExpiredThenUnauthenticated) {
  EXPECT_EQ(bare("GET", "/api/groups", {{"Accept", "application/json"}}).status, 401);
  EXPECT_EQ(with_token("GET", "/api/groups", "wrong").status, 401);
  EXPECT_EQ(get("/api/groups").status, 200);
  now_ += std::chrono::seconds{7200};
  EXPECT_EQ(get("/api/groups").status, 401);
}

TEST_F(GivenConsole, WhenRefreshedThenANewAccessTokenAndNoRefreshToken) {
  auto const session = log_in("svc-dirsync@root.local", "Dirsync#2021").body.as_object();
  auto const refresh = text_of(session, "refreshToken");
  auto const got = with_token("GET", "/api/tokens/refresh", refresh);
  ASSERT_EQ(got.status, 200);
  auto const& body = got.body.as_object();
  EXPECT_TRUE(body.at("refreshToken").is_null());
  EXPECT_FALSE(body.contains("refreshTokenExpiresAt"));
  EXPECT_EQ(text_of(body, "expiresInSecs"), "0");
  EXPECT_EQ(with_token("GET", "/api/groups", text_of(body, "accessToken")).status, 200);
  EXPECT_EQ(with_token("GET", "/api/tokens/refresh", text_of(body, "accessToken")).status, 401);
  EXPECT_EQ(with_token("GET", "/api/groups", refresh).status, 401);
  now_ += std::chrono::hours{24 * 14};
  EXPECT_EQ(with_token("GET", "/api/tokens/refresh", refresh).status, 401);
}

TEST_F(GivenConsole, WhenRefreshTokensRotateThenTheOldOneDies) {
  knob("rotate_refresh", "true");
  auto const session = log_in("svc-dirsync@root.local", "Dirsync#2021").body.as_object();
  auto const first = text_of(session, "refreshToken");
  auto const second =
      text_of(with_token("GET", "/api/tokens/refresh", first).body.as_object(), "refreshToken");
  EXPECT_EQ(with_token("GET", "/api/tokens/refresh", first).status, 401);
  EXPECT_EQ(with_token("GET", "/api/tokens/refresh", second).status, 200);
}

TEST_F(GivenConsole, WhenLoggedOutThenBothTokensAreDeadAndNoWriteIsCounted) {
  auto const session = log_in("svc-dirsync@root.local", "Dirsync#2021").body.as_object();
  auto const got = with_token("PUT", "/api/users/logout", text_of(session, "accessToken"));
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.text, "");
  EXPECT_EQ(with_token("GET", "/api/groups", text_of(session, "accessToken")).status, 401);
  EXPECT_EQ(with_token("GET", "/api/tokens/refresh", text_of(session, "refreshToken")).status, 401);
  EXPECT_EQ(get("/api/groups").status, 200);
  EXPECT_EQ(sim_->counters().writes, 0);
}

TEST_F(GivenConsole, WhenTokensExpireByEditThenOnlyLoginHelps) {
  edit(R"({"op":"expire_tokens","which":"access"})");
  EXPECT_EQ(get("/api/groups").status, 401);
  EXPECT_EQ(log_in("svc-dirsync@root.local", "Dirsync#2021").status, 200);
}

TEST_F(GivenConsole, WhenAskedForMeThenTheCallerIsShown) {
  auto const got = get("/api/me");
  EXPECT_EQ(text_of(got.body.as_object(), "userName"), "svc-dirsync@root.local");
  EXPECT_EQ(texts(got.body, "groups", "name"), std::vector<std::string>{"Directory Sync"});
  knob("me", "false");
  EXPECT_EQ(get("/api/me").status, 404);
}

TEST_F(GivenConsole, WhenTheVersionIsNotSupportedThenRefused) {
  auto const ask = [this](std::string const& accept) {
    return bare("GET", "/api/groups", {{"Accept", accept}, {"Authorization", "Bearer " + token_}}).status;
  };
  EXPECT_EQ(ask("application/json;api-version=0.17"), 200);
  EXPECT_EQ(ask("application/json; api-version=0.2"), 200);
  EXPECT_EQ(ask("application/json"), 200);
  EXPECT_EQ(ask("application/json;api-version=0.8"), 406);
  EXPECT_EQ(ask("text/html"), 406);
  knob("bad_version_status", "400");
  EXPECT_EQ(ask("application/json;api-version=0.8"), 400);
  knob("require_api_version", "true");
  EXPECT_EQ(ask("application/json"), 400);
  knob("check_accept", "false");
  EXPECT_EQ(ask("text/html"), 200);
}

TEST_F(GivenConsole, WhenThePathIsUnknownOrForAnotherMethodThenSaidSo) {
  EXPECT_EQ(get("/api/nothing").status, 404);
  EXPECT_EQ(get("/api/groups/a/b/c").status, 404);
  EXPECT_EQ(call("DELETE", "/api/groups").status, 405);
  EXPECT_EQ(sim_->counters().by_route.at("unknown"), 3);
}

TEST_F(GivenConsole, WhenAPathIsOutOfScopeThenCounted) {
  EXPECT_EQ(call("DELETE", user_path("filler-01@root.local")).status, 501);
  EXPECT_EQ(get("/api/organizations/x/settings").status, 501);
  EXPECT_EQ(mark("out_of_scope"), 2);
  EXPECT_EQ(sim_->counters().changes, 0);
}

TEST_F(GivenConsole, WhenTheCallerLacksAPermissionThenDenied) {
  start(R"({"roles":[{"name":"Reader","permissions":["VIEW_USER"]}],
            "groups":[{"name":"Readers","roles":["Reader"]}],
            "users":[{"userName":"reader@root.local","password":"Reader#123","groups":["Readers"]}]})");
  auto const session = log_in("reader@root.local", "Reader#123").body.as_object();
  auto const reader = text_of(session, "accessToken");
  EXPECT_EQ(with_token("GET", "/api/users", reader).status, 200);
  auto const denied = with_token("GET", "/api/groups", reader);
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.message, "Permission denied");
  EXPECT_EQ(with_token("PUT", user_path("filler-01@root.local"), reader).status, 403);
  EXPECT_EQ(with_token("POST", "/api/groups", reader).status, 403);
  EXPECT_EQ(with_token("GET", "/api/permissions", reader).status, 200);
  EXPECT_EQ(sim_->counters().changes, 0);
}

TEST_F(GivenConsole, WhenAnErrorIsWrittenThenInTheFormOfTheKnob) {
  auto const target = "/api/users/unknown";
  EXPECT_EQ(get(target).text, R"(["No records found"])");
  knob("error_body", "object");
  EXPECT_EQ(get(target).text, R"({"error":"No records found","code":5})");
  knob("error_body", "text");
  EXPECT_EQ(get(target).text, "No records found");
  knob("error_body", "html");
  EXPECT_THAT(get(target).text, StartsWith("<!DOCTYPE html>"));
  knob("error_body", "empty");
  EXPECT_EQ(get(target).text, "");
  EXPECT_EQ(get(target).status, 404);
  EXPECT_EQ(get(target).message, "No records found");
}

TEST_F(GivenConsole, WhenTheClockMovesThenTheDateHeaderFollows) {
  auto const date = [this] {
    auto const response = sim_->handle(make_request("GET", "/api/versions"));
    return find_field(response.headers, "Date");
  };
  EXPECT_EQ(date(), "Tue, 14 Nov 2023 22:13:20 GMT");
  edit(R"({"op":"advance_clock","seconds":7200})");
  EXPECT_EQ(date(), "Wed, 15 Nov 2023 00:13:20 GMT");
  EXPECT_EQ(get("/api/groups").status, 401);
}

TEST_F(GivenConsole, WhenABodyIsNotAJsonObjectThenRefused) {
  EXPECT_EQ(call("POST", "/api/groups", "{").status, 400);
  EXPECT_EQ(call("POST", "/api/groups", "[]").status, 400);
  EXPECT_EQ(call("POST", "/api/groups", R"({"name":7})").status, 400);
  EXPECT_EQ(bare("POST", "/api/groups", {{"Authorization", "Bearer " + token_}}, "{}").status, 415);
}

}  // namespace
}  // namespace dirsync::sim
