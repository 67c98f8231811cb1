#include "tests/unit/vault/target_fixture.hpp"

namespace dirsync::vault {
namespace {

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
TEST_F(GivenPersonToProvision, WhenVaultTookANamesakeThenThatOneIsToBeTakenOut) {
  group_before_and_after("", member(41, "jdoe"));
  auto const applied = apply_after_read(provision());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_TRUE(applied.take_back);
  ASSERT_EQ(applied.strangers.size(), 1U);
  EXPECT_EQ(applied.strangers[0].id, "41");
  EXPECT_EQ(applied.strangers[0].name, "jdoe");
  EXPECT_EQ(applied.strangers[0].dn, "CN=John Doe,OU=Other,DC=x");
}
TEST_F(GivenPersonToProvision, WhenTheAnswerIsLostAndANamesakeAppearedThenToldAndNotTakenOut) {
  script->on(kAdd, {{0, "", HttpErrc::timed_out}});
  group_before_and_after("", member(41, "jdoe"));
  auto const applied = apply_after_read(provision());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_FALSE(applied.take_back);
  EXPECT_EQ(applied.strangers.size(), 1U);
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
TEST_F(GivenPersonToProvision, WhenAskedBeforehandThenTheVaultsOwnDirectoriesAreNamedOrWhyItDoesNotTell) {
  auto const ask = [this] { return test::run(io, target().ask_mapping("corp.example.com")); };
  script->on(kDirectories, {{200, R"([{"DomainName":"CORP.example.com"}])", {}}});
  EXPECT_TRUE(read());
  EXPECT_TRUE(ask().is_told);
  EXPECT_EQ(ask().text, "");
  EXPECT_EQ(script->count(kDirectories), 1) << "once a read";
  script->on(kDirectories, {{200, R"([{"DomainName":"lab.example.com"}])", {}}});
  EXPECT_TRUE(read());
  EXPECT_TRUE(ask().is_told);
  EXPECT_NE(ask().text.find("no directory mapping corp.example.com, only: lab.example.com"),
            std::string::npos);
  script->on(kDirectories, {{403, R"({"ErrorCode":"PASWS041E"})", {}}});
  EXPECT_TRUE(read());
  EXPECT_FALSE(ask().is_told);
  EXPECT_NE(ask().text.find("for members of Vault Admins, answers with status 403"), std::string::npos);
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
TEST_F(GivenGroupToNest, WhenVaultTookAnotherGroupThenThatOneIsToBeTakenOut) {
  members_before_and_after("", member(35, "LDAP other"));
  auto const applied = apply_after_read(nest());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_TRUE(applied.take_back);
  ASSERT_EQ(applied.strangers.size(), 1U);
  EXPECT_EQ(applied.strangers[0].name, "LDAP other");
  EXPECT_EQ(applied.strangers[0].id, "group:35");
}
TEST_F(GivenGroupToNest, WhenVaultTookAPersonOfThatNameThenToBeTakenOutWhateverTheDn) {
  members_before_and_after("", member(26, "jsmith"));
  auto const applied = apply_after_read(nest());
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_TRUE(applied.take_back);
  ASSERT_EQ(applied.strangers.size(), 1U);
  EXPECT_EQ(applied.strangers[0].id, "26");
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
