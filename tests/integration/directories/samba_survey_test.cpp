#include <gmock/gmock.h>

#include "ldap/survey/survey.hpp"
#include "tests/integration/directories/samba_server.hpp"

namespace dirsync::ldap {
namespace {

struct GivenADomainToSurvey : SambaFixture {
  static constexpr char kArea[] = "surveyed";

  static void SetUpTestSuite() {
    tools().modify(area_ldif(kArea) + person_ldif(kArea, "ann") + person_ldif(kArea, "bob") +
                   group_ldif(kArea, "staff", {person_dn(kArea, "ann")}) +
                   group_ldif(kArea, "all", {group_dn(kArea, "staff")}));
    modify(person_dn(kArea, "bob"), "replace: userAccountControl\nuserAccountControl: 514\n");
  }
  Survey must_survey(Settings const& settings) {
    Stop stop;
    auto seen = survey(settings, stop);
    EXPECT_TRUE(seen) << (seen ? "" : text(seen.error()));
    return seen ? *std::move(seen) : Survey{};
  }
  static Settings unknown(std::string const& base) {
    auto known = settings(kArea);
    known.base = base;
    known.users = known.groups = {};
    return known;
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
