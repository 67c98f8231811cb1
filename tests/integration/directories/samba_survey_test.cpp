#include <gmock/gmock.h>

#include "tests/integration/directories/samba_server.hpp"
#include "tests/integration/directories/survey_fixture.hpp"

namespace dirsync::ldap {
namespace {

struct GivenADomainToSurvey : SurveyFixture<SambaServer> {
  static void SetUpTestSuite() {
    fill_area();
    modify(person_dn(kArea, "bob"), "replace: userAccountControl\nuserAccountControl: 514\n");
  }
};

TEST_F(GivenADomainToSurvey, WhenOneUnitIsSurveyedThenBasesGroupsAndDisabledAreFound) {
  auto const seen = must_survey(unknown(area(kArea)));
  EXPECT_EQ(seen.server.flavour, Flavour::active_directory);
  EXPECT_EQ(key(seen.people.base), key(people(kArea)));
  EXPECT_EQ(seen.people.looked.entries, 2U);
  EXPECT_EQ(seen.people.in_primary_groups, 2U);
  EXPECT_EQ(key(seen.groups.base), key(groups(kArea)));
  EXPECT_EQ(key(seen.groups.nested_example), key(group_dn(kArea, "staff")));
  ASSERT_EQ(seen.people.disabled.size(), 1U);
  EXPECT_EQ(seen.people.disabled[0].attribute, "userAccountControl");
  EXPECT_EQ(seen.people.disabled[0].disabled, 1U);
}

TEST_F(GivenADomainToSurvey, WhenNothingIsKnownThenTheDomainIsLookedAtAndNoOtherContext) {
  auto const seen = must_survey(unknown(""));
  EXPECT_EQ(key(seen.base), key(SambaServer::kSuffix));
  EXPECT_EQ(key(seen.groups.base), key(SambaServer::kSuffix));
  EXPECT_GT(seen.server.naming_contexts.size(), 1U);
  ASSERT_FALSE(seen.groups.largest.empty());
  // A server may give the first values alone of so many, and say so.
  auto const& largest = seen.groups.largest[0];
  EXPECT_EQ(key(largest.dn), key(group_dn("crowd", "crowd")));
  EXPECT_TRUE(largest.at_least || largest.members == static_cast<std::uint64_t>(kCrowd)) << largest.members;
}

}  // namespace
}  // namespace dirsync::ldap
