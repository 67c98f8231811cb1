// What dirsyncd finds in entries it has read, beside what slapd finds in them.
#include <gmock/gmock.h>

#include "tests/integration/directories/same_answers.hpp"
#include "tests/integration/ldap/fixture.hpp"

namespace dirsync::ldap {
namespace {

constexpr unsigned kPeopleCount = 60, kFilters = 800;

/// Types of every kind that a filter may ask for.
std::vector<std::string> schema_lines() {
  auto const type = [](int number, std::string const& text) {
    return "attributetype ( 1.3.6.1.4.1.99999.1." + std::to_string(number) + " NAME " + text + " )";
  };
  auto const syntax = [](int number) {
    return " SYNTAX 1.3.6.1.4.1.1466.115.121.1." + std::to_string(number);
  };
  return {
      type(1, "( 'badgeCode' 'badge' ) EQUALITY caseExactMatch SUBSTR caseExactSubstringsMatch" + syntax(15)),
      type(2, "'grade' EQUALITY integerMatch ORDERING integerOrderingMatch" + syntax(27)),
      type(3,
           "'contractEnd' EQUALITY generalizedTimeMatch ORDERING generalizedTimeOrderingMatch" + syntax(24)),
      type(4, "'isBlocked' EQUALITY booleanMatch" + syntax(7)),
      type(5, "'panel' EQUALITY numericStringMatch SUBSTR numericStringSubstringsMatch" + syntax(36)),
      type(6, "'noRule'" + syntax(15)),
      type(7, "'callName' SUP name"),
      type(8,
           "'rank' EQUALITY caseIgnoreMatch ORDERING caseIgnoreOrderingMatch SUBSTR "
           "caseIgnoreSubstringsMatch" +
               syntax(15)),
      "objectclass ( 1.3.6.1.4.1.99999.2.1 NAME ( 'staffMember' 'staff' ) SUP inetOrgPerson STRUCTURAL MAY ( "
      "badgeCode $ grade $ contractEnd $ isBlocked $ panel $ noRule $ callName $ rank ) )",
      "objectclass ( 1.3.6.1.4.1.99999.2.2 NAME 'contractor' AUXILIARY MAY grade )"};
}

std::vector<test::RandomAttribute> attributes() {
  std::string const boss = test::person_dn("p1");
  return {
      {.name = "employeeType",
       .values = {"employee", "external", "trainee  2", "Ärztin"},
       .asked_as = {"2.16.840.1.113730.3.1.4"},
       .assertions = {"ärztin", "A\u0308rztin", "EMPLOYEE", "", "x\ty", "ﬁn"},
       .rules = {":", "caseExactMatch:", "2.5.13.5:", "integerMatch:", "nosuchMatch:"}},
      {.name = "title",
       .values = {"Lead", "Clerk"},
       .asked_as = {"title;lang-de", "title;lang-", "title;x-a", "name"},
       .assertions = {"lead"}},
      {.name = "title;lang-de",
       .values = {"Leitung", "Lead"},
       .asked_as = {"title", "TITLE;LANG-DE", "title;lang-fr", "2.5.4.12;lang-de"},
       .assertions = {"leitung"}},
      {.name = "title;lang-de;lang-en",
       .values = {"Lead"},
       .asked_as = {"title;lang-en", "title;lang-en;lang-de"},
       .assertions = {"lead"}},
      {.name = "callName",
       .values = {"Bo", "Kim Lee"},
       .asked_as = {"name", "2.5.4.41", "1.3.6.1.4.1.99999.1.7"},
       .assertions = {"kim  LEE", "p1"}},
      {.name = "objectClass",
       .values = {},
       .asked_as = {"2.5.4.0"},
       .assertions = {"person", "top", "inetOrgPerson", "staff", "STAFFMEMBER", "2.5.6.6", "contractor",
                      "device", "nosuch", "1.2.3.4", "organizationalPerson"}},
      {.name = "telephoneNumber",
       .values = {"+49 30 1234-5", "+1 555 0100"},
       .asked_as = {"2.5.4.20"},
       .assertions = {"+493012345", "+1-555-0100", "1ABC", "+49*", "", "_"}},
      {.name = "badgeCode",
       .values = {"Ab1", "ab1", "AB  1"},
       .asked_as = {"badge", "1.3.6.1.4.1.99999.1.1"},
       .assertions = {"AB 1", "ab1 "},
       .rules = {"caseIgnoreMatch:", "2.5.13.2:"}},
      {.name = "grade",
       .values = {"7", "-3", "0", "12", "123456789012345678901234567890"},
       .asked_as = {"1.3.6.1.4.1.99999.1.2"},
       .assertions = {"07", "+7", "x", "", "13", "-4", "99999999999999999999999"},
       .rules = {"1.2.840.113556.1.4.803:", "1.2.840.113556.1.4.804:", "integerMatch:", "caseIgnoreMatch:"}},
      {.name = "contractEnd",
       .values = {"20260101000000Z", "20251231230000.5Z", "19690101000000Z"},
       .asked_as = {},
       .assertions = {"202601010000Z", "20260101010000+0100", "2026", "20269901000000Z",
                      "20251231230000.50Z"}},
      {.name = "isBlocked",
       .values = {"TRUE", "FALSE"},
       .asked_as = {},
       .assertions = {"true", "yes", "1", ""}},
      {.name = "panel",
       .values = {"12 34", "5 6"},
       .asked_as = {},
       .assertions = {"1234", " 1 2 3 4 ", "56", "x"}},
      {.name = "noRule", .values = {"x", "y"}, .asked_as = {}, .assertions = {"z"}},
      {.name = "rank",
       .values = {"alpha", "Beta", "gamma ray"},
       .asked_as = {},
       .assertions = {"b", "GAMMA  RAY", ""}},
      {.name = "manager",
       .values = {boss, "cn=Boss\\, Ext,ou=contractors,dc=example,dc=com"},
       .asked_as = {"0.9.2342.19200300.100.1.10"},
       .assertions = {"UID=P1, OU=people, DC=example, DC=com",
                      "cn=boss\\2c ext,OU=contractors,dc=example,dc=com",
                      "CommonName=Boss\\2C  Ext,2.5.4.11=Contractors,DC=Example,DC=com",
                      "cn=\"Boss, Ext\";ou=contractors;dc=example;dc=com", "boss", "cn=Boss, Ext,dc=x", ""}},
      {.name = "jpegPhoto", .values = {std::string{"\x01\x02\xff", 3}}, .asked_as = {}, .assertions = {"x"}},
      {.name = "mail",
       .values = {"a@example.com", "B@Example.com"},
       .asked_as = {"rfc822Mailbox"},
       .assertions = {"b@example.COM", "ä@example.com", ""}},
      {.name = "homeDirectory", .values = {}, .asked_as = {"loginShell"}, .assertions = {"/home/x"}},
      {.name = "nosuch", .values = {}, .asked_as = {"1.2.3.4.5", "nosuch;lang-de"}, .assertions = {"x"}},
      {.name = "userPassword", .values = {"secret"}, .asked_as = {}, .assertions = {"SECRET"}},
      {.name = "postalAddress", .values = {"Way 1$Town"}, .asked_as = {}, .assertions = {"way 1 $ town"}},
  };
}

struct GivenSlapdWithASchema : LdapFixture {
  test::RandomFilters filters{7, attributes()};

