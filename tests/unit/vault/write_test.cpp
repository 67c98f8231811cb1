#include "tests/unit/vault/target_fixture.hpp"

namespace dirsync::vault {
namespace {

class GivenMembershipChange : public ScriptedVault {
 protected:
  static ScriptedAnswer with_john() { return {200, with_members(member(26, "jsmith")), {}}; }
  static ScriptedAnswer without_john() { return {200, with_members(""), {}}; }
};

TEST_F(GivenMembershipChange, WhenAddedThenDoneWhateverTheBody) {
  for (auto const& body :
       {std::string{}, std::string{R"({"id":42,"memberType":"Vault"})"}, std::string{"<>"}}) {
    script->on(kAdd, {{201, body, {}}});
    EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
    EXPECT_EQ(script->sent.size(), 1U);
  }
}
TEST_F(GivenMembershipChange, WhenAlreadyMemberThenAlready) {
  for (auto const* body :
       {R"({"ErrorCode":"PASWS213E","ErrorMessage":"x"})",
        R"({"ErrorCode":"CAWS00001E","ErrorMessage":"ITATS262E d\u00e9j\u00e0 membre"})"}) {
    script->on(kAdd, {{409, body, {}}});
    EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::already);
  }
}
TEST_F(GivenMembershipChange, WhenAnotherConflictThenFailed) {
  script->on(kAdd, {{409, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"x"})", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::failed);
}
TEST_F(GivenMembershipChange, WhenAnswerIsLostAndLookShowsItThenDoneWithoutSecondSending) {
  script->on(kAdd, {{0, "", HttpErrc::cut}});
  script->on(kGroup, {with_john()});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_EQ(script->count(kAdd), 1);
}
TEST_F(GivenMembershipChange, WhenAnswerIsLostAndLookShowsNothingThenSentOnceMore) {
  script->on(kAdd, {{0, "", HttpErrc::timed_out}, {201, "", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_EQ(script->count(kAdd), 2);
}
TEST_F(GivenMembershipChange, WhenTwoAnswersAreLostAndNothingWasDoneThenFailed) {
  script->on(kAdd, {{503, "<html>", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kAdd), 2);
}
TEST_F(GivenMembershipChange, WhenAnswerIsLostAndLookFailsThenUnknown) {
  script->on(kAdd, {{0, "", HttpErrc::cut}});
  script->on(kGroup, {{0, "", HttpErrc::cut}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::unknown);
  EXPECT_EQ(script->count(kAdd), 1);
}
TEST_F(GivenMembershipChange, WhenServerCannotBeReachedThenFailedAndTargetIsDown) {
  script->on(kAdd, {{0, "", HttpErrc::connect_failed}});
  auto const applied = apply_after_read(change(Verb::add));
  EXPECT_EQ(applied.outcome, Outcome::failed);
  ASSERT_TRUE(applied.target_down);
  EXPECT_EQ(applied.target_down->code, HttpErrc::connect_failed);
  EXPECT_EQ(script->count(kGroup), 0);
}
TEST_F(GivenMembershipChange, WhenAskedToWaitTooLongThenTargetIsDown) {
  script->on(kAdd, {{0, "", HttpErrc::retry_after_too_long}});
  EXPECT_TRUE(apply_after_read(change(Verb::add)).target_down);
}
TEST_F(GivenMembershipChange, WhenCancelledThenUnknownAndNothingElseIsSent) {
  script->on(kAdd, {{0, "", HttpErrc::cancelled}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::unknown);
  EXPECT_EQ(script->sent.size(), 1U);
}
TEST_F(GivenMembershipChange, WhenForbiddenThriceInARowThenTargetIsDown) {
  script->on(kAdd, {{403, R"({"ErrorCode":"PASWS041E","ErrorMessage":"no"})", {}}});
  EXPECT_FALSE(apply_after_read(change(Verb::add)).target_down);
  EXPECT_FALSE(apply(change(Verb::add)).target_down);
  EXPECT_TRUE(apply(change(Verb::add)).target_down);
}
TEST_F(GivenMembershipChange, WhenServerInsistsOnDomainNameThenAnEmptyOneIsSent) {
  script->on(kAdd,
             {{400, R"({"ErrorCode":"PASWS167E","Details":[{"ErrorMessage":"domainName is required"}]})", {}},
              {201, "", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
  EXPECT_NE(script->sent.back().body.find(R"("domainName":"")"), std::string::npos);
}
TEST_F(GivenMembershipChange, WhenTheBackEndOfTheCloudStumblesThenLookedUpAndSentOnceMore) {
  for (auto const* code : {"ITADM111E", "SRAPIE0006"}) {
    script->on(kAdd, {{400, R"({"ErrorCode":")" + std::string{code} + "\"}", {}}, {201, "", {}}});
    script->on(kGroup, {without_john()});
    EXPECT_EQ(apply_after_read(change(Verb::add)).outcome, Outcome::done);
    EXPECT_EQ(script->count(kAdd), 2);
  }
}
TEST_F(GivenMembershipChange, WhenANewRunBeginsThenTheVerbIsTriedAgain) {
  script->on(kRemove, {{405, "<html>", {}}, {204, "", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::failed);
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::done);
}
TEST_F(GivenMembershipChange, WhenTheBuiltInAdministratorIsRefusedThenAUserOfItsOwnIsAdvised) {
  script->on(kAdd, {{403, R"({"ErrorCode":"PASWS291E","ErrorMessage":"no"})", {}}});
  EXPECT_NE(apply_after_read(change(Verb::add)).detail.find("a user of its own"), std::string::npos);
}
TEST_F(GivenMembershipChange, WhenRemovedThenDone) {
  for (auto const status : {200, 204}) {
    script->on(kRemove, {{status, "", {}}});
    EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::done);
  }
}
TEST_F(GivenMembershipChange, WhenNotFoundAndLookAgreesThenAlreadyGone) {
  script->on(kRemove, {{404, R"({"ErrorCode":"ITATS003E","ErrorMessage":"x"})", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::already);
}
TEST_F(GivenMembershipChange, WhenNotFoundButStillMemberThenFailed) {
  script->on(kRemove, {{404, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"x"})", {}}});
  script->on(kGroup, {with_john()});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kRemove), 1);
}
TEST_F(GivenMembershipChange, WhenWebServerHasNoSuchPageThenFailedAndNotTakenForGone) {
  script->on(kRemove, {{404, "<html>404</html>", {}}});
  script->on(kGroup, {without_john()});
  EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::failed);
}
TEST_F(GivenMembershipChange, WhenTheMembersCannotBeReadThenTheRemovalIsNotTakenForDone) {
  for (auto const* members : {R"([{"id":26}])", R"({"id":26,"username":"jsmith"})", R"("jsmith")"}) {
    script->on(kRemove, {{0, "", HttpErrc::cut}});
    auto body = with_members("");
    script->on(kGroup, {{200, body.replace(body.find("[]"), 2, members), {}}});
    EXPECT_EQ(apply_after_read(change(Verb::remove)).outcome, Outcome::unknown) << members;
    EXPECT_FALSE(test::run(io, target().read_group("57", {})));
  }
}
TEST_F(GivenMembershipChange, WhenNameCannotStandInPathThenNotSentAndRemedyIsNamed) {
  auto removal = change(Verb::remove);
  removal.principal = "a+b";
  auto const applied = apply_after_read(removal);
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("by hand"), std::string::npos);
  EXPECT_TRUE(script->sent.empty());
}
TEST_F(GivenMembershipChange, WhenVerbIsNotAllowedThenNotTriedAgain) {
  script->on(kRemove, {{405, "<html>", {}}});
  auto const first = apply_after_read(change(Verb::remove));
  EXPECT_EQ(first.outcome, Outcome::failed);
  EXPECT_NE(first.detail.find("WebDAV"), std::string::npos);
  EXPECT_EQ(apply(change(Verb::remove)).outcome, Outcome::skipped);
  EXPECT_EQ(script->count(kRemove), 1);
}

class GivenGroupChange : public ScriptedVault {
 protected:
  static constexpr char kCreate[] = "POST /API/UserGroups/";
  static constexpr char kThis[] = "/API/UserGroups/57/";
};

TEST_F(GivenGroupChange, WhenCreatedThenIdIsKept) {
  script->on(kCreate, {{201, R"({"id":57,"groupName":"UnixAdmins"})", {}}});
  auto const applied = apply_after_read(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::done);
  EXPECT_EQ(applied.group_id, "57");
}
TEST_F(GivenGroupChange, WhenAnswerLacksIdThenItIsLookedUp) {
  script->on(kCreate, {{201, "{}", {}}});
  auto const applied = apply_after_read(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::done);
  EXPECT_EQ(applied.group_id, "57");
}
TEST_F(GivenGroupChange, WhenAnswerIsLostAndGroupIsThereThenDone) {
  script->on(kCreate, {{0, "", HttpErrc::cut}});
  auto const applied = apply_after_read(change(Verb::create_group));
  EXPECT_EQ(applied.outcome, Outcome::done);
  EXPECT_EQ(applied.group_id, "57");
  EXPECT_EQ(script->count(kCreate), 1);
}
TEST_F(GivenGroupChange, WhenNameIsTakenThenFailedAndNotTakenOver) {
  script->on(kCreate, {{409, R"({"ErrorCode":"CAWS00001E","ErrorMessage":"exists"})", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::create_group)).outcome, Outcome::failed);
}
TEST_F(GivenGroupChange, WhenNameIsUnfitThenNotSent) {
  auto creation = change(Verb::create_group);
  creation.group = "a/b";
  EXPECT_EQ(apply_after_read(creation).outcome, Outcome::failed);
  EXPECT_TRUE(script->sent.empty());
}
TEST_F(GivenGroupChange, WhenRenamedThenNameIsSent) {
  script->on(std::string{"PUT "} + kThis, {{200, "{}", {}}});
  auto rename = change(Verb::rename_group);
  rename.new_name = "LinuxAdmins";
  auto renamed = with_members("");
  renamed.replace(renamed.find("UnixAdmins"), 10, "LinuxAdmins");
  script->on(kGroup, {{200, renamed, {}}});
  EXPECT_EQ(apply_after_read(rename).outcome, Outcome::done);
  EXPECT_EQ(script->sent.front().body, R"({"groupName":"LinuxAdmins"})");
}
TEST_F(GivenGroupChange, WhenTheNewNameIsTakenButNotKeptThenFailed) {
  script->on(std::string{"PUT "} + kThis, {{200, "{}", {}}});
  auto rename = change(Verb::rename_group);
  rename.new_name = "LinuxAdmins";
  auto const applied = apply_after_read(rename);
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("old name"), std::string::npos) << applied.detail;
}
TEST_F(GivenGroupChange, WhenSomebodyIsInTheGroupAgainThenNotDeleted) {
  script->on(kGroup, {{200, with_members(member(99, "newcomer")), {}}});
  auto const applied = apply_after_read(change(Verb::delete_group));
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("newcomer"), std::string::npos);
  EXPECT_EQ(script->count(std::string{"DELETE "} + kThis), 0);
}
TEST_F(GivenGroupChange, WhenItCannotBeSeenThenNotDeleted) {
  script->on(kGroup, {{0, "", HttpErrc::cut}});
  EXPECT_EQ(apply_after_read(change(Verb::delete_group)).outcome, Outcome::failed);
  EXPECT_EQ(script->count(std::string{"DELETE "} + kThis), 0);
}
TEST_F(GivenGroupChange, WhenDeletedThenDoneOrAlreadyGone) {
  script->on(std::string{"DELETE "} + kThis, {{204, "", {}}, {404, R"({"ErrorCode":"PASWS199E"})", {}}});
  EXPECT_EQ(apply_after_read(change(Verb::delete_group)).outcome, Outcome::done);
  EXPECT_EQ(apply(change(Verb::delete_group)).outcome, Outcome::already);
}

class GivenGroupLook : public ScriptedVault {
 protected:
  static constexpr char kSearch[] = "GET /API/UserGroups?search=UnixAdmins&includeMembers=true";
  Result<std::optional<TargetGroup>> look() {
    auto const observed = read();
    EXPECT_TRUE(observed);
    return test::run(io, target().read_group("57", *observed));
  }
};

TEST_F(GivenGroupLook, WhenThereThenMembersAreClassified) {
  script->on(kGroup, {{200, with_members(member(26, "jsmith") + "," + member(11, "Vault Admins")), {}}});
  auto const group = look();
  ASSERT_TRUE(group && *group);
  EXPECT_EQ((*group)->users, (std::vector<std::uint32_t>{1}));
  ASSERT_EQ((*group)->others.size(), 1U);
  EXPECT_EQ((*group)->others[0].kind, OtherMember::Kind::group);
}
TEST_F(GivenGroupLook, WhenServerSaysThereIsNoneThenNothing) {
  script->on(kGroup, {{404, R"({"ErrorCode":"PASWS199E","ErrorMessage":"x"})", {}}});
  auto const group = look();
  ASSERT_TRUE(group);
  EXPECT_FALSE(*group);
}
TEST_F(GivenGroupLook, WhenNotFoundForAnotherReasonThenTheListDecides) {
  script->on(kGroup, {{404, "<html>", {}}});
  script->on(kSearch, {{200, R"({"value":[],"count":0})", {}}});
  auto const group = look();
  ASSERT_TRUE(group) << text(group.error());
  EXPECT_TRUE(*group);
}
TEST_F(GivenGroupLook, WhenServerIsTooOldForItThenSearchIsUsed) {
  version("12.2.0");
  script->on(kSearch, {{200, R"({"value":[)" + with_members(member(26, "jsmith")) + R"(],"count":1})", {}}});
  auto const group = look();
  ASSERT_TRUE(group && *group);
  EXPECT_EQ((*group)->users.size(), 1U);
  EXPECT_EQ(script->count(kGroup), 0);
  EXPECT_EQ(script->count(kGroups), 1);
}

TEST_F(GivenGroupLook, WhenMembersAreNotTheLeastMentionedThenTheListDecides) {
  auto without = with_members("");
  without.replace(without.find(R"(,"members":[])"), 13, "");
  script->on(kGroup, {{200, without, {}}});
  auto const only_this = R"({"value":[)" + without + R"(],"count":1})";
  script->on(kSearch, {{200, only_this, {}}});
  auto const group = look();
  ASSERT_TRUE(group && *group);
  EXPECT_TRUE((*group)->users.empty());
  EXPECT_EQ(script->count(kGroups), 2);
  // A server that stopped to give members leaves the question open.
  script->on(kGroups, {{200, only_this, {}}});
  auto const nobody_has_members = test::run(io, target().read_group("57", {}));
  ASSERT_FALSE(nobody_has_members);
  EXPECT_EQ(nobody_has_members.error().code, VaultErrc::incomplete_read);
}

class GivenPersonToProvision : public ScriptedVault {
 protected:
  static constexpr char kDirectories[] = "GET /API/Configuration/LDAP/Directories/";
  GivenPersonToProvision() {
    script->on(kAdd, {{201, "", {}}});
    user(40, "jdoe@corp", "cn=jane doe, dc=X");
    user(41, "jdoe", "CN=John Doe,OU=Other,DC=x");
  }
  void user(int id, std::string const& name, std::string const& dn) {
    script->on("GET /API/Users/" + std::to_string(id) + "/",
               {{200,
                 R"({"id":)" + std::to_string(id) + R"(,"username":")" + name +
                     R"(","source":"LDAP","userDN":")" + dn + "\"}",
                 {}}});
  }
  void group_before_and_after(std::string const& before, std::string const& after) {
    script->on(kGroup, {{200, with_members(before), {}}, {200, with_members(after), {}}});
  }
  static Change provision() {
    auto made = change(Verb::add);
    made.principal = "jdoe";
    made.domain = "corp.example.com";
    made.dn = "CN=Jane Doe,DC=x";
    return made;
  }
};

TEST_F(GivenPersonToProvision, WhenVaultTookThatEntryThenDoneWithItsName) {
  group_before_and_after("", member(40, "jdoe@corp"));
  auto const applied = apply_after_read(provision());
  EXPECT_EQ(applied.outcome, Outcome::done) << applied.detail;
  EXPECT_EQ(applied.detail, "provisioned jdoe@corp");
  EXPECT_EQ(applied.principal, "jdoe@corp");
  EXPECT_EQ(applied.principal_id, "40");
}
TEST_F(GivenPersonToProvision, WhenVaultTookANamesakeThenThatOneIsTakenOut) {
  group_before_and_after("", member(41, "jdoe"));
  script->on("DELETE /API/UserGroups/57/Members/jdoe/", {{204, "", {}}});
  auto const applied = apply_after_read(provision());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("taken out again"), std::string::npos);
  EXPECT_EQ(script->count("DELETE /API/UserGroups/57/Members/jdoe/"), 1);
}
TEST_F(GivenPersonToProvision, WhenSomebodyElseAppearedMeanwhileThenKeptAndNamed) {
  user(42, "bob", "CN=Bob,DC=x");
  group_before_and_after("", member(42, "bob"));
  auto const another = apply_after_read(provision());
  EXPECT_EQ(another.outcome, Outcome::failed);
  EXPECT_NE(another.detail.find("such as bob"), std::string::npos) << another.detail;
  // The Vault does not tell who 99 is, so it may be the one that this call added.
  script->on("GET /API/Users/99/", {{404, R"({"ErrorCode":"ITATS003E"})", {}}});
  group_before_and_after("", member(41, "jdoe") + "," + member(99, "ghost"));
  EXPECT_EQ(apply(provision()).outcome, Outcome::failed);
  // Nor is it clear after a lost answer.
  script->on(kAdd, {{0, "", HttpErrc::timed_out}});
  group_before_and_after("", member(41, "jdoe"));
  EXPECT_NE(apply(provision()).detail.find("such as jdoe"), std::string::npos);
  EXPECT_TRUE(
      std::ranges::none_of(script->sent, [](auto const& sent) { return sent.call.starts_with("DEL"); }));
}
TEST_F(GivenPersonToProvision, WhenOnPrivilegeCloudThenNothingIsSent) {
  settings.method = AuthMethod::ispss;
  identity->on("POST ", {{200, R"({"access_token":"eyJ"})", {}}});
  script->on("GET /API/Users?ExtendedDetails=true&pageOffset=0&pageSize=1000", {{200, users(), {}}});
  auto const applied = apply_after_read(provision());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("Privilege Cloud"), std::string::npos);
  EXPECT_TRUE(script->sent.empty());
  EXPECT_NE(target().traits().no_provisioning, nullptr);
}
TEST_F(GivenPersonToProvision, WhenANamesakeWasAMemberBeforeThenKept) {
  group_before_and_after(member(41, "jdoe"), member(41, "jdoe"));
  EXPECT_EQ(apply_after_read(provision()).outcome, Outcome::failed);
  EXPECT_EQ(script->count("DELETE /API/UserGroups/57/Members/jdoe/"), 0);
}
TEST_F(GivenPersonToProvision, WhenAlreadyMemberThenItsDnDecides) {
  script->on(kAdd, {{409, R"({"ErrorCode":"PASWS213E"})", {}}});
  group_before_and_after(member(40, "jdoe@corp"), member(40, "jdoe@corp"));
  auto const applied = apply_after_read(provision());
  EXPECT_EQ(applied.outcome, Outcome::already);
  EXPECT_EQ(applied.principal, "jdoe@corp");
}
TEST_F(GivenPersonToProvision, WhenAnswerIsLostThenLookDecides) {
  script->on(kAdd, {{0, "", HttpErrc::timed_out}});
  group_before_and_after("", member(40, "jdoe@corp"));
  EXPECT_EQ(apply_after_read(provision()).outcome, Outcome::done);
  EXPECT_EQ(script->count(kAdd), 1);
}
TEST_F(GivenPersonToProvision, WhenRefusedThriceInARowThenNoMoreIsTried) {
  script->on(kAdd, {{403, R"({"ErrorCode":"CAWS00001E","ErrorMessage":""})", {}}});
  for (int i = 0; i < 3; ++i) {
    group_before_and_after("", "");
    EXPECT_EQ((i == 0 ? apply_after_read(provision()) : apply(provision())).outcome, Outcome::failed);
  }
  EXPECT_EQ(apply(provision()).outcome, Outcome::skipped);
  EXPECT_EQ(script->count(kAdd), 3);
  // Only provisioning ends, and only through that mapping: the target goes on.
  auto elsewhere = provision();
  elsewhere.domain = "lab.example.com";
  group_before_and_after("", "");
  EXPECT_EQ(apply(elsewhere).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kAdd), 4);
  EXPECT_FALSE(apply(change(Verb::add)).target_down);
}
TEST_F(GivenPersonToProvision, WhenTheVaultDoesNotKnowTheDirectoryThenNobodyIsSentAndItsOwnAreNamed) {
  script->on(kDirectories, {{200, R"([{"DomainName":"lab.example.com","DomainBaseContext":"DC=lab"}])", {}}});
  auto const applied = apply_after_read(provision());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("lab.example.com"), std::string::npos) << applied.detail;
  EXPECT_EQ(apply(provision()).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kDirectories), 1);
  EXPECT_EQ(script->count(kAdd), 0);
}
TEST_F(GivenPersonToProvision, WhenTheVaultKnowsTheDirectoryOrDoesNotTellThenProvisioned) {
  ScriptedAnswer const answers[] = {{200, R"([{"DomainName":"CORP.example.com"}])", {}},
                                    {200, "<html>", {}},
                                    {403, R"({"ErrorCode":"PASWS041E"})", {}},
                                    {404, "<html>", {}},
                                    {0, "", HttpErrc::timed_out}};
  for (auto const& answer : answers) {
    script->on(kDirectories, {answer});
    group_before_and_after("", member(40, "jdoe@corp"));
    EXPECT_EQ(apply_after_read(provision()).outcome, Outcome::done);
  }
}
TEST_F(GivenPersonToProvision, WhenRefusalsAreOfDifferentKindsThenEachPersonIsTried) {
  script->on(kAdd, {{403, R"({"ErrorCode":"CAWS00001E"})", {}},
                    {500, R"({"ErrorCode":"CAWS00001E"})", {}},
                    {403, R"({"ErrorCode":"CAWS00001E"})", {}},
                    {404, R"({"ErrorCode":"CAWS00001E"})", {}},
                    {403, R"({"ErrorCode":"CAWS00001E"})", {}}});
  group_before_and_after("", "");
  apply_after_read(provision());
  for (int i = 0; i < 4; ++i) EXPECT_EQ(apply(provision()).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kAdd), 5);
}
TEST_F(GivenPersonToProvision, WhenTheAnswerCannotBeTakenThenLookDecides) {
  for (auto const error : {HttpErrc::too_large, HttpErrc::bad_redirect, HttpErrc::cut}) {
    script->on(kAdd, {{0, "", error}});
    group_before_and_after("", member(40, "jdoe@corp"));
    EXPECT_EQ(apply_after_read(provision()).outcome, Outcome::done);
  }
}

