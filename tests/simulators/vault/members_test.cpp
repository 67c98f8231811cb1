#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

class GivenGroupWithoutMembers : public VaultTest {
 protected:
  void SetUp() override {
    log_on();
    post("API/UserGroups/", R"({"groupName":"Unix"})");
    sim_->forget_calls();
  }
  Response add(std::string body, std::string_view group = "41") {
    return post("API/UserGroups/" + std::string{group} + "/Members/", std::move(body));
  }
  Response add_vault(std::string const& name) {
    return add(R"({"memberId":")" + name + R"(","memberType":"Vault"})");
  }
  Response add_domain(std::string const& name, std::string const& domain = "corp.example.com") {
    return add(R"({"memberId":")" + name + R"(","memberType":"Domain","domainName":")" + domain + R"("})");
  }
  Response remove(std::string_view name, std::string_view group = "41") {
    return del("API/UserGroups/" + std::string{group} + "/Members/" + percent_encode(name) + "/");
  }
};

TEST_F(GivenGroupWithoutMembers, WhenVaultUserIsAddedThenTheNameDecidesWhateverTheCase) {
  auto const added = add_vault("MJONES");
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(added.body, R"({"memberId":"MJONES","memberType":"Vault","domainName":""})");
  EXPECT_THAT(member_names("Unix"), ElementsAre("mjones"));
  EXPECT_EQ(sim_->counters().writes, 1);
  EXPECT_EQ(sim_->counters().changes, 1);
}

TEST_F(GivenGroupWithoutMembers, WhenAddedTwiceThenConflictAndNoChange) {
  add_vault("mjones");
  EXPECT_THAT(add_vault("mjones"), Refused(409, "PASWS213E"));
  set("already_member", "ITATS262E");
  auto const older = add_vault("mjones");
  EXPECT_THAT(older, Refused(409, "CAWS00001E"));
  EXPECT_THAT(older.body, HasSubstr("ITATS262E "));
  EXPECT_EQ(sim_->counters().changes, 1);
}

TEST_F(GivenGroupWithoutMembers, WhenMessagesAreInFrenchThenTheInnerCodeStays) {
  add_vault("mjones");
  set("already_member", "ITATS262E");
  set("language", "fr");
  EXPECT_THAT(add_vault("mjones").body, HasSubstr("ITATS262E Une erreur"));
  auto const invalid = object_of(add("{}"));
  auto const detail = invalid.at("Details").at(0).as_object();
  EXPECT_EQ(text_of(detail, "ErrorCode"), "PASWS011E");
  EXPECT_THAT(text_of(detail, "ErrorMessage"), HasSubstr("Une erreur"));
}

TEST_F(GivenGroupWithoutMembers, WhenBodyOrGroupIsWrongThenRefusedInTheServersOrder) {
  EXPECT_THAT(add("{"), Refused(400, "PASWS167E"));
  EXPECT_THAT(add("{}", "999"), Refused(404, "PASWS199E"));
  EXPECT_THAT(add("{}"), Refused(400, "PASWS167E"));
  EXPECT_THAT(add(R"({"memberId":36,"memberType":"Vault"})"), Refused(400, "PASWS167E"));
  EXPECT_THAT(add(R"({"memberId":"mjones","memberType":"User"})"), Refused(400, "PASWS167E"));
  EXPECT_THAT(add(R"({"memberId":"mjones","memberType":"Domain"})"), Refused(400, "PASWS167E"));
  EXPECT_THAT(add_vault("nobody"), Refused(404, "ITATS003E"));
  EXPECT_THAT(add_vault("36"), Refused(404, "ITATS003E"));  // ids are not names
  EXPECT_THAT(add_vault("Unix"), Refused(400, "PASWS167E"));
  EXPECT_THAT(add(R"({"memberId":"mjones"})", "30"), Refused(403, "PASWS041E"));
  EXPECT_EQ(add(R"({"memberID":"mjones","membertype":"vAULT"})").status, 201);
}

TEST_F(GivenGroupWithoutMembers, WhenDetailsAreAnObjectThenThereIsOne) {
  set("details", "object");
  EXPECT_TRUE(object_of(add("{}")).at("Details").is_object());
}

