// What dirsyncd finds in entries it has read, beside what Samba finds in them.
#include "tests/integration/directories/samba_server.hpp"
#include "tests/integration/directories/same_answers.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kMatchingArea[] = "matching";
constexpr unsigned kPeopleCount = 60, kFilters = 700;

std::vector<test::RandomAttribute> attributes() {
  return {
      {.name = "employeeType",
       .values = {"employee", "external", "trainee  2"},
       .asked_as = {},
       .assertions = {"EMPLOYEE", "x", "\xc3\xa4rztin"},
       .rules = {"caseExactMatch:"}},
      {.name = "title", .values = {"Lead", "Clerk"}, .asked_as = {"title;lang-de"}, .assertions = {"lead"}},
      {.name = "objectClass",
       .values = {},
       .asked_as = {},
       .assertions = {"person", "top", "USER", "computer", "nosuch"}},
      {.name = "telephoneNumber",
       .values = {"+49 30 1234-5", "+1 555 0100"},
       .asked_as = {},
       .assertions = {"+493012345", "+1-555-0100"}},
      {.name = "uidNumber",
       .values = {"7", "12", "100"},
       .asked_as = {},
       .assertions = {"07", "x", "13"},
       .rules = {"1.2.840.113556.1.4.803:", "1.2.840.113556.1.4.804:"}},
      {.name = "userAccountControl",
       .values = {},
       .asked_as = {},
       .assertions = {"512", "514", "2", "544"},
       .rules = {"1.2.840.113556.1.4.803:", "1.2.840.113556.1.4.804:"}},
      {.name = "manager",
       .values = {SambaFixture::person_dn(kMatchingArea, "p1")},
       .asked_as = {},
       .assertions = {"cn=P1, OU=people,ou=" + std::string{kMatchingArea} + ",DC=example,DC=test", "boss"}},
      {.name = "mail",
       .values = {"a@example.com", "B@Example.com"},
       .asked_as = {},
       .assertions = {"b@example.COM"}},
      {.name = "objectCategory", .values = {}, .asked_as = {}, .assertions = {"person"}},
      {.name = "nosuch", .values = {}, .asked_as = {}, .assertions = {"x"}},
  };
}

struct GivenSambaPeople : SambaFixture {
  test::RandomFilters filters{13, attributes()};

  void SetUp() override {
    auto records = area_ldif(kMatchingArea);
    for (unsigned n = 1; n <= kPeopleCount; ++n) {
      // p1 must be there before others name it as their manager.
      auto const lines = n == 1 || n % 3 == 0 ? std::string{} : filters.ldif_lines();
      records += person_ldif(kMatchingArea, "p" + std::to_string(n), lines);
    }
    tools().modify(records);
  }
};

TEST_F(GivenSambaPeople, WhenFiltersAreEvaluatedThenAsTheServerDoes) {
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
