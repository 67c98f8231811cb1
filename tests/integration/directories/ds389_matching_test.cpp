// What dirsyncd finds in entries it has read, beside what 389 Directory Server finds in them.
#include "tests/integration/directories/ds389_server.hpp"
#include "tests/integration/directories/same_answers.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kMatchingArea[] = "matching";
constexpr unsigned kPeopleCount = 60, kFilters = 700;

std::vector<test::RandomAttribute> attributes() {
  auto const boss = Ds389Fixture::person_dn(kMatchingArea, "p1");
  return {
      {.name = "employeeType",
       .values = {"employee", "external", "trainee  2", "\xc3\x84rztin"},
       .asked_as = {"2.16.840.1.113730.3.1.4"},
       .assertions = {"\xc3\xa4rztin", "EMPLOYEE", "x"},
       .rules = {"caseExactMatch:"}},
      {.name = "title",
       .values = {"Lead", "Clerk"},
       .asked_as = {"title;lang-de", "name", "2.5.4.12"},
       .assertions = {"lead"}},
      {.name = "title;lang-de",
       .values = {"Leitung", "Lead"},
       .asked_as = {"title", "title;lang-fr"},
       .assertions = {"leitung"}},
      {.name = "givenName",
       .values = {"Bo", "Kim Lee"},
       .asked_as = {"name", "2.5.4.41"},
       .assertions = {"kim  LEE"}},
      {.name = "objectClass",
       .values = {},
       .asked_as = {"2.5.4.0"},
       .assertions = {"person", "top", "INETORGPERSON", "2.5.6.6", "posixAccount", "device", "nosuch"}},
      {.name = "telephoneNumber",
       .values = {"+49 30 1234-5", "+1 555 0100"},
       .asked_as = {},
       .assertions = {"+493012345", "+1-555-0100"}},
      {.name = "gidNumber",
       .values = {"7", "12", "100"},
       .asked_as = {"1.3.6.1.1.1.1.1"},
       .assertions = {"07", "x", "13", "99999999999999999999"},
       .rules = {"1.2.840.113556.1.4.803:", "1.2.840.113556.1.4.804:"}},
      {.name = "homeDirectory", .values = {"/home/a", "/home/A"}, .asked_as = {}, .assertions = {"/HOME/a"}},
      {.name = "manager",
       .values = {boss, "cn=Boss\\, Ext,ou=contractors,dc=example,dc=com"},
       .asked_as = {},
       .assertions = {"UID=P1, OU=people,ou=" + std::string{kMatchingArea} + ", DC=example, DC=com",
                      "cn=boss\\2c ext,OU=contractors,dc=example,dc=com", "boss"}},
      {.name = "mail",
       .values = {"a@example.com", "B@Example.com"},
       .asked_as = {"rfc822Mailbox"},
       .assertions = {"b@example.COM"}},
      {.name = "nosuch", .values = {}, .asked_as = {}, .assertions = {"x"}},
  };
}

struct Given389People : Ds389Fixture {
  test::RandomFilters filters{11, attributes()};

  void SetUp() override {
    auto records = area_ldif(kMatchingArea);
    for (unsigned n = 1; n <= kPeopleCount; ++n) {
      auto const uid = "p" + std::to_string(n);
      // posixAccount must have numbers and a home.
      records += person_ldif(kMatchingArea, uid,
                             n % 3 == 0 ? "" : "objectClass: extensibleObject\n" + filters.ldif_lines());
    }
    tools().modify(records);
  }
};

TEST_F(Given389People, WhenFiltersAreEvaluatedThenAsTheServerDoes) {
  auto asked = query();
  asked.person_attributes = filters.names();
  auto const snapshot = must_read(settings(kMatchingArea), asked);
  ASSERT_EQ(snapshot.people().size(), kPeopleCount);
  EXPECT_EQ(snapshot.schema().remark(), "");
  auto const answers = expect_the_same_answers(settings(kMatchingArea), snapshot, filters, kFilters);
  for (auto const& [why, count] : answers.reasons) std::printf("%5u refused: %s\n", count, why.c_str());
  std::printf("%u the same, %u of them for somebody; %u refused\n", answers.same, answers.matching,
              answers.refused);
  EXPECT_GE(answers.matching, 100U);
}

}  // namespace
}  // namespace dirsync::ldap