TEST_F(GivenGroupWithoutMembers, WhenDomainNameIsAlwaysWantedThenItsAbsenceIsNamed) {
  set("strict_domain_name", "on");
  auto const refused = add_vault("mjones");
  EXPECT_THAT(refused, Refused(400, "PASWS167E"));
  EXPECT_THAT(refused.body, HasSubstr("domainName"));
  EXPECT_EQ(add(R"({"memberId":"mjones","memberType":"Vault","domainName":""})").status, 201);
}

TEST_F(GivenGroupWithoutMembers, WhenAnswerShapeDiffersThenTheKnobDecides) {
  set("add_member_body", "id");
  EXPECT_EQ(add_vault("mjones").body, R"({"id":36,"memberType":"Vault"})");
  set("add_member_body", "empty");
  EXPECT_EQ(add_vault("viewer").body, "");
}

TEST_F(GivenGroupWithoutMembers, WhenGroupIsNestedThenItIsListedLikeAUser) {
  EXPECT_EQ(add_vault("CyberArk Auditors").status, 201);
  EXPECT_EQ(json::serialize(group_in_list("Unix").at("members")),
            R"([{"username":"CyberArk Auditors","id":34}])");
  set("nested_members", "hidden");
  EXPECT_THAT(member_names("Unix"), ElementsAre());
  EXPECT_EQ(remove("CyberArk Auditors").status, 204);
}

TEST_F(GivenGroupWithoutMembers, WhenDomainUserIsAddedThenTheyArriveInTheVault) {
  EXPECT_EQ(add_domain("jsmith").status, 201);
  EXPECT_THAT(member_names("Unix"), ElementsAre("jsmith"));
  auto const user = object_of(get("API/Users/42/"));
  EXPECT_EQ(text_of(user, "source"), "LDAP");
  EXPECT_EQ(text_of(user, "userDN"), "CN=John Smith,OU=People,DC=corp,DC=example,DC=com");
}

TEST_F(GivenGroupWithoutMembers, WhenPrincipalNameIsGivenThenTheOtherNamesakeConflicts) {
  EXPECT_EQ(add_domain("jsmith").status, 201);
  EXPECT_THAT(add_domain("jsmith2@corp.example.com"), Refused(409, "CAWS00001E"));
}

TEST_F(GivenGroupWithoutMembers, WhenDomainUserIsKnownByDnThenThatUserIsAdded) {
  edit({{"op", "update-user"},
        {"user", "mjones"},
        {"set", {{"userDN", "cn=mary jones, ou=people, dc=corp, dc=example, dc=com"}}}});
  EXPECT_EQ(add_domain("mjones", "CORP.example.com").status, 201);
  EXPECT_EQ(json::serialize(group_in_list("Unix").at("members")), R"([{"username":"mjones","id":36}])");
  EXPECT_THAT(add_domain("mjones"), Refused(409, "PASWS213E"));
}

TEST_F(GivenGroupWithoutMembers, WhenUserDnIsStaleThenTheNameIsTaken) {
  edit({{"op", "update-user"},
        {"user", "mjones"},
        {"set", {{"userDN", "CN=Mary Old,DC=corp,DC=example,DC=com"}}}});
  EXPECT_THAT(add_domain("mjones"), Refused(409, "CAWS00001E"));
}

TEST_F(GivenGroupWithoutMembers, WhenDomainLookUpFailsThenEachReasonHasItsAnswer) {
  EXPECT_THAT(add_domain("jsmith", "other.example.com"), Refused(404, "PASWS161E"));
  EXPECT_THAT(add_domain("nobody"), Refused(404, "CAWS00001E"));
  auto const unmapped = add_domain("guest");
  EXPECT_THAT(unmapped, Refused(403, "CAWS00001E"));
  EXPECT_THAT(unmapped.body, HasSubstr(R"("ErrorMessage":"")"));
  EXPECT_THAT(add_domain("leaver"), Refused(403, "CAWS00001E"));
  set("ldap_down", "on");
  EXPECT_THAT(add_domain("jsmith"), Refused(500, "CAWS00001E"));
  set("domain_members", "off");
  EXPECT_THAT(add_domain("jsmith"), Refused(400, "PASWS167E"));
  EXPECT_EQ(sim_->counters().changes, 0);
}

