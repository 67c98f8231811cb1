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

// --- several sources of one name ---

/// Records in which %c is the common name of a group of the rule, %U that name in capitals behind its prefix.
class GivenASecondSource : public GivenANamedCompany, public testing::WithParamInterface<char const*> {
 protected:
  /// DN of somebody who is not in that group.
  std::string outsider() const {
    auto const there = company.everybody_in("pam-unix");
    for (auto const& person : company.people)
      if (!there.contains(person.uid) && person.in_vault) return person.dn();
    return {};
  }
  std::string records() const {
    std::string const cn = "pam-unix";
    auto capitals = cn;
    for (std::size_t at = 4; at < cn.size(); ++at)
      if (cn[at] >= 'a' && cn[at] <= 'z') capitals[at] = static_cast<char>(cn[at] - 'a' + 'A');
    std::string text{GetParam()};
    for (auto const& [mark, value] :
         {std::pair{"%c", cn}, std::pair{"%U", capitals}, std::pair{"%p", outsider()}})
      for (auto at = text.find(mark); at != text.npos; at = text.find(mark)) text.replace(at, 2, value);
    return text;
  }
};

TEST_P(GivenASecondSource, WhenItComesThenItIsHeldOnceWithBothDns) {
  modify_directory(
      "dn: ou=projects,ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: organizationalUnit\n"
      "ou: projects\n");
  modify_directory(records());
  forget_calls();
  auto const plan = sync(4);
  auto const told = json::serialize(plan);
  EXPECT_THAT(told, AllOf(HasSubstr("\"code\":\"source-joined\""), HasSubstr(",ou=projects,ou=groups")));
  EXPECT_EQ(writes(), 0);
  sync(4);
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"approve", text_at(plan.as_object(), "digest")}).exit, 0);
  EXPECT_THAT(synced(0), HasSubstr("\"code\":\"united\""));
  auto const again = synced(0);
  EXPECT_THAT(again, AllOf(HasSubstr("\"code\":\"united\""), HasSubstr(",ou=projects,ou=groups"),
                           Not(HasSubstr("source-joined"))));
}

INSTANTIATE_TEST_SUITE_P(
    Sources, GivenASecondSource,
    testing::Values("dn: cn=%c,ou=projects,ou=groups,dc=example,dc=com\nchangetype: add\n"
                    "objectClass: groupOfNames\ncn: %c\nmember: %p\n",
                    "dn: cn=%U,ou=projects,ou=groups,dc=example,dc=com\nchangetype: add\n"
                    "objectClass: groupOfNames\ncn: %U\nmember: %p\n",
                    "dn: cn=chess,ou=projects,ou=groups,dc=example,dc=com\nchangetype: add\n"
                    "objectClass: groupOfNames\ncn: chess\nmember: %p\n\n"
                    "dn: cn=chess,ou=projects,ou=groups,dc=example,dc=com\nchangetype: modrdn\n"
                    "newrdn: cn=%c\ndeleteoldrdn: 1\n",
                    "dn: cn=pam-board,ou=groups,dc=example,dc=com\nchangetype: add\n"
                    "objectClass: groupOfNames\ncn: pam-board\nmember: %p\n\n"
                    "dn: cn=pam-board,ou=projects,ou=groups,dc=example,dc=com\nchangetype: add\n"
                    "objectClass: groupOfNames\ncn: pam-board\nmember: %p\n"));

INSTANTIATE_TEST_SUITE_P(Characters, GivenNamesThatAVaultRefuses, testing::Values(":", "|", ":a|b:", "?"));

}  // namespace
}  // namespace dirsync::test