/// The LDAP group "linux" is to be a member of 57; the Vault names Directory groups 34 and 35 alike.
class GivenGroupToNest : public ScriptedVault {
 protected:
  GivenGroupToNest() {
    script->on(kAdd, {{201, "", {}}});
    directory_group(34, "LDAP linux", "cn=Linux, ou=Groups,DC=x");
    directory_group(35, "LDAP other", "CN=Linux,OU=Other,DC=x");
    script->on("GET /API/UserGroups/26/?includeMembers=true", {{404, R"({"ErrorCode":"PASWS199E"})", {}}});
    script->on(
        "GET /API/Users/26/",
        {{200, R"({"id":26,"username":"jsmith","source":"LDAP","userDN":"CN=Linux,OU=Groups,DC=x"})", {}}});
  }
  void directory_group(int id, std::string const& name, std::string const& dn) {
    script->on("GET /API/UserGroups/" + std::to_string(id) + "/?includeMembers=true",
               {{200,
                 R"({"id":)" + std::to_string(id) + R"(,"groupType":"Directory","groupName":")" + name +
                     R"(","directory":"x","dn":")" + dn + R"(","members":[]})",
                 {}}});
  }
  void members_before_and_after(std::string const& before, std::string const& after) {
    script->on(kGroup, {{200, with_members(before), {}}, {200, with_members(after), {}}});
  }
  static Change nest() {
    auto made = change(Verb::add);
    made.principal = "linux";
    made.principal_id = kGroupPrincipal;
    made.domain = "corp.example.com";
    made.dn = "CN=Linux,OU=Groups,DC=x";
    return made;
  }
};