TEST_F(GivenGroupWithoutMembers, WhenNamingRuleIsSetThenTheVaultsNameDiffers) {
  auto state = default_state();
  auto& directory = state.at("directories").as_array().at(1).as_object();
  directory["naming"] = "user@domain";
  use("pam-12.2", {}, state);
  SetUp();
  EXPECT_EQ(add_domain("jsmith").status, 201);
  EXPECT_THAT(member_names("Unix"), ElementsAre("jsmith@corp.example.com"));
  EXPECT_EQ(remove("jsmith@corp.example.com").status, 204);

  directory["naming"] = "prefix";
  directory["prefix"] = "CORP\\";
  use("pam-12.2", {}, state);
  SetUp();
  EXPECT_EQ(add_domain("jsmith").status, 201);
  EXPECT_THAT(member_names("Unix"), ElementsAre("CORP\\jsmith"));
  EXPECT_EQ(del("API/UserGroups/41/Members/CORP%5Cjsmith/").status, 204);
}

TEST_F(GivenGroupWithoutMembers, WhenMappingNamesGroupsThenTheyDecideAndReceive) {
  auto state = default_state();
  auto& mapping = state.at("directories").as_array().at(1).at("mappings").as_array().at(0).as_object();
  mapping["DomainGroups"] = {"pam-unix"};
  mapping["VaultGroups"] = {"PVWAUsers"};
  mapping["Location"] = "\\Company";
  state.at("users").as_array().erase(state.at("users").as_array().end() - 2);  // mjones
  use("pam-12.2", {}, state);
  SetUp();
  EXPECT_THAT(add_domain("jsmith"), Refused(403, "CAWS00001E"));
  EXPECT_EQ(add_domain("mjones").status, 201);
  EXPECT_THAT(member_names("PVWAUsers"), ElementsAre("mjones"));
  EXPECT_EQ(text_of(object_of(get("API/Users/42/")), "location"), "\\Company");
}

TEST_F(GivenGroupWithoutMembers, WhenDomainGroupIsAddedThenLdapDecidesItsMembers) {
  EXPECT_EQ(add_domain("pam-unix").status, 201);
  auto const group = group_in_list("pam-unix");
  EXPECT_EQ(text_of(group, "groupType"), "Directory");
  EXPECT_EQ(json::serialize(group.at("members")), R"([{"username":"mjones","id":36}])");
  EXPECT_THAT(member_names("Unix"), ElementsAre("pam-unix"));
}

TEST_F(GivenGroupWithoutMembers, WhenRemovedThenGoneAndASecondTimeItIsAnError) {
  add_vault("local.operator");
  EXPECT_EQ(remove("LOCAL.operator").status, 204);
  EXPECT_THAT(member_names("Unix"), ElementsAre());
  EXPECT_THAT(remove("local.operator"), Refused(404, "CAWS00001E"));
  EXPECT_THAT(remove("nobody"), Refused(404, "ITATS003E"));
  EXPECT_THAT(remove("28"), Refused(404, "ITATS003E"));
  EXPECT_THAT(remove("mjones", "999"), Refused(404, "PASWS199E"));
  EXPECT_THAT(remove("mjones", "30"), Refused(403, "PASWS041E"));
  set("not_member_status", "409");
  EXPECT_THAT(remove("local.operator"), Refused(409, "CAWS00001E"));
  set("not_member_status", "204");
  EXPECT_EQ(remove("local.operator").status, 204);
  EXPECT_EQ(sim_->counters().changes, 2);
}

TEST_F(GivenGroupWithoutMembers, WhenALogonNameIsGivenThenItsFormMustBeTheServers) {
  struct Case {
    std::string form;
    std::vector<std::string> accepted, refused;
  };
  std::string const plain = "jsmith", upn = "jsmith@corp.example.com", down_level = R"(CORP\\jsmith)";
  for (auto const& [form, accepted, refused] :
       {Case{"plain_or_upn", {plain, upn}, {down_level}}, Case{"plain", {plain}, {upn, down_level}},
        Case{"upn", {upn}, {plain, down_level}}, Case{"down_level", {down_level}, {plain, upn}}}) {
    use("pam-12.2", {{"domain_member_id", form}});
    SetUp();
    for (auto const& name : refused)
      EXPECT_THAT(add_domain(name), Refused(404, "CAWS00001E")) << form << name;
    for (auto const& name : accepted) {
      EXPECT_EQ(add_domain(name).status, 201) << form << name;
      EXPECT_EQ(remove("jsmith").status, 204);
    }
  }
}

