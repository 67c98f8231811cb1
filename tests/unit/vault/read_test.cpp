#include <boost/asio/detached.hpp>

#include "tests/unit/vault/target_fixture.hpp"

namespace dirsync::vault {
namespace {

class GivenHealthyVault : public ScriptedVault {};

TEST_F(GivenHealthyVault, WhenReadThenUsersGroupsAndProof) {
  script->on(kGroups, {{200,
                        groups(with_members(member(26, "JSMITH") + "," + member(11, "Vault Admins") + "," +
                                            member(99, "ghost"))),
                        {}}});
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(observed->product, "PVWA 14.4.0");
  ASSERT_EQ(observed->users.size(), 2U);
  EXPECT_FALSE(observed->users[0].protected_because.empty());
  EXPECT_TRUE(observed->users[1].protected_because.empty());
  ASSERT_EQ(observed->groups.size(), 2U);
  EXPECT_FALSE(observed->groups[0].protected_because.empty());
  auto const& group = observed->groups[1];
  EXPECT_EQ(group.users, (std::vector<std::uint32_t>{1}));
  ASSERT_EQ(group.others.size(), 2U);
  EXPECT_EQ(group.others[0].kind, OtherMember::Kind::group);
  EXPECT_EQ(group.others[1].kind, OtherMember::Kind::unknown);
  EXPECT_EQ(observed->certificate.values, 4U);
  EXPECT_EQ(observed->certificate.entries, 4U);
  EXPECT_FALSE(observed->certificate.clauses.empty());
  EXPECT_TRUE(std::ranges::all_of(observed->certificate.clauses, &CertificateClause::holds));
}
TEST_F(GivenHealthyVault, WhenReadThenTokenIsSentRawAndLogonOnce) {
  ASSERT_TRUE(read());
  ASSERT_TRUE(read());
  EXPECT_EQ(script->count(kLogon), 1);
  for (auto const& sent : script->sent) EXPECT_EQ(sent.authorization, sent.call == kLogon ? "" : "TOKEN1");
}
TEST_F(GivenHealthyVault, WhenClosedThenLoggedOffAndNextReadLogsOnAgain) {
  ASSERT_TRUE(read());
  boost::asio::co_spawn(io, target().close(), boost::asio::detached);
  io.restart();
  io.run();
  EXPECT_EQ(script->count("POST /API/Auth/Logoff"), 1);
  ASSERT_TRUE(read());
  EXPECT_EQ(script->count(kLogon), 2);
}
TEST_F(GivenHealthyVault, WhenServiceUserAndListedGroupThenProtected) {
  settings.user = "JSmith";
  settings.protected_groups = {"unixadmins"};
  auto const observed = read();
  ASSERT_TRUE(observed);
  EXPECT_FALSE(observed->users[1].protected_because.empty());
  EXPECT_FALSE(observed->groups[1].protected_because.empty());
}
TEST_F(GivenHealthyVault, WhenMemberFitsUserAndGroupAlikeThenUnknown) {
  script->on(kGroups, {{200,
                        R"({"value":[
    {"id":26,"groupType":"Vault","groupName":"jsmith","members":[{"username":"Administrator","id":2}]},
    {"id":57,"groupType":"Vault","groupName":"G","members":[{"username":"jsmith","id":26}]}],"count":2})",
                        {}}});
  auto const observed = read();
  ASSERT_TRUE(observed);
  EXPECT_TRUE(observed->groups[1].users.empty());
  EXPECT_EQ(observed->groups[1].others.size(), 1U);
}

class GivenVersion : public ScriptedVault {};