TEST_F(GivenGroupToNest, WhenVaultMadeItThenItsDnIsCheckedAndItsNameAndIdAreKept) {
  members_before_and_after("", member(34, "LDAP linux"));
  auto const applied = apply_after_read(nest());
  EXPECT_EQ(applied.outcome, Outcome::done) << applied.detail;
  EXPECT_EQ(applied.detail, "provisioned LDAP linux");
  EXPECT_EQ(applied.principal, "LDAP linux");
  EXPECT_EQ(applied.principal_id, "group:34");
}
TEST_F(GivenGroupToNest, WhenVaultTookAnotherGroupThenThatOneIsTakenOut) {
  members_before_and_after("", member(35, "LDAP other"));
  constexpr auto kTakeOut = "DELETE /API/UserGroups/57/Members/LDAP%20other/";
  script->on(kTakeOut, {{204, "", {}}});
  auto const applied = apply_after_read(nest());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_NE(applied.detail.find("taken out again"), std::string::npos) << applied.detail;
  EXPECT_EQ(script->count(kTakeOut), 1);
}
TEST_F(GivenGroupToNest, WhenVaultTookAPersonOfThatNameThenTakenOutWhateverTheDn) {
  members_before_and_after("", member(26, "jsmith"));
  script->on(kRemove, {{204, "", {}}});
  EXPECT_EQ(apply_after_read(nest()).outcome, Outcome::failed);
  EXPECT_EQ(script->count(kRemove), 1);
}
TEST_F(GivenGroupToNest, WhenAnswerIsLostThenALookAtTheMembersDnDecides) {
  script->on(kAdd, {{0, "", HttpErrc::timed_out}});
  members_before_and_after("", member(34, "LDAP linux"));
  EXPECT_EQ(apply_after_read(nest()).outcome, Outcome::done);
  members_before_and_after("", "");
  EXPECT_EQ(apply(nest()).outcome, Outcome::failed);
}
TEST_F(GivenGroupToNest, WhenTheNewMemberCannotBeLookedAtThenUnknown) {
  members_before_and_after("", member(34, "LDAP linux"));
  script->on("GET /API/UserGroups/34/?includeMembers=true", {{0, "", HttpErrc::cut}});
  EXPECT_EQ(apply_after_read(nest()).outcome, Outcome::unknown);
}
TEST_F(GivenGroupToNest, WhenTheVaultHasItThenAddedByItsNameAlone) {
  auto made = nest();
  made.principal = "LDAP linux";
  made.principal_id = group_principal_id("34");
  made.domain.clear();
  EXPECT_EQ(apply_after_read(made).outcome, Outcome::done);
  EXPECT_EQ(script->sent.back().body, R"({"memberId":"LDAP linux","memberType":"Vault"})");
}

}  // namespace
}  // namespace dirsync::vault