TEST_F(GivenGroupWithoutMembers, WhenKnownPeopleMustComeAsVaultUsersThenADomainAddConflicts) {
  set("known_domain_member", "conflict");
  EXPECT_THAT(add_domain("mjones"), Refused(409, "CAWS00001E"));
  EXPECT_EQ(add_domain("jsmith").status, 201);
  EXPECT_THAT(add_domain("jsmith"), Refused(409, "CAWS00001E"));
  EXPECT_EQ(add_domain("pam-unix").status, 201);
  EXPECT_THAT(add_domain("pam-unix"), Refused(409, "CAWS00001E"));
}

TEST_F(GivenGroupWithoutMembers, WhenLdapIsNotAskedAtEachReadThenADirectoryGroupKeepsItsOwnMembers) {
  EXPECT_EQ(add_domain("pam-unix").status, 201);
  set("directory_members", "stored");
  EXPECT_THAT(member_names("pam-unix"), ElementsAre());
  edit({{"op", "add-member"}, {"group", "pam-unix"}, {"member", "viewer"}});
  EXPECT_THAT(member_names("pam-unix"), ElementsAre("viewer"));
}

TEST_F(GivenGroupWithoutMembers, WhenADirectoryGroupIsEditedThenTheKnobDecidesTheRefusal) {
  EXPECT_THAT(remove("mjones", "30"), Refused(403, "PASWS041E"));
  set("directory_group_status", "400");
  EXPECT_THAT(remove("mjones", "30"), Refused(400, "PASWS167E"));
  EXPECT_THAT(add(R"({"memberId":"mjones","memberType":"Vault"})", "30"), Refused(400, "PASWS167E"));
  EXPECT_THAT(put("API/UserGroups/30/", R"({"groupName":"x"})"), Refused(400, "PASWS167E"));
}

TEST_F(GivenGroupWithoutMembers, WhenSomebodyElseActsThenTheListsFollow) {
  edit({{"op", "add-member"}, {"group", "Unix"}, {"member", 36}});
  edit({{"op", "add-stray-member"}, {"group", 41}, {"id", 999}, {"username", "Auditors"}});
  EXPECT_THAT(member_names("Unix"), ElementsAre("mjones", "Auditors"));
  edit({{"op", "remove-member"}, {"group", "Unix"}, {"member", "mjones"}});
  edit({{"op", "rename-group"}, {"group", "Unix"}, {"name", "Linux"}});
  EXPECT_THAT(member_names("Linux"), ElementsAre("Auditors"));
  edit({{"op", "recreate-group"}, {"group", "Linux"}});
  EXPECT_EQ(number_of(group_in_list("Linux"), "id"), 42);
  edit({{"op", "delete-group"}, {"group", "Linux"}});
  EXPECT_TRUE(group_in_list("Linux").empty());
  edit({{"op", "delete-user"}, {"user", "Administrator"}});
  EXPECT_THAT(member_names("Vault Admins"), ElementsAre());
  EXPECT_EQ(sim_->counters().writes, 0);
}

TEST_F(GivenGroupWithoutMembers, WhenEditIsWrongThenItSaysWhy) {
  EXPECT_EQ(sim_->edit(json::object{{"op", "fly"}}), "no such op: fly");
  EXPECT_EQ(sim_->edit(json::object{{"op", "add-member"}, {"group", "none"}}), "add-member: no such group");
  EXPECT_EQ(sim_->edit(json::object{{"op", "set"}, {"knobs", {{"x", "y"}}}}), "set: no such knob: x");
}

TEST_F(GivenGroupWithoutMembers, WhenTokenIsRevokedAtACallThenThatCallIsUnauthorized) {
  ASSERT_FALSE(
      sim_->replace_faults(json::parse(R"([{"route":"add-member","nth":2,"do":{"op":"revoke-tokens"}}])")));
  EXPECT_EQ(add_vault("mjones").status, 201);
  EXPECT_EQ(add_vault("viewer").status, 401);
}

TEST_F(GivenGroupWithoutMembers, WhenAnswerIsLostThenTheMemberIsThere) {
  ASSERT_FALSE(sim_->replace_faults(json::parse(R"([{"route":"add-member","drop":true}])")));
  EXPECT_TRUE(add_vault("mjones").drop);
  EXPECT_THAT(member_names("Unix"), ElementsAre("mjones"));
}
}  // namespace
}  // namespace dirsync::sim::vault
