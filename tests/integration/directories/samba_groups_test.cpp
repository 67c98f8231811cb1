#include <gmock/gmock.h>

#include "tests/integration/directories/samba_server.hpp"

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kArea[] = "kinds";

/// ann is in staff and so, by way of it, in top; bob's primary group is primary.
struct GivenAdGroups : SambaFixture {
  static void SetUpTestSuite() {
    tools().modify(area_ldif(kArea) + person_ldif(kArea, "ann") + person_ldif(kArea, "bob") +
                   group_ldif(kArea, "empty", {}) + group_ldif(kArea, "staff", {person_dn(kArea, "ann")}) +
                   group_ldif(kArea, "top", {group_dn(kArea, "staff")}) +
                   group_ldif(kArea, "primary", {person_dn(kArea, "bob")}));
    auto const rid = tools().value(group_dn(kArea, "primary"), "primaryGroupToken");
    modify(person_dn(kArea, "bob"), "replace: primaryGroupID\nprimaryGroupID: " + rid + "\n");
  }
};

TEST_F(GivenAdGroups, WhenAGroupHasNoMemberThenItIsReadAsEmpty) {
  EXPECT_THAT(people_in(must_read(settings(kArea)), group_dn(kArea, "empty")), IsEmpty());
}

TEST_F(GivenAdGroups, WhenAGroupIsSomebodysPrimaryOneThenTheyAreAMember) {
  EXPECT_EQ(tools().value(group_dn(kArea, "primary"), "member"), "");
  EXPECT_THAT(people_in(must_read(settings(kArea)), group_dn(kArea, "primary")), ElementsAre("bob"));
}

TEST_F(GivenAdGroups, WhenDomainUsersIsReadThenWhoHasItAsPrimaryGroupIsAMember) {
  std::string const everybody = "CN=Domain Users,CN=Users,DC=example,DC=test";
  // The server gave bob a value when his primary group became another.
  EXPECT_EQ(tools().search(everybody, "(member=" + person_dn(kArea, "ann") + ")"), "");
  auto builtin = settings(kArea);
  builtin.groups = {"CN=Users,DC=example,DC=test", "(cn=Domain Users)"};
  EXPECT_THAT(people_in(must_read(builtin), everybody), ElementsAre("ann", "bob"));
}

TEST_F(GivenAdGroups, WhenARuleAsksForMembersOfThenAsTheServersOwnChainRuleSays) {
  auto const top = group_dn(kArea, "top");
  auto const chain =
      tools().search(area(kArea), "(memberOf:1.2.840.113556.1.4.1941:=" + top + ")", {"objectClass"});
  EXPECT_THAT(chain, HasSubstr("dn: CN=staff,"));
  EXPECT_THAT(chain, HasSubstr("dn: CN=ann,"));
  DirectoryQuery query;
  query.rules = {{"below", GroupQuery::MembersOf{top}}};
  EXPECT_THAT(selected(must_read(settings(kArea), query), "below"), ElementsAre("staff"));
}

}  // namespace
}  // namespace dirsync::ldap
