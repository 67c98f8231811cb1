#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;
using testing::SizeIs;

class GivenUsers : public VaultTest {
 protected:
  void SetUp() override { log_on(); }
  void use_profile(std::string profile) {
    use(std::move(profile));
    log_on();
  }
  json::object list(std::string_view query) {
    auto const answer = get("API/Users?" + std::string{query});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return object_of(answer);
  }
  std::vector<std::string> names(std::string_view query) {
    std::vector<std::string> found;
    auto const all = list(query);
    for (auto const& user : all.at("Users").as_array())
      found.push_back(text_of(user.as_object(), "username"));
    return found;
  }
  json::object one(std::string_view name, std::string_view query) {
    auto const all = list(query);
    for (auto const& user : all.at("Users").as_array())
      if (text_of(user.as_object(), "username") == name) return user.as_object();
    return {};
  }
};

TEST_F(GivenUsers, WhenListedThenHiddenOnesAreNot) {
  auto const all = names("");
  EXPECT_THAT(all, SizeIs(18));
  EXPECT_THAT(all, Not(Contains("Master")));
  EXPECT_THAT(all, Not(Contains("Batch")));
  EXPECT_EQ(list("").at("Total").to_number<std::size_t>(), 18U);
}

TEST_F(GivenUsers, WhenDetailsAreNotAskedThenDnAndGroupsAreAbsent) {
  auto const user = one("mjones", "");
  EXPECT_FALSE(user.contains("userDN"));
  EXPECT_FALSE(user.contains("groupsMembership"));
  EXPECT_EQ(text_of(user, "source"), "LDAP");
}

TEST_F(GivenUsers, WhenDetailsAreAskedThenDnAndGroupsCome) {
  EXPECT_EQ(text_of(one("mjones", "ExtendedDetails=true"), "userDN"),
            "CN=Mary Jones,OU=People,DC=corp,DC=example,DC=com");
  auto const administrator = one("Administrator", "extendeddetails=True");
  EXPECT_FALSE(administrator.contains("userDN"));
  EXPECT_EQ(json::serialize(administrator.at("groupsMembership")),
            R"([{"groupID":11,"groupName":"Vault Admins","groupType":"Vault"}])");
  use_profile("pam-12.0");
  EXPECT_FALSE(one("mjones", "ExtendedDetails=true").contains("userDN"));
}

TEST_F(GivenUsers, WhenFilteredThenDirectAndExpressionFormsWork) {
  EXPECT_THAT(names("componentUser=true&userType=PVWA"), ElementsAre("PVWAAppUser", "PVWAGWUser"));
  EXPECT_THAT(names("filter=userType%20eq%20PSM%20AND%20componentUser%20eq%20true"),
              ElementsAre("PSMApp_A", "PSMGw_A"));
  EXPECT_THAT(names("userName=MJONES"), ElementsAre("mjones"));
  EXPECT_THAT(names("search=smith"), ElementsAre("bsmith@corp.example.com"));
  EXPECT_THAT(get("API/Users?filter=source%20eq%20LDAP"), Refused(400, "PASWS167E"));
}

TEST_F(GivenUsers, WhenVersionLacksAParameterThenItIsIgnored) {
  EXPECT_THAT(names("source=LDAP"), SizeIs(18));
  EXPECT_THAT(names("pageOffset=0&pageSize=3"), SizeIs(18));
  use_profile("pam-12.0");
  EXPECT_THAT(names("userName=mjones"), SizeIs(18));
  EXPECT_THAT(names("sort=nonsense"), SizeIs(18));
}

TEST_F(GivenUsers, WhenVersionHasThemThenStatusSourceAndPagesWork) {
  use_profile("pam-14.4");
  EXPECT_THAT(names("source=LDAP"), ElementsAre("mjones", "bsmith@corp.example.com"));
  edit({{"op", "update-user"}, {"user", "viewer"}, {"set", {{"suspended", true}}}});
  EXPECT_THAT(names("userStatus=Suspended"), ElementsAre("viewer"));
  EXPECT_THAT(names("pageOffset=16&pageSize=10&sort=username"), ElementsAre("svc-dirsync", "viewer"));
  EXPECT_EQ(list("pageOffset=16&pageSize=10").at("Total").to_number<std::size_t>(), 18U);
  set("users_total", "page");
  EXPECT_EQ(list("pageOffset=16&pageSize=10").at("Total").to_number<std::size_t>(), 2U);
  EXPECT_THAT(get("API/Users?pageOffset=-1"), Refused(400, "PASWS167E"));
  EXPECT_THAT(names("pageOffset=99&pageSize=10"), ElementsAre());
}

TEST_F(GivenUsers, WhenListIsAPlainArrayThenTheKnobSaidSo) {
  set("users_envelope", "array");
  EXPECT_TRUE(json::parse(get("API/Users").body).is_array());
}

TEST_F(GivenUsers, WhenOneIsReadThenMailAndGroupsCome) {
  auto const user = object_of(get("API/Users/36/"));
  EXPECT_EQ(text_of(user, "username"), "mjones");
  EXPECT_EQ(text_of(user.at("internet").as_object(), "businessEmail"), "mjones@corp.example.com");
  EXPECT_THAT(get("API/Users/999/"), Refused(404, "ITATS003E"));
  EXPECT_THAT(get("API/Users/3/"), Refused(404, "ITATS003E"));
  EXPECT_THAT(get("API/Users/mjones/"), Refused(400, "PASWS167E"));
}

class GivenDirectories : public VaultTest {};

