#include <gmock/gmock.h>

#include "tests/integration/directories/ds389_server.hpp"
#include "tests/integration/directories/survey_fixture.hpp"

namespace dirsync::ldap {
namespace {

using testing::HasSubstr;

struct Given389ToSurvey : SurveyFixture<Ds389Server> {
  static void SetUpTestSuite() { fill_area("nsAccountLock: true\n"); }
};

TEST_F(Given389ToSurvey, WhenOneAreaIsSurveyedThenBasesGroupsAndDisabledAreFound) {
  auto const seen = must_survey(unknown(area(kArea)));
  EXPECT_EQ(seen.server.flavour, Flavour::ds389);
  EXPECT_THAT(seen.server.vendor, HasSubstr("389"));
  EXPECT_FALSE(seen.server.is_freeipa);
  EXPECT_EQ(seen.people.base, people(kArea));
  EXPECT_EQ(seen.people.looked.entries, 2U);
  EXPECT_EQ(seen.groups.base, groups(kArea));
  EXPECT_EQ(seen.groups.nested_example, group_dn(kArea, "staff"));
  ASSERT_EQ(seen.people.disabled.size(), 1U);
  EXPECT_EQ(seen.people.disabled[0].attribute, "nsAccountLock");
  EXPECT_EQ(seen.people.disabled[0].disabled, 1U);
  EXPECT_TRUE(seen.people.disabled[0].is_evaluated);
}

TEST_F(Given389ToSurvey, WhenNothingIsKnownThenTheWholeSuffixIsLookedAt) {
  auto const seen = must_survey(unknown(""));
  EXPECT_EQ(seen.base, Ds389Server::kSuffix);
  EXPECT_EQ(seen.groups.largest.at(0).members, static_cast<std::uint64_t>(kCrowd));
}

TEST_F(Given389ToSurvey, WhenItHasWhatFreeIpaHasThenCnAccountsAloneIsRead) {
  auto const base = area("ipa");
  auto const container = [](std::string const& cn, std::string const& parent) {
    return "dn: cn=" + cn + "," + parent + "\nobjectClass: nsContainer\ncn: " + cn + "\n\n";
  };
  auto const person = [](std::string const& dn) {
    return "dn: " + dn + "\nobjectClass: inetOrgPerson\nuid: ida\ncn: ida\nsn: ida\n\n";
  };
  tools().modify(unit_ldif("ipa", Ds389Server::kSuffix) + container("accounts", base) +
                 container("users", "cn=accounts," + base) + container("groups", "cn=accounts," + base) +
                 container("compat", base) + container("users", "cn=compat," + base) +
                 person("uid=ida,cn=users,cn=accounts," + base) +
                 person("uid=ida,cn=users,cn=compat," + base));
  auto const seen = must_survey(unknown(base));
  EXPECT_TRUE(seen.server.is_freeipa);
  EXPECT_EQ(seen.people.base, "cn=users,cn=accounts," + base);
  EXPECT_EQ(seen.people.looked.entries, 1U);
}

}  // namespace
}  // namespace dirsync::ldap
