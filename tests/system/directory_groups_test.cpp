// LDAP groups that are members of Vault groups themselves (as = "group"), and one of them moving.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::ElementsAre;
using testing::HasSubstr;

/// The Vault knows the LDAP groups pam-* by its own directory mapping; the rule makes them members.
class GivenGroupsAsMembers : public World {
 protected:
  GivenGroupsAsMembers() {
    configuration.vault_keys = "stale_directory_groups = \"replace\"\n";
    configuration.vault_rule_keys = "as = \"group\"\n";
  }
  void SetUp() override {
    World::SetUp();
    auto state = json::parse(company.vault_state()).as_object();
    json::array known;
    for (auto const& group : company.groups)
      known.push_back({{"name", group.cn}, {"dn", group.dn()}, {"members", json::array{}}});
    state.at("directories").as_array().at(0).as_object()["groups"] = known;
    vault_->put_state(json::serialize(state));
    EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "run");
  }
  std::set<std::string> members(std::string const& group) const { return vault_->memberships().at(group); }
  /// The Vault gets an object for the LDAP group at `dn`, as if somebody had given it a Safe.
  void directory_group_in_vault(std::string const& name, std::string const& dn) const {
    auto state = vault_->get("state").as_object();
    state.at("groups").as_array().push_back({{"id", 9000},
                                             {"groupType", "Directory"},
                                             {"groupName", name},
                                             {"directory", "example.com"},
                                             {"dn", dn},
                                             {"location", "\\"},
                                             {"members", json::array{}}});
    vault_->put_state(json::serialize(state));
  }
  /// "verb group principal" of each change of the Vault.
  static std::vector<std::string> changes(json::value const& plan) {
    std::vector<std::string> words;
    for (auto const& change : plan.at("targets").at("vault").at("changes").as_array()) {
      auto const& fields = change.as_object();
      words.push_back(text_at(fields, "verb") + " " + text_at(fields, "group") + " " +
                      text_at(fields, "principal") + ": " + text_at(fields, "outcome"));
    }
    return words;
  }
};

TEST_F(GivenGroupsAsMembers, WhenSyncedThenEachGroupHasItsLdapGroupAloneAndStatusNamesThePeople) {
  EXPECT_EQ(members("unix"), std::set<std::string>{"pam-unix"});
  EXPECT_EQ(members("windows"), std::set<std::string>{"pam-windows"});
  forget_calls();
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  EXPECT_EQ(writes(), 0);
  auto const status = run({"status", "--json"});
  ASSERT_EQ(status.exit, 0) << status.err;
  auto const effective = json::serialize(document(status).at("targets").at("vault").at("effective"));
  EXPECT_THAT(effective, HasSubstr("8 people through cn=pam-windows,ou=groups,dc=example,dc=com: "));
  for (auto const& uid : company.everybody_in("pam-windows")) EXPECT_THAT(effective, HasSubstr(uid));
  expect_chain_holds();
}

TEST_F(GivenGroupsAsMembers, WhenOneMovesThenItsSuccessorComesBeforeItGoes) {
  auto const new_dn = "cn=pam-windows,ou=moved,ou=groups,dc=example,dc=com";
  modify_directory(
      "dn: ou=moved,ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: organizationalUnit\nou: "
      "moved\n\n"
      "dn: cn=pam-windows,ou=groups,dc=example,dc=com\nchangetype: moddn\nnewrdn: cn=pam-windows\n"
      "deleteoldrdn: 0\nnewsuperior: ou=moved,ou=groups,dc=example,dc=com\n");
  directory_group_in_vault("windows moved", new_dn);
  EXPECT_THAT(changes(sync(0)), ElementsAre("add windows windows moved: done"));
  EXPECT_EQ(members("windows"), (std::set<std::string>{"pam-windows", "windows moved"}));
  EXPECT_THAT(changes(sync(0)), ElementsAre("remove windows pam-windows: done"));
  EXPECT_EQ(members("windows"), std::set<std::string>{"windows moved"});
  forget_calls();
  auto const last = sync(0);
  EXPECT_THAT(changes(last), testing::IsEmpty());
  EXPECT_EQ(writes(), 0);
  EXPECT_THAT(json::serialize(last), HasSubstr("stale-dn"));
  expect_chain_holds();
}

}  // namespace
}  // namespace dirsync::test
