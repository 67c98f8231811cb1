// A rule, a directory or a group from which nothing comes is told, and gives exit code 6 until somebody says
// that it may be so.
#include <gmock/gmock.h>

#include <fstream>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class GivenACompanyThatIsRead : public World {
 protected:
  GivenACompanyThatIsRead() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }

  /// In the place of some text of dirsyncd.toml.
  void write(std::string const& what, std::string const& with) {
    auto text = configuration.text();
    auto const at = text.find(what);
    ASSERT_NE(at, std::string::npos) << what;
    std::ofstream{config_file()} << text.replace(at, what.size(), with);
  }
  /// A second rule of the Vault. `keys`: whole lines.
  void add_rule(std::string const& keys) {
    configuration.more =
        "[[rule]]\nname = \"second\"\ndirectory = \"corp\"\ntarget = \"vault\"\ncreate_groups = true\n" +
        keys;
    configure();
  }
  void add_group(std::string const& cn, std::string const& value) {
    modify_directory("dn: cn=" + cn + ",ou=groups,dc=example,dc=com\nchangetype: add\nobjectClass: " +
                     "groupOfNames\ncn: " + cn + "\nmember: " + value + "\n");
  }
  /// The one with that code; a test failure when there is none.
  static json::object reason(json::value const& plan, std::string const& code) {
    for (auto const& one : plan.at("reasons").as_array())
      if (text_at(one.as_object(), "code") == code) return one.as_object();
    ADD_FAILURE() << "no reason " << code << " in " << json::serialize(plan.at("reasons"));
    return {};
  }
  static std::string digest(json::value const& plan) { return text_at(plan.as_object(), "digest"); }
};

TEST_F(GivenACompanyThatIsRead, WhenSomethingComesOfAllThenThePlanBeginsWithWhatItWas) {
  auto const plan = sync(0);
  auto const& summary = plan.at("summary");
  EXPECT_EQ(summary.at("people").to_number<std::size_t>(), company.people.size());
  EXPECT_EQ(summary.at("groups").to_number<std::size_t>(), company.groups.size());
  EXPECT_EQ(summary.at("directories").at("corp").at("unresolved").to_number<int>(), 0);
  auto const& rule = summary.at("rules").at("privileged");
  EXPECT_EQ(rule.at("refused").to_number<int>(), 0);
  EXPECT_THAT(run({"plan"}).out, AllOf(StartsWith("read corp: "), HasSubstr("\nrule privileged: ")));
  expect_in_sync();
}

// --- a rule that selects no group ---

class GivenARuleWithoutASource : public GivenACompanyThatIsRead,
                                 public testing::WithParamInterface<char const*> {};

TEST_P(GivenARuleWithoutASource, WhenItRunsThenItIsToldUntilItMayBeSo) {
  auto const selection = std::string{GetParam()} + "\n";
  add_rule(selection);
  auto const plan = sync(6);
  auto const why = reason(plan, "no-source");
  auto const text = text_at(why, "text");
  EXPECT_EQ(text_at(why, "rule"), "second");
  EXPECT_THAT(text, AllOf(HasSubstr("rule second: "), HasSubstr("groups.base"), HasSubstr("allow_empty"),
                          HasSubstr("of the " + std::to_string(company.groups.size()) + " groups")));
  EXPECT_NE(text_at(plan.at("targets").at("vault").as_object(), "verdict"), "in-sync");
  expect_in_sync();  // nothing else stands still
  EXPECT_EQ(text_at(sync(6).as_object(), "verdict"), "wait");
  EXPECT_EQ(run({"plan", "--detailed-exitcode"}).exit, 6);
  add_rule(selection + "allow_empty = true\n");
  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
}

INSTANTIATE_TEST_SUITE_P(Selections, GivenARuleWithoutASource,
                         testing::Values("groups = \"(cn=vault-*)\"", "groups = \"(cm=pam-*)\"",
                                         "groups = \"(&(cn=pam-*)(description=*))\"",
                                         "dn = [\"cn=vault-x,ou=groups,dc=example,dc=com\"]"));