TEST_F(GivenVersion, WhenBelowTwelveThenRefusedByVersionAndReason) {
  version("11.7.2");
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, VaultErrc::old_version);
  EXPECT_NE(observed.error().context.find("11.7.2"), std::string::npos);
  EXPECT_NE(observed.error().context.find("includeMembers"), std::string::npos);
}
TEST_F(GivenVersion, WhenOlderPlaceIsMissingThenNewerOneIsAsked) {
  script->on(kVersion, {{404, "<html>", {}}});
  script->on("GET /API/Server", {{200, R"({"ExternalVersion":"12.6.4"})", {}}});
  auto const observed = read();
  ASSERT_TRUE(observed);
  EXPECT_EQ(observed->product, "PVWA 12.6.4");
}
TEST_F(GivenVersion, WhenUnknownThenOnlyWithAssumption) {
  script->on(kVersion, {{403, "{}", {}}});
  auto const refused = read();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, VaultErrc::unknown_version);
}
TEST_F(GivenVersion, WhenUnknownAndAssumedThenRead) {
  script->on(kVersion, {{403, "{}", {}}});
  settings.assume_version = "12.2";
  EXPECT_TRUE(read());
}
TEST_F(GivenVersion, WhenTheServerIsInTroubleThenThatIsSaidAndNothingAssumed) {
  settings.assume_version = "12.6";
  script->on(kVersion, {{503, "<html>", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::overloaded);
}
TEST_F(GivenVersion, WhenUserListLacksDnsThenEachDirectoryUserIsAsked) {
  version("12.0.1");
  script->on(kUsers, {{200,
                       R"({"Users":[{"id":2,"username":"Administrator","source":"CyberArk"},
    {"id":26,"username":"jsmith","source":"LDAP"}],"Total":2})",
                       {}}});
  script->on("GET /API/Users/26/",
             {{200, R"({"id":26,"username":"jsmith","source":"LDAP","userDN":"CN=J"})", {}}});
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(observed->users[1].dn, "CN=J");
  EXPECT_EQ(script->count("GET /API/Users/2/"), 0);
}

class GivenIncompleteAnswer : public ScriptedVault {
 protected:
  void expect_incomplete() {
    auto const observed = read();
    ASSERT_FALSE(observed);
    EXPECT_EQ(observed.error().code, VaultErrc::incomplete_read) << text(observed.error());
  }
};

TEST_F(GivenIncompleteAnswer, WhenNoGroupHasMembersThenNotTakenForEmpty) {
  script->on(kGroups, {{200, R"({"value":[{"id":57,"groupType":"Vault","groupName":"G"}],"count":1})", {}}});
  expect_incomplete();
  EXPECT_EQ(script->count(kGroupsWithPredefined), 0);
}
TEST_F(GivenIncompleteAnswer, WhenThereIsNoUserAtAllThenRefused) {
  script->on(kUsers, {{200, R"({"Users":[],"Total":0})", {}}});
  expect_incomplete();
}
TEST_F(GivenIncompleteAnswer, WhenGroupsAreFewerThanCountThenRefused) {
  auto body = groups(with_members(""));
  body.replace(body.find("\"count\":2"), 9, "\"count\":3");
  script->on(kGroups, {{200, body, {}}});
  expect_incomplete();
}
TEST_F(GivenIncompleteAnswer, WhenUsersAreFewerThanTotalThenRefused) {
  auto body = users();
  body.replace(body.find("\"Total\":2"), 9, "\"Total\":9");
  script->on(kUsers, {{200, body, {}}});
  expect_incomplete();
}
TEST_F(GivenIncompleteAnswer, WhenUserComesTwiceThenRefused) {
  script->on(kUsers, {{200, R"({"Users":[{"id":2,"username":"a"},{"id":2,"username":"a"}],"Total":2})", {}}});
  expect_incomplete();
}
TEST_F(GivenIncompleteAnswer, WhenGroupComesTwiceWithOtherMembersThenRefused) {
  script->on(kGroups, {{200, groups(with_members("") + "," + with_members(member(26, "jsmith"))), {}}});
  auto body = groups(with_members("") + "," + with_members(member(26, "jsmith")));
  body.replace(body.find("\"count\":2"), 9, "\"count\":3");
  script->on(kGroups, {{200, body, {}}});
  expect_incomplete();
}
TEST_F(GivenIncompleteAnswer, WhenGroupComesTwiceInOneAnswerThenRefused) {
  auto body = groups(with_members("") + "," + with_members(""));
  body.replace(body.find("\"count\":2"), 9, "\"count\":3");
  script->on(kGroups, {{200, body, {}}});
  expect_incomplete();
}
TEST_F(GivenIncompleteAnswer, WhenAPageOfAProxyComesInsteadThenUrlIsNamed) {
  for (auto const* call : {kUsers, kGroups}) {
    script->on(kUsers, {{200, users(), {}}});
    script->on(call, {{200, "<html>Please log on</html>", {}}});
    auto const observed = read();
    ASSERT_FALSE(observed);
    EXPECT_EQ(observed.error().code, VaultErrc::bad_answer);
    EXPECT_NE(observed.error().context.find("check that url"), std::string::npos);
  }
}
TEST_F(GivenIncompleteAnswer, WhenBodyIsCutThenRefused) {
  auto body = groups(with_members(""));
  body.resize(body.size() - 5);
  script->on(kGroups, {{200, body, {}}});
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, VaultErrc::bad_answer);
}
TEST_F(GivenIncompleteAnswer, WhenCallIsRefusedThenErrorNamesRight) {
  script->on(kGroups, {{403, R"({"ErrorCode":"PASWS041E","ErrorMessage":"no"})", {}}});
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, VaultErrc::not_authorised);
  EXPECT_NE(observed.error().context.find("Audit users"), std::string::npos);
}

