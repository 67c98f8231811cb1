#include "sync/vault/requests.hpp"

#include <gmock/gmock.h>

#include "sync/vault/answers.hpp"

namespace dirsync::vault {
namespace {

using http::Method;
using http::Repeat;

class GivenCall : public testing::Test {};

TEST_F(GivenCall, WhenReadThenPathIsAsTheServerWantsItAndMayBeRepeated) {
  EXPECT_EQ(list_groups().path, "/API/UserGroups?includeMembers=true");
  EXPECT_EQ(list_users().path, "/API/Users?ExtendedDetails=true");
  EXPECT_EQ(group_details("666")->path, "/API/UserGroups/666/?includeMembers=true");
  EXPECT_EQ(search_groups("Fin Audit").path, "/API/UserGroups?search=Fin%20Audit&includeMembers=true");
  EXPECT_EQ(search_groups("R&D Operators+").path, "/API/UserGroups?search=D%20Operators&includeMembers=true");
  EXPECT_EQ(group_alone("666")->path, "/API/UserGroups/666/");
  EXPECT_EQ(search_group_names("User4545@domain88").value().path, "/API/UserGroups?search=domain88");
  EXPECT_EQ(search_group_names("CORP\\jsmith").value().path, "/API/UserGroups?search=jsmith");
  EXPECT_EQ(search_group_names("J\u00fcrgen").value().path, "/API/UserGroups?search=rgen");
  EXPECT_FALSE(search_group_names("j.s"));
  EXPECT_FALSE(search_group_names(""));
  EXPECT_EQ(list_users_page(1000, 500).path, "/API/Users?ExtendedDetails=true&pageOffset=1000&pageSize=500");
  EXPECT_EQ(list_groups().repeat, Repeat::always);
}
TEST_F(GivenCall, WhenMemberIsAddedThenTypeIsAlwaysThereAndDomainOnlyWhereItBelongs) {
  auto const vault = add_member("57", "jsmith")->request();
  EXPECT_EQ(vault.method, Method::post);
  EXPECT_EQ(vault.path, "/API/UserGroups/57/Members/");
  EXPECT_EQ(vault.body, R"({"memberId":"jsmith","memberType":"Vault"})");
  EXPECT_EQ(vault.content_type, "application/json");
  EXPECT_EQ(vault.repeat, Repeat::when_refused);
  EXPECT_EQ(add_domain_member("57", "jsmith", "corp.example.com")->request().body,
            R"({"memberId":"jsmith","memberType":"Domain","domainName":"corp.example.com"})");
}
TEST_F(GivenCall, WhenMemberIsRemovedThenNameIsEncodedOnceAndSlashFollows) {
  auto const path = [](std::string_view name) { return remove_member("57", name)->request().path; };
  EXPECT_EQ(path("john.doe@corp.example.com"), "/API/UserGroups/57/Members/john.doe%40corp.example.com/");
  EXPECT_EQ(path("Jane Roe"), "/API/UserGroups/57/Members/Jane%20Roe/");
}
TEST_F(GivenCall, WhenNameCannotStandInPathThenNoRequest) {
  for (auto const* name : {"a+b",  "a&b",          "a%b",  "a/b",   "a\tb",    "",     ".",        "..",
                           "...",  "ann.",         "con",  "NUL",   "Aux.txt", "com1", "LPT9.ann", "%2e%2e",
                           "\x7f", "CORP\\jsmith", "ann ", "ann:x", "a?b",     "a*b",  "a<b>"}) {
    EXPECT_FALSE(remove_member("57", name)) << name;
    EXPECT_FALSE(why_not_addressable(name).empty()) << name;
  }
  for (auto const* name :
       {"ann", "a.b", ".ann", "conrad", "com", "com10", "nula", "lpt", "ann@corp.example.com", "a b"})
    EXPECT_EQ(why_not_addressable(name), "") << name;
}
TEST_F(GivenCall, WhenGroupIsCreatedThenBackslashIsEscaped) {
  EXPECT_EQ(create_group("UnixAdmins", "\\").request().body,
            R"({"groupName":"UnixAdmins","description":"Managed by dirsyncd","location":"\\"})");
  EXPECT_EQ(rename_group("57", "New")->request().method, Method::put);
  EXPECT_EQ(delete_group("57")->request().path, "/API/UserGroups/57/");
}
TEST_F(GivenCall, WhenAnIdIsAFolderThenNoRequest) {
  for (auto const* id : {".", "..", "%2e%2e", ""}) {
    EXPECT_FALSE(group_details(id)) << id;
    EXPECT_FALSE(user_details(id)) << id;
    EXPECT_FALSE(rename_group(id, "New")) << id;
    EXPECT_FALSE(delete_group(id)) << id;
    EXPECT_FALSE(add_member(id, "jsmith")) << id;
    EXPECT_FALSE(add_domain_member(id, "jsmith", "corp.example.com")) << id;
    EXPECT_FALSE(remove_member(id, "jsmith")) << id;
  }
}
TEST_F(GivenCall, WhenLogonThenOneSessionAmongSeveralAndConfidential) {
  Settings settings;
  settings.user = "svc";
  settings.password = Secret{"p\"w"};
  settings.method = AuthMethod::ldap;
  auto const request = logon(settings);
  EXPECT_EQ(request.path, "/API/Auth/LDAP/Logon");
  EXPECT_EQ(request.body, R"({"username":"svc","password":"p\"w","concurrentSession":true})");
  EXPECT_TRUE(request.confidential);
  EXPECT_FALSE(request.login);
  EXPECT_EQ(request.repeat, Repeat::unless_judged);
  settings.method = AuthMethod::windows;
  EXPECT_TRUE(logon(settings).login);
}
TEST_F(GivenCall, WhenPlatformTokenThenFormIsEncoded) {
  Settings settings;
  settings.user = "svc@example.com";
  settings.password = Secret{"a&b=c"};
  EXPECT_EQ(platform_token(settings).body,
            "grant_type=client_credentials&client_id=svc%40example.com&client_secret=a%26b%3Dc");
}

class GivenGroupName : public testing::Test {};

TEST_F(GivenGroupName, WhenItCanStandInUrlsThenGood) {
  EXPECT_EQ(why_no_group_name("Unix Admins"), "");
  EXPECT_EQ(why_no_group_name("Gr\xC3\xB6\xC3\x9F"
                              "e"),
            "");
  EXPECT_EQ(why_no_group_name("\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"), "") << "Persian";
  EXPECT_EQ(why_no_group_name(std::string(128, 'a')), "");
  std::string umlauts;
  for (int i = 0; i < 128; ++i) umlauts += "\xC3\xB6";
  EXPECT_EQ(why_no_group_name(umlauts), "");
}
TEST_F(GivenGroupName, WhenItCannotThenReason) {
  for (auto const& name : {std::string{}, std::string(129, 'a'), std::string{"a+b"}, std::string{"a/b"},
                           std::string{"a\\b"}, std::string{" a"}, std::string{"a."}, std::string{"a\nb"},
                           std::string{"\xFF"}, std::string{".."}, std::string{"CON"}, std::string{"lpt1.x"}})
    EXPECT_FALSE(why_no_group_name(name).empty()) << name;
  for (auto const* name :
       {"a\u0085", "a\u202Eb", "a\u2066b", "a\u200Fb", "a\u061Cb", "a\u2028b", "a\u200Bb", "a\uFEFFb"})
    EXPECT_THAT(why_no_group_name(name), testing::HasSubstr("which cannot be seen")) << name;
}

class GivenNextLink : public testing::Test {
 protected:
  std::vector<std::string> const bases{"https://pvwa.example.com/PasswordVault",
                                       "https://b.example.com:8443/PV"};
};

TEST_F(GivenNextLink, WhenRelativeThenBelowTheApplication) {
  EXPECT_EQ(path_of_link("api/UserGroups?offset=2&limit=2", bases), "/api/UserGroups?offset=2&limit=2");
  EXPECT_EQ(path_of_link("api/UserGroups?search=a b", bases), "/api/UserGroups?search=a%20b");
}
TEST_F(GivenNextLink, WhenAbsoluteOnOurServerThenItsPath) {
  EXPECT_EQ(path_of_link("https://PVWA.example.com/passwordvault/api/UserGroups?offset=2", bases),
            "/api/UserGroups?offset=2");
  EXPECT_EQ(path_of_link("https://b.example.com:8443/PV/api/x", bases), "/api/x");
  EXPECT_EQ(path_of_link("/PasswordVault/api/x", bases), "/api/x");
  EXPECT_EQ(path_of_link("api/x?return=http://a/b", bases), "/api/x?return=http://a/b");
}
TEST_F(GivenNextLink, WhenItLeadsElsewhereThenNothing) {
  for (auto const* link :
       {"https://evil.example.com/PasswordVault/api/x", "//evil.example.com/PasswordVault/x",
        "https://pvwa.example.com.evil.com/PasswordVault/x", "http://pvwa.example.com/PasswordVault/x",
        "/Other/api/x", "api/x\r\nEvil: 1", "api/UserGroups/57/Members/../", ""})
    EXPECT_FALSE(path_of_link(link, bases)) << link;
}

class GivenRefusal : public testing::Test {};

TEST_F(GivenRefusal, WhenWrappedThenInnerCodeCounts) {
  auto const refusal =
      parse_refusal(R"({"ErrorCode":"CAWS00001E","ErrorMessage":"ITATS262E User is already a member."})");
  EXPECT_EQ(refusal.code, "ITATS262E");
  EXPECT_TRUE(refusal.json);
}
TEST_F(GivenRefusal, WhenWrapperHoldsNoCodeThenWrapperStays) {
  EXPECT_EQ(parse_refusal(R"({"ErrorCode":"CAWS00001E","ErrorMessage":"USER1 is not there"})").code,
            "CAWS00001E");
  EXPECT_EQ(parse_refusal(R"({"ErrorCode":"CAWS00001E","ErrorMessage":""})").code, "CAWS00001E");
}
TEST_F(GivenRefusal, WhenOtherFormsThenCodeIsFound) {
  EXPECT_EQ(parse_refusal(R"({"Details":[{"ErrorCode":"PASWS011E"}]})").code, "PASWS011E");
  EXPECT_EQ(parse_refusal(R"({"Details":{"ErrorCode":"PASWS011E"}})").code, "PASWS011E");
  EXPECT_EQ(parse_refusal(R"({"error":"invalid_client","error_description":"no"})").code, "invalid_client");
  EXPECT_EQ(parse_refusal(R"({"code":"X1","message":"m"})").message, "m");
}
TEST_F(GivenRefusal, WhenPageOfWebServerThenNoJson) {
  EXPECT_FALSE(parse_refusal("<html>404</html>").json);
  EXPECT_FALSE(parse_refusal("").json);
}

class GivenDirectoryList : public testing::Test {};

TEST_F(GivenDirectoryList, WhenWholeThenNames) {
  EXPECT_EQ(
      parse_directories(R"([{"DomainName":"a.example.com","DomainBaseContext":"DC=a"},{"domainname":"b"}])"),
      (std::vector<std::string>{"a.example.com", "b"}));
  EXPECT_EQ(parse_directories("[]"), std::vector<std::string>{});
}
TEST_F(GivenDirectoryList, WhenAnythingElseThenNothing) {
  for (auto const* body : {"", "<html>", "{}", "[1]", R"([{"DomainBaseContext":"DC=a"}])"})
    EXPECT_FALSE(parse_directories(body)) << body;
}

class GivenLogonAnswer : public testing::Test {};

TEST_F(GivenLogonAnswer, WhenBareStringThenToken) { EXPECT_EQ(parse_token("\"abc\""), "abc"); }
TEST_F(GivenLogonAnswer, WhenAnythingElseThenNoToken) {
  for (auto const* body : {R"({"UserName":"x"})", "abc", "", "\"\"", "null", "[\"a\"]"})
    EXPECT_FALSE(parse_token(body)) << body;
}
TEST_F(GivenLogonAnswer, WhenPlatformTokenThenLifetimeIsKept) {
  auto const token =
      parse_platform_token(R"({"access_token":"eyJ","token_type":"Bearer","expires_in":3600})");
  ASSERT_TRUE(token);
  EXPECT_EQ(token->token, "eyJ");
  EXPECT_EQ(token->lifetime, std::chrono::hours{1});
  EXPECT_FALSE(parse_platform_token(R"({"error":"invalid_client"})"));
}

}  // namespace
}  // namespace dirsync::vault