TEST_F(GivenACompanyThatIsRead, WhenAnAttributeIsMisspeltThenItIsNamed) {
  add_rule("groups = \"(cm=pam-*)\"\n");
  auto const plan = sync(6);
  EXPECT_THAT(text_at(reason(plan, "no-source"), "text"), HasSubstr("the schema has no attribute cm"));
  EXPECT_THAT(json::serialize(plan), HasSubstr("undefined-filter"));
}

TEST_F(GivenACompanyThatIsRead, WhenANameHasAnAttributeThatTheServerLacksThenItIsNamed) {
  add_rule("groups = \"(cn=pam-*)\"\ngroup_name = \"{cm}\"\nmember_name = \"{uidd}\"\n");
  EXPECT_THAT(json::serialize(sync(6)),
              AllOf(HasSubstr("unknown-attribute"), HasSubstr("group_name: the schema of directory"),
                    HasSubstr("no attribute \\\"cm\\\""), HasSubstr("no attribute \\\"uidd\\\"")));
}

TEST_F(GivenACompanyThatIsRead, WhenTheBaseHasOtherEntriesThenTheirClassesAreCounted) {
  configuration.groups_base = "ou=people,dc=example,dc=com";
  configure();
  EXPECT_THAT(text_at(reason(sync(6), "no-source"), "text"),
              AllOf(HasSubstr("none of the 0 groups"), HasSubstr("inetOrgPerson 30"),
                    HasSubstr("below \"ou=people,dc=example,dc=com\""), HasSubstr(",ou=people,dc=")));
  EXPECT_EQ(writes(), 0);
}

// --- a directory without people ---

class GivenNobodyWhoFits : public GivenACompanyThatIsRead, public testing::WithParamInterface<char const*> {};

TEST_P(GivenNobodyWhoFits, WhenGroupsAreToBeMadeThenTheyAreHeldWithWhatIsThere) {
  write("(objectClass=inetOrgPerson)", GetParam());
  auto const plan = sync(4);
  EXPECT_THAT(text_at(reason(plan, "no-people"), "text"),
              AllOf(HasSubstr("no person was found in directory corp"), HasSubstr("inetOrgPerson 30"),
                    HasSubstr("member values, such as \"uid=")));
  EXPECT_EQ(writes(), 0);
  configuration.vault_rule_keys = configuration.console_rule_keys = "allow_empty = true\n";
  write("(objectClass=inetOrgPerson)", GetParam());
  EXPECT_THAT(sync(0).at("reasons").as_array(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Filters, GivenNobodyWhoFits,
                         testing::Values("(objectClass=account)", "(uid=nobody-*)",
                                         "(&(objectClass=inetOrgPerson)(employeeNumber=*))"));

// --- a group without anybody ---

class GivenAGroupOfStrangers : public GivenACompanyThatIsRead,
                               public testing::WithParamInterface<char const*> {};

TEST_P(GivenAGroupOfStrangers, WhenItIsToBeMadeThenItIsHeldAndToldForAsLongAsItIsSo) {
  sync(0);
  add_group("pam-guests", GetParam());
  forget_calls();
  auto const plan = sync(4);
  auto const why = reason(plan, "nobody");
  EXPECT_EQ(text_at(why, "group"), "guests");
  EXPECT_THAT(text_at(why, "text"),
              AllOf(HasSubstr("guests (1 value, such as \""), HasSubstr("allow_empty")));
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(run({"approve", digest(plan)}).exit, 0);
  reason(sync(6), "nobody");
  EXPECT_GT(writes(), 0);
  reason(sync(6), "nobody");
  configuration.vault_rule_keys = "allow_empty = true\n";
  configure();
  EXPECT_THAT(sync(0).at("reasons").as_array(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Values, GivenAGroupOfStrangers,
                         testing::Values("uid=zoe,ou=guests,dc=example,dc=com",
                                         "uid=nobody,ou=people,dc=example,dc=com", "cn=placeholder",
                                         "uid=u01,ou=people,dc=example,dc=org"));

}  // namespace
}  // namespace dirsync::test
