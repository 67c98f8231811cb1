// Privilege Cloud on shared services: the profile ispss.
#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

constexpr char kForm[] = "grant_type=client_credentials&client_id=svc-dirsync&client_secret=Sync.Pass.1";

class GivenIssuer : public VaultTest {
 protected:
  GivenIssuer() { use("ispss"); }

  Response ask(std::string form = kForm, std::string type = "application/x-www-form-urlencoded") {
    return sim_->handle(
        make_request("POST", "/oauth2/platformtoken", std::move(form), {{"Content-Type", std::move(type)}}));
  }
  std::string new_token() { return text_of(object_of(ask()), "access_token"); }
  void take_token() { token_ = "Bearer " + new_token(); }
};

/// Status and error of a refusal of the issuer.
MATCHER_P2(NotIssued, status, error, "") {
  auto const body = parse_json(arg.body);
  return arg.status == status && body && text_of(body->as_object(), "error") == error &&
         !text_of(body->as_object(), "error_description").empty();
}

TEST_F(GivenIssuer, WhenAskedThenABearerTokenComesWithItsLifetime) {
  auto const issued = ask();
  EXPECT_EQ(issued.status, 200);
  auto const body = object_of(issued);
  EXPECT_THAT(text_of(body, "access_token"), StartsWith("eyJ"));
  EXPECT_EQ(text_of(body, "token_type"), "Bearer");
  EXPECT_EQ(number_of(body, "expires_in"), 3600);
  EXPECT_EQ(sim_->counters().logons, 1);
  EXPECT_EQ(sim_->journal().back().body, "");
  EXPECT_EQ(sim_->handle(make_request("POST", "/OAuth2/PlatformToken", kForm,
                                      {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}}))
                .status,
            200);
}

TEST_F(GivenIssuer, WhenTheFormIsWrongThenTheErrorSaysWhy) {
  EXPECT_THAT(ask(kForm, "application/json"), NotIssued(400, "invalid_request"));
  EXPECT_THAT(ask("client_id=svc-dirsync&client_secret=Sync.Pass.1"), NotIssued(400, "invalid_request"));
  EXPECT_THAT(ask("grant_type=password&client_id=svc-dirsync&client_secret=Sync.Pass.1"),
              NotIssued(400, "unsupported_grant_type"));
  for (auto const* client : {"", "&client_id=svc-dirsync", "&client_id=nobody&client_secret=x",
                             "&client_id=svc-dirsync&client_secret=x"})
    EXPECT_THAT(ask("grant_type=client_credentials" + std::string{client}), NotIssued(401, "invalid_client"))
        << client;
  EXPECT_THAT(sim_->handle(make_request("GET", "/oauth2/platformtoken")), Page(405));
  EXPECT_THAT(sim_->handle(make_request("POST", "/oauth2/platformtoken")), Page(411));
}

TEST_F(GivenIssuer, WhenIdOrSecretHaveSpecialCharactersThenTheFormIsDecoded) {
  edit({{"op", "create-user"}, {"username", "svc+sync@cyberark.cloud.1"}, {"password", "a b&c=d%"}});
  EXPECT_EQ(ask("grant_type=client_credentials&client_id=svc%2Bsync%40cyberark.cloud.1"
                "&client_secret=a+b%26c%3Dd%25")
                .status,
            200);
}

TEST_F(GivenIssuer, WhenTheSecretIsWrongTooOftenThenTheRightOneDoesNotHelp) {
  for (int attempt = 0; attempt < 5; ++attempt)
    EXPECT_EQ(ask("grant_type=client_credentials&client_id=svc-dirsync&client_secret=x").status, 401);
  EXPECT_THAT(ask(), NotIssued(401, "invalid_client"));
}

TEST_F(GivenIssuer, WhenATokenIsShownThenOnlyALiveOneAfterTheWordBearerCounts) {
  auto const token = new_token();
  token_ = "Bearer " + token;
  EXPECT_EQ(get("API/UserGroups").status, 200);
  EXPECT_EQ(sim_->journal().back().caller, "svc-dirsync");
  token_ = "bearer " + token;
  EXPECT_EQ(get("API/UserGroups").status, 200);
  for (auto const& wrong : {token, "Basic " + token, std::string{"Bearer made-up"}, std::string{"Bearer "}}) {
    token_ = wrong;
    EXPECT_THAT(get("API/UserGroups"), Refused(401, "PASWS006E"));
  }
}

