#include <gmock/gmock.h>

#include "tests/integration/directories/ds389_server.hpp"

namespace dirsync::ldap {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kArea[] = "kinds";

struct Given389Groups : Ds389Fixture {
  static void SetUpTestSuite() {
    auto records = area_ldif(kArea);
    for (auto const* uid : {"ann", "bob", "cem"}) records += person_ldif(kArea, uid);
    records += group_ldif(kArea, "empty", {}) +
               other_ldif("unique", "groupOfUniqueNames",
                          "uniqueMember: " + person_dn(kArea, "bob") +
                              "\nuniqueMember: UID=Cem , OU=People," + area(kArea) + "#'0101'B\n") +
               other_ldif("unix", "posixGroup", "gidNumber: 1\nmemberUid: ann\nmemberUid: ghost\n") +
               other_ldif("dynamic", "groupOfURLs",
                          "memberURL: ldap:///" + people(kArea) + "??sub?(|(uid=ann)(uid=cem))\n");
    tools().modify(records);
  }
  static std::string other_ldif(std::string const& cn, std::string const& object_class,
                                std::string const& lines) {
    return "dn: " + group_dn(kArea, cn) + "\nobjectClass: " + object_class + "\ncn: " + cn + "\n" + lines +
           "\n";
  }
};

TEST_F(Given389Groups, WhenGroupOfUniqueNamesIsReadThenAUidPartIsNoPartOfTheName) {
  auto const snapshot = must_read(settings(kArea));
  EXPECT_THAT(people_in(snapshot, group_dn(kArea, "unique")), ElementsAre("bob", "cem"));
}

TEST_F(Given389Groups, WhenPosixGroupIsReadThenItsNamesAreLookedUp) {
  auto const snapshot = must_read(settings(kArea));
  EXPECT_THAT(people_in(snapshot, group_dn(kArea, "unix")), ElementsAre("ann"));
  EXPECT_THAT(snapshot.members(group(snapshot, group_dn(kArea, "unix"))).unresolved, ElementsAre("ghost"));
}

TEST_F(Given389Groups, WhenAGroupHasNoMemberThenItIsReadAsEmpty) {
  auto const snapshot = must_read(settings(kArea));
  EXPECT_THAT(people_in(snapshot, group_dn(kArea, "empty")), IsEmpty());
}

TEST_F(Given389Groups, WhenADynamicGroupIsReadThenWhoeverItsUrlFindsIsAMember) {
  auto const snapshot = must_read(settings(kArea));
  EXPECT_THAT(people_in(snapshot, group_dn(kArea, "dynamic")), ElementsAre("ann", "cem"));
}

TEST_F(Given389Groups, WhenTheAccountMayReadNothingThenTheReadFails) {
  auto anonymous = settings(kArea);
  anonymous.bind = {};
  auto const snapshot = read(anonymous);
  ASSERT_FALSE(snapshot);
  EXPECT_THAT(text(snapshot.error()), HasSubstr(area(kArea)));
}

}  // namespace
}  // namespace dirsync::ldap