class GivenPages : public ScriptedVault {
 protected:
  static constexpr char kSecond[] = "GET /api/UserGroups?offset=2&limit=2";
  void pages(std::string const& link, int first_count, int second_count) {
    auto first = groups(with_members(""));
    first.replace(first.find("\"count\":2"), 9,
                  "\"count\":" + std::to_string(first_count) + ",\"nextLink\":\"" + link + "\"");
    script->on(kGroups, {{200, first, {}}});
    script->on(kSecond, {{200,
                          R"({"value":[{"id":58,"groupType":"Vault","groupName":"H"}],"count":)" +
                              std::to_string(second_count) + "}",
                          {}}});
  }
};

TEST_F(GivenPages, WhenCountIsOfEverythingThenComplete) {
  pages("api/UserGroups?offset=2&limit=2", 3, 3);
  ASSERT_TRUE(read());
}
TEST_F(GivenPages, WhenCountIsOfThePageThenComplete) {
  pages("https://pvwa.example.com/PasswordVault/api/UserGroups?offset=2&limit=2", 2, 1);
  auto const observed = read();
  ASSERT_TRUE(observed);
  EXPECT_EQ(observed->groups.size(), 3U);
  EXPECT_EQ(observed->certificate.pages, 3U);
}
TEST_F(GivenPages, WhenCountIsNeitherThenIncomplete) {
  pages("api/UserGroups?offset=2&limit=2", 5, 5);
  EXPECT_EQ(read().error().code, VaultErrc::incomplete_read);
}
TEST_F(GivenPages, WhenAnEarlierPageIsShorterThanItSaysThenIncomplete) {
  pages("api/UserGroups?offset=2&limit=2", 3, 1);
  EXPECT_EQ(read().error().code, VaultErrc::incomplete_read);
}
TEST_F(GivenPages, WhenLinkLeadsToAnotherHostThenNothingIsSentThere) {
  pages("https://evil.example.com/PasswordVault/api/UserGroups?offset=2&limit=2", 3, 3);
  EXPECT_EQ(read().error().code, VaultErrc::incomplete_read);
  EXPECT_EQ(script->count(kSecond), 0);
}
TEST_F(GivenPages, WhenGroupComesAgainOnTheNextPageThenOnceAndComplete) {
  pages("api/UserGroups?offset=2&limit=2", 2, 2);
  script->on(kSecond, {{200, R"({"value":[)" + with_members("") + R"(],"count":1})", {}}});
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(observed->groups.size(), 2U);
}
TEST_F(GivenPages, WhenLinksNeverEndThenIncomplete) {
  auto const path = [](int n) { return "api/UserGroups?offset=" + std::to_string(n); };
  pages(path(0), 2, 2);
  for (int n = 0; n < 10'001; ++n)
    script->on("GET /" + path(n), {{200, R"({"value":[],"count":0,"nextLink":")" + path(n + 1) + "\"}", {}}});
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, VaultErrc::incomplete_read);
  EXPECT_NE(observed.error().context.find("10000 pages"), std::string::npos) << observed.error().context;
}
TEST_F(GivenPages, WhenLinkLeadsBackThenIncomplete) {
  pages("api/UserGroups?offset=2&limit=2", 3, 3);
  script->on(kSecond, {{200, R"({"value":[],"count":0,"nextLink":"api/UserGroups?offset=2&limit=2"})", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::incomplete_read);
}

class GivenSession : public ScriptedVault {};

TEST_F(GivenSession, WhenItEndsThenOneNewLogonAndTheCallIsRepeated) {
  script->on(kUsers, {{401, "{}", {}}, {200, users(), {}}});
  ASSERT_TRUE(read());
  EXPECT_EQ(script->count(kLogon), 2);
  EXPECT_EQ(script->sent.back().authorization, "TOKEN2");
}
TEST_F(GivenSession, WhenItEndsTwiceInARowThenTheRunEnds) {
  script->on(kUsers, {{401, "{}", {}}});
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, VaultErrc::session_lost);
  EXPECT_EQ(script->count(kLogon), 2);
  script->sent.clear();
  auto const applied = apply(change(Verb::add));
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_TRUE(applied.target_down);
  EXPECT_TRUE(script->sent.empty());
}
TEST_F(GivenSession, WhenItEndsAgainLaterInTheRunThenNoThirdLogon) {
  script->on(kUsers, {{401, "{}", {}}, {200, users(), {}}});
  script->on(kGroups, {{401, "{}", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::session_lost);
  EXPECT_EQ(script->count(kLogon), 2);
}
TEST_F(GivenSession, WhenANewRunBeginsThenANewLogonIsAllowed) {
  script->on(kUsers, {{401, "{}", {}}, {200, users(), {}}});
  ASSERT_TRUE(read());
  script->on(kUsers, {{401, "{}", {}}, {200, users(), {}}});
  EXPECT_TRUE(read());
  EXPECT_EQ(script->count(kLogon), 3);
}
TEST_F(GivenSession, WhenTenCallsMeetItsEndAtOnceThenOneLogon) {
  auto const observed = read();
  ASSERT_TRUE(observed);
  script->sent.clear();
  std::vector<ScriptedAnswer> answers(10, ScriptedAnswer{401, "{}", {}});
  answers.push_back({200, with_members(""), {}});
  script->on(kGroup, answers);
  int found = 0;
  for (int i = 0; i < 10; ++i)
    boost::asio::co_spawn(io, target().read_group("57", *observed),
                          [&found](std::exception_ptr, Result<std::optional<TargetGroup>> const& group) {
                            found += group && *group ? 1 : 0;
                          });
  io.restart();
  io.run();
  EXPECT_EQ(found, 10);
  EXPECT_EQ(script->count(kLogon), 1);
}
TEST_F(GivenSession, WhenLogonIsRefusedThenNeverTriedAgain) {
  script->on(
      kLogon,
      {{403, R"({"ErrorCode":"ITATS004E","ErrorMessage":"Authentication failure for User svc."})", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::logon_refused);
  EXPECT_EQ(read().error().code, VaultErrc::logon_refused);
  EXPECT_EQ(script->count(kLogon), 1);
}
TEST_F(GivenSession, WhenSecondFactorIsAskedForThenRefused) {
  script->on(kLogon, {{200, R"({"UserName":"svc","AdditionalInfo":"x"})", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::logon_refused);
}
TEST_F(GivenSession, WhenRadiusChallengesThenRefused) {
  script->on(kLogon, {{500, R"({"ErrorCode":"ITATS542I","ErrorMessage":"Enter PIN"})", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::logon_refused);
}
TEST_F(GivenSession, WhenServerFailsAtLogonThenNextRunTriesAgain) {
  script->on(kLogon, {{500, "", {}}, {200, "\"T\"", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::logon_failed);
  EXPECT_TRUE(read());
}
TEST_F(GivenSession, WhenAWebPageAnswersTheLogonThenNextRunTriesAgain) {
  script->on(kLogon, {{200, "<html>Corporate proxy</html>", {}}, {200, "\"T\"", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::bad_answer);
  EXPECT_TRUE(read());
}
TEST_F(GivenSession, WhenTheServerRepeatsSecretsThenTheyAreNotShown) {
  script->on(kUsers, {{400, R"({"ErrorCode":"X1","ErrorMessage":"bad header TOKEN1 of hunter2"})", {}}});
  EXPECT_EQ(text(read().error()).find("TOKEN1"), std::string::npos);
  EXPECT_EQ(text(read().error()).find("hunter2"), std::string::npos);
  EXPECT_NE(text(read().error()).find("bad header ***"), std::string::npos);
}
TEST_F(GivenSession, WhenErrorsAreShownThenNoSecretInThem) {
  script->on(kLogon, {{403, R"({"ErrorCode":"ITATS004E","ErrorMessage":"not hunter2"})", {}}});
  auto const words = text(read().error());
  EXPECT_EQ(words.find("hunter2"), std::string::npos);
  EXPECT_NE(words.find("svc"), std::string::npos);
}

class GivenSharedServices : public ScriptedVault {
 protected:
  static constexpr char kOneEmptyGroup[] =
      R"({"value":[{"id":57,"groupType":"Vault","groupName":"UnixAdmins"}],"count":1})";
  GivenSharedServices() {
    settings.method = AuthMethod::ispss;
    identity->on("POST ", {{200, R"({"access_token":"eyJ","expires_in":3600})", {}}});
    script->on("GET /API/Users?ExtendedDetails=true&pageOffset=0&pageSize=1000", {{200, users(), {}}});
  }
};

TEST_F(GivenSharedServices, WhenReadThenBearerTokenAndPagedUsers) {
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(script->count(kLogon), 0);
  EXPECT_EQ(script->sent.front().authorization, "Bearer eyJ");
}
TEST_F(GivenSharedServices, WhenNoVisibleGroupHasAMemberThenThePredefinedOnesShowThatMembersAreShown) {
  script->on(kGroups, {{200, kOneEmptyGroup, {}}});
  script->on(kGroupsWithPredefined, {{200, groups(with_members("")), {}}});
  auto const observed = read();
  ASSERT_TRUE(observed) << text(observed.error());
  EXPECT_EQ(observed->groups.size(), 2U);
  EXPECT_TRUE(observed->certificate.complete());
  script->on(kGroup, {{200, R"({"id":57,"groupType":"Vault","groupName":"UnixAdmins"})", {}}});
  script->on("GET /API/UserGroups?search=UnixAdmins&includeMembers=true", {{200, kOneEmptyGroup, {}}});
  auto const group = test::run(io, target().read_group("57", *observed));
  ASSERT_TRUE(group) << text(group.error());
  ASSERT_TRUE(*group);
  EXPECT_TRUE((*group)->users.empty());
}
TEST_F(GivenSharedServices, WhenNotEvenThoseHaveAMemberThenNotTakenForEmpty) {
  script->on(kGroups, {{200, kOneEmptyGroup, {}}});
  ScriptedAnswer const answers[] = {{200, kOneEmptyGroup, {}},
                                    {400, R"({"ErrorCode":"PASWS167E"})", {}},
                                    {0, "", HttpErrc::cut},
                                    {200, "<html>", {}}};
  for (auto const& answer : answers) {
    script->on(kGroupsWithPredefined, {answer});
    EXPECT_FALSE(read());
  }
}
TEST_F(GivenSharedServices, WhenTheVersionIsNotToldThenTakenForNew) {
  script->on(kVersion, {{404, "<html>", {}}});
  EXPECT_TRUE(read());
}
TEST_F(GivenSharedServices, WhenTheServerGivesTheFirstPageForEverThenIncomplete) {
  std::string thousand = R"({"Users":[)";
  for (int id = 1; id <= 1000; ++id)
    thousand += (id == 1 ? "" : ",") + (R"({"id":)" + std::to_string(id) + R"(,"username":"u)") +
                std::to_string(id) + "\"}";
  thousand += R"(],"Total":1000})";
  script->on("GET /API/Users?ExtendedDetails=true&pageOffset=0&pageSize=1000", {{200, thousand, {}}});
  script->on("GET /API/Users?ExtendedDetails=true&pageOffset=1000&pageSize=1000", {{200, thousand, {}}});
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, VaultErrc::incomplete_read);
  EXPECT_NE(observed.error().context.find("pageOffset"), std::string::npos);
}
TEST_F(GivenSharedServices, WhenPagesOfUsersNeverEndThenIncomplete) {
  for (int n = 0; n <= 10'001; ++n) {
    auto const id = std::to_string(n + 1);
    script->on(
        "GET /API/Users?ExtendedDetails=true&pageOffset=" + std::to_string(n) + "&pageSize=1000",
        {{200, R"({"Users":[{"id":)" + id + R"(,"username":"u)" + id + R"("}],"Total":1000000000})", {}}});
  }
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_NE(observed.error().context.find("10000"), std::string::npos) << observed.error().context;
}
TEST_F(GivenSharedServices, WhenPagesEndBeforeTheTotalThenIncomplete) {
  auto body = users();
  body.replace(body.find("\"Total\":2"), 9, "\"Total\":5");
  script->on("GET /API/Users?ExtendedDetails=true&pageOffset=0&pageSize=1000", {{200, body, {}}});
  script->on("GET /API/Users?ExtendedDetails=true&pageOffset=2&pageSize=1000",
             {{200, R"({"Users":[],"Total":5})", {}}});
  EXPECT_EQ(read().error().code, VaultErrc::incomplete_read);
}

}  // namespace
}  // namespace dirsync::vault
