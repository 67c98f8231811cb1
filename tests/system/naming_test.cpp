// Values and names with which somebody could choose another group or user, or which a target does not take.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// In sync; the Vault rule may take groups over, as one does that a company has had for long.
class GivenANamedCompany : public World {
 protected:
  void SetUp() override {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.vault_rule_keys = "adopt = true\n";
    World::SetUp();
    sync(0);
    ASSERT_NO_FATAL_FAILURE(expect_in_sync());
  }
  /// All values of an attribute, in that order.
  void replace(std::string const& dn, std::string const& attribute, std::vector<std::string> const& values) {
    auto record = "dn: " + dn + "\nchangetype: modify\nreplace: " + attribute + "\n";
    for (auto const& value : values) record += attribute + ": " + value + "\n";
    modify_directory(record);
  }
  std::string group_dn(std::string const& cn) const { return company.group(cn).dn(); }
  void add_group(std::string const& cn, std::string const& more, std::string const& uid) {
    modify_directory("dn: cn=" + cn +
                     ",ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: groupOfNames\n" + more +
                     "cn: " + cn + "\nmember: " + company.person(uid).dn() + "\n");
  }
  /// A line in the place of the Vault rule's group_name.
  void write_template(std::string const& line) {
    auto text = configuration.text();
    constexpr std::string_view kOld = "group_name = \"{cn|remove_prefix:pam-}\"";
    text.replace(text.find(kOld), kOld.size(), line);
    std::ofstream{config_file()} << text;
  }
  std::string synced(int exit) { return json::serialize(sync(exit)); }
};

TEST_F(GivenANamedCompany, WhenAnotherValueIsWrittenInFrontThenTheGroupKeepsItsName) {
  auto const& [victim, attacker] = std::pair{company.groups.at(0).cn, company.groups.at(1).cn};
  for (auto const& values : {std::vector{victim, attacker}, std::vector{attacker, victim}}) {
    replace(group_dn(attacker), "cn", values);
    synced(0);
    expect_in_sync();
  }
}

TEST_F(GivenANamedCompany, WhenAGroupOfAnotherNameBearsAValueThatTheRuleSelectsThenItIsSetAside) {
  add_group("chess", "cn: pam-chess\n", "u01");
  EXPECT_THAT(synced(0), AllOf(HasSubstr("several-values"), HasSubstr("cn=chess,ou=groups")));
  expect_in_sync();
}

TEST_F(GivenANamedCompany, WhenSomebodyWritesAnotherOnesMailBesideTheirOwnThenNeitherIsTakenForTheOther) {
  auto const& [eve, boss] = std::pair{company.person("u01"), company.person("u02")};
  for (auto const& values : {std::vector{boss.mail(), eve.mail()}, std::vector{eve.mail(), boss.mail()}}) {
    replace(eve.dn(), "mail", values);
    synced(0);
    expect_in_sync();
  }
}

TEST_F(GivenANamedCompany, WhenAGroupIsNamedLikeAPersonThenItIsToldAndNotMade) {
  add_group("pam-u24", "", "u02");  // whom the Vault does not know yet
  EXPECT_THAT(synced(0), AllOf(HasSubstr("refused-name"), HasSubstr(company.person("u24").dn())));
  expect_in_sync();
}

class GivenNamesThatAVaultRefuses : public GivenANamedCompany,
                                    public testing::WithParamInterface<char const*> {};

TEST_P(GivenNamesThatAVaultRefuses, WhenTheTemplateOfTheNoticeIsWrittenThenTheyAreMade) {
  add_group("pam-x" + std::string{GetParam()} + "y", "", "u01");
  auto const told = synced(0);
  ASSERT_THAT(told, HasSubstr("refused-name"));
  constexpr std::string_view kHint = "group_name = '";
  auto const start = told.find(kHint);
  ASSERT_NE(start, std::string::npos) << told.substr(told.find("refused-name"), 400);
  auto const end = told.find('\'', start + kHint.size());
  // In JSON a backslash is written twice.
  auto const hint = json::parse("\"" + told.substr(start, end + 1 - start) + "\"");
  write_template(std::string{hint.as_string()});
  EXPECT_THAT(json::serialize(document(run({"plan", "--json"}))), Not(HasSubstr("refused-name")));
}

class GivenARuleOfRefusedNames : public GivenANamedCompany,
                                 public testing::WithParamInterface<char const*> {};

TEST_P(GivenARuleOfRefusedNames, WhenItHasNoOtherThenItIsToldUntilTheTemplateIsWritten) {
  std::string const mark{GetParam()};
  for (auto const* name : {"users", "admins"}) add_group("app" + mark + "crm" + mark + name, "", "u01");
  auto const rule = [this, &mark](std::string const& group_name) {
    configuration.more =
        "[[rule]]\nname = \"grouper\"\ndirectory = \"corp\"\ntarget = \"vault\"\n"
        "groups = '(cn=app" +
        mark + "*)'\ncreate_groups = true\ngroup_name = " + group_name + "\n";
    configure();
  };
  rule("\"{cn}\"");
  auto const told = synced(6);
  EXPECT_THAT(told, AllOf(HasSubstr("\"code\":\"no-names\""), HasSubstr("none of the 2 groups"),
                          HasSubstr("app" + mark + "crm" + mark), HasSubstr("group_name = '{cn|replace:")));
  EXPECT_THAT(told,
              HasSubstr("\"grouper\":{\"directory\":\"corp\",\"target\":\"vault\",\"groups\":2,\"names\":2,"
                        "\"refused\":2,"));
  rule(R"('{cn|replace:\::.|replace:\|:.|replace:?:.}')");
  EXPECT_THAT(synced(0), Not(HasSubstr("no-names")));
  auto const made = vault_->memberships();
  EXPECT_TRUE(made.contains("app.crm.users") && made.contains("app.crm.admins"));
}

INSTANTIATE_TEST_SUITE_P(Marks, GivenARuleOfRefusedNames, testing::Values(":", "|", "?"));

INSTANTIATE_TEST_SUITE_P(Characters, GivenNamesThatAVaultRefuses, testing::Values(":", "|", ":a|b:", "?"));

}  // namespace
}  // namespace dirsync::test