TEST_F(GivenIssuer, WhenTheServerIsSelfHostedThenThereIsNoIssuerAndNoSchemeWord) {
  use("pam-14.4");
  EXPECT_THAT(ask(), Page(404));
  set("platform_token", "on");
  log_on();
  auto const own = token_;
  take_token();
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  token_ = token_.substr(std::string_view{"Bearer "}.size());
  EXPECT_THAT(get("API/LoginsInfo"), Refused(401, "PASWS006E"));
  token_ = "Bearer " + own;
  EXPECT_THAT(get("API/LoginsInfo"), Refused(401, "PASWS006E"));
  token_ = own;
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
}

TEST_F(GivenIssuer, WhenALifetimeIsOverThenTheTokenEndsHoweverBusyItWas) {
  take_token();
  now_ += std::chrono::seconds{3599};
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  now_ += std::chrono::seconds{1};
  EXPECT_THAT(get("API/LoginsInfo"), Refused(401, "PASWS006E"));
  set("token_seconds", "5");
  EXPECT_EQ(number_of(object_of(ask()), "expires_in"), 5);
  take_token();
  now_ += std::chrono::seconds{5};
  EXPECT_THAT(get("API/LoginsInfo"), Refused(401, "PASWS006E"));
}

TEST_F(GivenIssuer, WhenSeveralTokensAreIssuedThenAllLiveUntilRevoked) {
  take_token();
  auto const first = token_;
  take_token();
  EXPECT_NE(token_, first);
  token_ = first;
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  edit({{"op", "revoke-tokens"}});
  EXPECT_THAT(get("API/LoginsInfo"), Refused(401, "PASWS006E"));
}

TEST_F(GivenIssuer, WhenTheLifetimeIsNotToldThenItIsMissing) {
  set("token_expires_in", "missing");
  EXPECT_FALSE(object_of(ask()).contains("expires_in"));
}

TEST_F(GivenIssuer, WhenTwoNodesServeThenAPlatformTokenIsKnownToBoth) {
  set("nodes", "2");
  take_token();
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
}

class GivenSharedServices : public GivenIssuer {
 protected:
  void SetUp() override { take_token(); }

  std::vector<std::string> names_in(json::object const& page) {
    std::vector<std::string> names;
    for (auto const& group : array_of(page, "value"))
      names.push_back(text_of(group.as_object(), "groupName"));
    return names;
  }
  std::vector<std::string> names(std::string_view query) {
    return names_in(object_of(get("API/UserGroups?" + std::string{query})));
  }
};

TEST_F(GivenSharedServices, WhenLoggedOnOrOffThenThereIsNoSuchCall) {
  EXPECT_THAT(log_on_as("svc-dirsync", "Sync.Pass.1"), Page(404));
  EXPECT_THAT(post("API/Auth/Logoff", "{}"), Page(404));
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
}

TEST_F(GivenSharedServices, WhenVersionIsAskedThenOnlyTheFirstGenerationsVerifyIsGone) {
  EXPECT_EQ(text_of(object_of(get("WebServices/PIMServices.svc/Server")), "ExternalVersion"), "14.6.0");
  EXPECT_EQ(get("API/verify/").status, 200);
  EXPECT_THAT(get("WebServices/PIMServices.svc/Verify"), Page(404));
}

TEST_F(GivenSharedServices, WhenThereAreMoreGroupsThanAPageThenALinkLeadsOn) {
  for (int number = 0; number < 101; ++number)
    edit({{"op", "create-group"},
          {"groupName", "team-" + std::to_string(number)},
          {"members", json::array{36}}});
  auto const first = object_of(get("API/UserGroups?includeMembers=true"));
  EXPECT_THAT(names_in(first), SizeIs(100));
  EXPECT_EQ(first.at("count").to_number<int>(), 100);
  EXPECT_EQ(text_of(first, "nextLink"), "api/UserGroups?offset=100&limit=100&includeMembers=true");
  auto const second = object_of(get(text_of(first, "nextLink")));
  EXPECT_THAT(names_in(second), ElementsAre("team-97", "team-98", "team-99", "team-100"));
  EXPECT_TRUE(second.at("value").as_array().front().as_object().contains("members"));
  EXPECT_FALSE(second.contains("nextLink"));
  EXPECT_THAT(names("offset=1&limit=2"), ElementsAre("CyberArk Safe Managers", "CyberArk Auditors"));
}