  void SetUp() override {
    auto ldif = test::ldif_tree();
    for (unsigned n = 1; n <= kPeopleCount; ++n) {
      auto const uid = "p" + std::to_string(n);
      ldif += "dn: " + test::person_dn(uid) +
              "\nobjectClass: " + (n % 3 == 0 ? "inetOrgPerson" : "staffMember") + "\n" +
              (n % 4 == 0 && n % 3 != 0 ? "objectClass: contractor\n" : "") + "uid: " + uid + "\ncn: " + uid +
              "\nsn: x\nentryUUID: " + test::uuid(n) + "\n" + (n % 3 == 0 ? "" : filters.ldif_lines()) + "\n";
    }
    ldif += test::ldif_group("staff", 900, {member(test::person_dn("p1"))});
    slapd.emplace(test::Slapd::Options{.ldif = ldif, .global_lines = schema_lines()});
  }

  Snapshot must_read(std::set<std::string> names) {
    auto asked = query();
    asked.person_attributes = std::move(names);
    auto snapshot = read(settings(), asked);
    if (!snapshot) throw std::runtime_error{text(snapshot.error())};
    return std::move(*snapshot);
  }
};

TEST_F(GivenSlapdWithASchema, WhenFiltersAreEvaluatedThenAsTheServerDoes) {
  auto const snapshot = must_read(filters.names());
  ASSERT_EQ(snapshot.people().size(), kPeopleCount);
  EXPECT_EQ(snapshot.schema().remark(), "");
  auto const answers = expect_the_same_answers(settings(), snapshot, filters, kFilters);
  for (auto const& [why, count] : answers.reasons) std::printf("%5u refused: %s\n", count, why.c_str());
  std::printf("%u the same, %u of them for somebody; %u refused\n", answers.same, answers.matching,
              answers.refused);
  EXPECT_GE(answers.same, 500U);
  EXPECT_GE(answers.matching, 150U);
}

struct GivenAServerThatHidesItsSchema : LdapFixture {
  void SetUp() override {
    slapd.emplace(test::Slapd::Options{
        .ldif = small_ldif(),
        .global_lines = {"access to dn.base=\"cn=Subschema\" by * none", "access to * by * read"}});
  }
};

TEST_F(GivenAServerThatHidesItsSchema, WhenReadThenTheBuiltinOneStandsInAndSaysWhy) {
  auto const snapshot = read(settings());
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_THAT(snapshot->schema().remark(),
              testing::HasSubstr("the server's schema \"cn=Subschema\" cannot be read"));
  EXPECT_THAT(snapshot->certificate().clauses,
              testing::Contains(testing::Field(&CertificateClause::name, "schema")));
  auto const bound = [&snapshot](char const* filter) {
    return BoundFilter::bind(Filter::parse(filter).value(), snapshot->schema());
  };
  EXPECT_TRUE(bound("(!(employeeType=employee))"));
  EXPECT_FALSE(bound("(badgeCode=1)"));
  EXPECT_FALSE(bound("(cn>=a)"));
}

}  // namespace
}  // namespace dirsync::ldap