TEST_F(GivenDirectories, WhenCallerIsNotVaultAdminThenForbidden) {
  log_on();
  EXPECT_THAT(get("API/Configuration/LDAP/Directories/"), Refused(403, "PASWS041E"));
}

TEST_F(GivenDirectories, WhenVaultAdminListsThenABareArrayComes) {
  log_on("Administrator", "Vault.Admin.1");
  EXPECT_EQ(get("API/Configuration/LDAP/Directories/").body,
            R"([{"DomainName":"MyDomain.corp.com","DomainBaseContext":"DC=MyDomain,DC=corp,DC=com"},)"
            R"({"DomainName":"corp.example.com","DomainBaseContext":"DC=corp,DC=example,DC=com"}])");
  set("ldap", "off");
  EXPECT_THAT(get("API/Configuration/LDAP/Directories/"), Page(404));
}

TEST_F(GivenDirectories, WhenOneIsReadThenTheTrailingSlashMatters) {
  log_on("Administrator", "Vault.Admin.1");
  EXPECT_THAT(get("API/Configuration/LDAP/Directories/corp.example.com"), Page(404));
  EXPECT_EQ(
      text_of(object_of(get("API/Configuration/LDAP/Directories/CORP.example.com/")), "DomainBaseContext"),
      "DC=corp,DC=example,DC=com");
  EXPECT_THAT(get("API/Configuration/LDAP/Directories/x.example.com/"), Refused(404, "PASWS161E"));
}

TEST_F(GivenDirectories, WhenMappingsAreReadThenTheRightToManageThemIsNeeded) {
  log_on("Administrator", "Vault.Admin.1");
  auto const path = std::string{"API/Configuration/LDAP/Directories/corp.example.com/Mappings/"};
  auto const all = json::parse(get(path).body).as_array();
  ASSERT_THAT(all, SizeIs(3));
  EXPECT_EQ(text_of(all.at(1).as_object(), "LDAPBranch"), "OU=Sales,DC=corp,DC=example,DC=com");
  EXPECT_EQ(json::parse(get(path + "31/").body), all.at(1));
  for (auto const* id : {"30/", "x/"}) EXPECT_THAT(get(path + id), Refused(404, "PASWS197E"));
  for (auto const* of : {"", "29/"})
    EXPECT_THAT(get("API/Configuration/LDAP/Directories/none/Mappings/" + std::string{of}),
                Refused(404, "PASWS161E"));
  edit({{"op", "update-user"},
        {"user", "Administrator"},
        {"set", {{"vaultAuthorization", json::array{"AuditUsers"}}}}});
  EXPECT_THAT(get(path), Refused(403, "PASWS041E"));
  EXPECT_THAT(get(path + "29/"), Refused(403, "PASWS041E"));
}

class GivenState : public VaultTest {};

TEST_F(GivenState, WhenDumpedAndLoadedThenItIsTheSame) {
  log_on();
  post("API/UserGroups/", R"({"groupName":"Unix"})");
  edit({{"op", "add-stray-member"}, {"group", "Unix"}, {"id", 999}, {"username", "ghost"}});
  set("page_size", "7");
  auto const state = sim_->state();
  use("pam-11.1", {}, state);
  EXPECT_EQ(json::serialize(sim_->state()), json::serialize(state));
}

TEST_F(GivenState, WhenKnobsAreGivenTwiceThenTheOptionWins) {
  use("pam-14.4", {{"page_size", "3"}}, json::parse(R"({"knobs":{"page_size":9,"version":"15.0"}})"));
  auto const knobs = sim_->state().at("knobs").as_object();
  EXPECT_EQ(text_of(knobs, "page_size"), "3");
  EXPECT_EQ(text_of(knobs, "version"), "15.0");
  EXPECT_EQ(text_of(knobs, "empty_members"), "omit");
}

TEST_F(GivenState, WhenItIsWrongThenItIsRefusedAndTheOldOneStays) {
  auto const before = json::serialize(sim_->state());
  for (auto const* wrong :
       {"[]", R"({"users":[1]})", R"({"users":[{}]})", R"({"users":[{"username":"a"},{"username":"A"}]})",
        R"({"groups":[{"groupName":"g","members":[7]}]})",
        R"({"groups":[{"groupName":"g","groupType":"Odd"}]})",
        R"({"groups":[{"groupName":"g"},{"groupName":"G"}]})", R"({"directories":[{"users":[1]}]})",
        R"({"knobs":{"none":"on"}})",
        R"({"users":[{"id":5,"username":"a"}],"groups":[{"id":5,"groupName":"g"}]})"})
    EXPECT_TRUE(sim_->replace_state(json::parse(wrong))) << wrong;
  EXPECT_EQ(json::serialize(sim_->state()), before);
  EXPECT_THROW(use("pam-9.9"), std::invalid_argument);
  EXPECT_THROW(use("pam-12.2", {{"none", "on"}}), std::invalid_argument);
}

TEST_F(GivenState, WhenDnsDifferInCaseAndSpacesThenTheyAreEqual) {
  EXPECT_EQ(dn_key("CN=Mary  Jones , OU = People,DC=x"), dn_key("cn=mary jones,ou=people,dc=X"));
  EXPECT_NE(dn_key("CN=Mary Jones"), dn_key("CN=MaryJones"));
  EXPECT_TRUE(is_below("cn=a, dc=x", "DC=X"));
  EXPECT_TRUE(is_below("dc=x", "DC=X"));
  EXPECT_FALSE(is_below("cn=a,dc=xx", "DC=X"));
}
}  // namespace
}  // namespace dirsync::sim::vault