TEST_F(GivenSharedServices, WhenPredefinedGroupsAreNotAskedForThenTheyAreHidden) {
  EXPECT_THAT(names(""), ElementsAre("CyberArk Admins", "CyberArk Safe Managers", "CyberArk Auditors"));
  EXPECT_THAT(names("includePredefinedUsers=false"), Not(Contains("Vault Admins")));
  EXPECT_THAT(names("includePredefinedUsers=True"), AllOf(SizeIs(13), Contains("Vault Admins")));
  EXPECT_THAT(get("API/UserGroups?includePredefinedUsers=x"), Refused(400, "PASWS167E"));
  EXPECT_EQ(get("API/UserGroups/11/").status, 200);
  EXPECT_THAT(post("API/UserGroups/", R"({"groupName":"auditors"})"), Refused(409, "CAWS00001E"));
  set("predefined_groups", "shown");
  EXPECT_THAT(names("includePredefinedUsers=x"), SizeIs(13));
}

TEST_F(GivenSharedServices, WhenAFilterValueHasASpaceThenItNeedsQuotes) {
  EXPECT_THAT(get("API/UserGroups?filter=groupName%20eq%20CyberArk%20Admins"), Refused(400, "PASWS167E"));
  EXPECT_THAT(names("filter=groupName%20eq%20%22CyberArk%20Admins%22"), ElementsAre("CyberArk Admins"));
  EXPECT_THAT(names("filter=groupType%20eq%20Directory"), SizeIs(3));
}

TEST_F(GivenSharedServices, WhenGroupsAndMembersAreWrittenThenAnswersSayLittle) {
  auto const created = post("API/UserGroups/", R"({"groupName":"Unix"})");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(text_of(object_of(created), "groupName"), "Unix");
  EXPECT_FALSE(object_of(created).contains("id"));
  EXPECT_FALSE(group_in_list("Unix").contains("members"));
  auto const added = post("API/UserGroups/41/Members/", R"({"memberId":"mjones","memberType":"Vault"})");
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.body, "");
  EXPECT_THAT(member_names("Unix"), ElementsAre("mjones"));
  EXPECT_EQ(put("API/UserGroups/41/", R"({"groupName":"Linux"})").status, 200);
  EXPECT_THAT(get("API/UserGroups/41/?includeMembers=true").body,
              HasSubstr(R"([{"username":"mjones","id":36}])"));
  EXPECT_EQ(del("API/UserGroups/41/Members/mjones/").status, 204);
  EXPECT_EQ(del("API/UserGroups/41/").status, 204);
}

TEST_F(GivenSharedServices, WhenADomainMemberIsAddedThenItIsInvalidAndNobodyArrives) {
  post("API/UserGroups/", R"({"groupName":"Unix"})");
  sim_->forget_calls();
  EXPECT_THAT(post("API/UserGroups/41/Members/",
                   R"({"memberId":"jsmith","memberType":"Domain","domainName":"corp.example.com"})"),
              Refused(400, "PASWS167E"));
  EXPECT_EQ(sim_->counters().changes, 0);
}

TEST_F(GivenSharedServices, WhenDirectoriesAreAskedThenThereIsNoSuchCall) {
  edit({{"op", "add-member"}, {"group", "Vault Admins"}, {"member", "svc-dirsync"}});
  EXPECT_THAT(get("API/Configuration/LDAP/Directories/"), Page(404));
  EXPECT_THAT(get("API/Configuration/LDAP/Directories/corp.example.com/"), Page(404));
}

TEST_F(GivenSharedServices, WhenUsersAreReadThenPagesAndFiltersWork) {
  auto const page = object_of(get("API/Users?ExtendedDetails=true&pageOffset=16&pageSize=10&source=LDAP"));
  EXPECT_THAT(array_of(page, "Users"), SizeIs(0));
  EXPECT_EQ(page.at("Total").to_number<int>(), 2);
  auto const all = object_of(get("API/Users?ExtendedDetails=true&pageOffset=16&pageSize=10"));
  EXPECT_THAT(array_of(all, "Users"), SizeIs(2));
  EXPECT_EQ(all.at("Total").to_number<int>(), 18);
}

TEST_F(GivenSharedServices, WhenTheGatewaySpeaksThenRefusalsHaveItsShape) {
  auto const refused = get("API/UserGroups/99/");
  EXPECT_THAT(refused, Refused(404, "PASWS199E"));
  set("error_shape", "code");
  EXPECT_EQ(get("API/UserGroups/99/").body,
            R"({"code":"PASWS199E","message":"Group ID [99] was not found."})");
  set("error_shape", "error");
  EXPECT_EQ(get("API/UserGroups/99/").body,
            R"({"error":"PASWS199E","error_description":"Group ID [99] was not found."})");
  EXPECT_EQ(get("API/UserGroups/99/").status, 404);
  EXPECT_EQ(post("API/UserGroups/", "{").body,
            R"({"error":"PASWS167E","error_description":"There are some invalid parameters"})");
}
}  // namespace
}  // namespace dirsync::sim::vault
