// Filters and names mean what the directory's server means by them.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;

std::string replaced(std::string text, std::string const& what, std::string const& with) {
  auto const at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error{"not there: " + what};
  return text.replace(at, what.size(), with);
}

/// A filter in TOML's literal string.
class GivenPeopleOfSeveralKinds : public World, public testing::WithParamInterface<char const*> {
 protected:
  GivenPeopleOfSeveralKinds() { configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n"; }

  void exclude(std::string const& filter) {
    configuration.vault_rule_keys = configuration.console_rule_keys = "exclude_people = '" + filter + "'\n";
    configure();
  }
  void set(std::string const& uid, std::string const& attribute, std::string const& value) {
    modify_directory("dn: " + company.person(uid).dn() + "\nchangetype: modify\nreplace: " + attribute +
                     "\n" + (value.empty() ? "" : attribute + ": " + value + "\n"));
  }
};

// --- an attribute that is absent
// ---------------------------------------------------------------------------------------

/// All are employees but u02, of whom nothing is said, and u03, who is external.
class GivenOneWithoutAKind : public GivenPeopleOfSeveralKinds {
 protected:
  void SetUp() override {
    World::SetUp();
    for (auto const& person : company.people)
      if (person.uid != "u02") set(person.uid, "employeeType", person.uid == "u03" ? "external" : "employee");
  }
};
class GivenAFilterForAllButEmployees : public GivenOneWithoutAKind {};

TEST_P(GivenAFilterForAllButEmployees, WhenItExcludesThenNobodyComesInOfWhomNothingIsSaid) {
  exclude(GetParam());
  sync(0);
  expect_in_sync({"u02", "u03"});
  set("u01", "employeeType", "");
  sync(0);
  expect_in_sync({"u01", "u02", "u03"});
  expect_chain_holds();
}

TEST_P(GivenAFilterForAllButEmployees, WhenItDisablesThenWhoLosesTheKindLeavesAtOnce) {
  configuration.disabled_key = ", disabled = '" + std::string{GetParam()} + "'";
  configure();
  sync(0);
  expect_in_sync({"u02", "u03"});
  set("u01", "employeeType", "");
  EXPECT_THAT(json::serialize(sync(0)), HasSubstr("is disabled: "));
  expect_in_sync({"u01", "u02", "u03"});
}

INSTANTIATE_TEST_SUITE_P(Filters, GivenAFilterForAllButEmployees,
                         testing::Values("(!(employeeType=employee))",
                                         "(!(2.16.840.1.113730.3.1.4=EMPLOYEE))",
                                         "(!(&(objectClass=person)(employeeType=employee)))",
                                         "(|(!(employeeType=*))(!(employeeType=emp*)))"));

TEST_F(GivenOneWithoutAKind, WhenOnlyThePresenceIsAskedForThenWhoLacksItIsOut) {
  exclude("(!(employeeType=*))");
  sync(0);
  expect_in_sync({"u02"});
}

TEST_F(GivenOneWithoutAKind, WhenAnAttributeIsMisspeltThenNobodyIsExcludedAndItIsTold) {
  exclude("(!(employeType=employee))");
  EXPECT_THAT(json::serialize(sync(0)), testing::AllOf(HasSubstr("undefined-filter"),
                                                       HasSubstr("the schema has no attribute employetype")));
  expect_in_sync();
}

TEST_F(GivenOneWithoutAKind, WhenOnlyTheServerCanEvaluateAFilterThenTheReadIsRefused) {
  exclude("(|(employeeType=external)(!(postalAddress=Way 1)))");
  auto const plan = sync(5).as_object();
  EXPECT_EQ(text_at(plan, "verdict"), "refuse");
  EXPECT_THAT(json::serialize(plan),
              testing::AllOf(HasSubstr("\"code\":\"filter\""), HasSubstr("exclude_people of rule"),
                             HasSubstr("(postalAddress=Way 1)")));
  EXPECT_EQ(writes(), 0);
}

// --- a DN as a value
// ---------------------------------------------------------------------------------------------------

/// u02 and u03 have the manager cn=Boss\, Ext, in two spellings; u04 has another one.
class GivenManagers : public GivenPeopleOfSeveralKinds {
 protected:
  void SetUp() override {
    World::SetUp();
    set("u02", "manager", "cn=Boss\\, Ext,ou=contractors,dc=example,dc=com");
    set("u03", "manager", "cn=Boss\\2C Ext, ou=Contractors, DC=example, DC=com");
    set("u04", "manager", "cn=Boss,ou=contractors,dc=example,dc=com");
  }
};

TEST_P(GivenManagers, WhenOneIsSpeltInAFilterThenTheirPeopleAreExcluded) {
  exclude("(manager=" + std::string{GetParam()} + ")");
  sync(0);
  expect_in_sync({"u02", "u03"});
}

INSTANTIATE_TEST_SUITE_P(
    Spellings, GivenManagers,
    testing::Values(R"(cn=Boss\5C, Ext,ou=contractors,dc=example,dc=com)",
                    R"(CN=boss\5C2C ext, OU=contractors, DC=EXAMPLE, DC=com)",
                    R"(cn="Boss, Ext",ou=contractors,dc=example,dc=com)",
                    R"(2.5.4.3=Boss\5C2C  Ext;ou=contractors;dc=example;dc=com)",
                    R"(commonName=Boss\5C, Ext,OID.2.5.4.11=contractors,dc=example,dc=com)"));

// --- member values in old forms
// ----------------------------------------------------------------------------------------

class GivenOldMemberValues : public GivenPeopleOfSeveralKinds {};

TEST_P(GivenOldMemberValues, WhenOneIsInAnOldFormThenItIsTheSamePerson) {
  // slapadd takes the values as they are.
  slapd_->restore(replaced(company.ldif(), "member: " + company.person("u01").dn() + "\n",
                           "member: " + std::string{GetParam()} + "\n"));
  sync(0);
  expect_in_sync();
}

INSTANTIATE_TEST_SUITE_P(
    Forms, GivenOldMemberValues,
    testing::Values("uid=u01;ou=people;dc=example;dc=com", "uid=\"u01\",ou=\"people\",dc=example,dc=com",
                    "0.9.2342.19200300.100.1.1=u01, ou=people , dc=example, dc=com",
                    "userid=U01; OU = \"people\"; 0.9.2342.19200300.100.1.25=example;dc=com"));

// --- other names of attributes
// -----------------------------------------------------------------------------------------

class GivenATemplate : public GivenPeopleOfSeveralKinds {};

TEST_P(GivenATemplate, WhenItNamesAnAttributeOtherwiseThanTheServerThenItIsTheSame) {
  configuration.vault_rule_keys = "member_name = \"{" + std::string{GetParam()} + "}\"\n";
  configure();
  sync(0);
  expect_in_sync();
}

INSTANTIATE_TEST_SUITE_P(Names, GivenATemplate,
                         testing::Values("uid", "userid", "UserID", "0.9.2342.19200300.100.1.1"));

}  // namespace
}  // namespace dirsync::test
