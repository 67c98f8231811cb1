#include "ldap/feed/scope.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

constexpr char kGroupClasses[] = "(objectClass=groupOfNames)";

struct GivenSettings : testing::Test {
  Settings settings;
  DirectoryQuery query;

  GivenSettings() {
    settings.users = {"ou=people,dc=example,dc=com", ""};
    settings.groups = {"ou=groups,dc=example,dc=com", ""};
    query.person_attributes = {"mail"};
    query.group_attributes = {"cn"};
    query.shown_group_attributes = {"owner"};
  }
  FeedScope scope(Flavour flavour = Flavour::openldap) const {
    return feed_scope(settings, traits_of(flavour), kGroupClasses, query);
  }
};

TEST_F(GivenSettings, WhenNoFilterIsConfiguredThenTheFlavoursOwn) {
  EXPECT_EQ(scope().filter, "(|(|(objectClass=person)(objectClass=posixAccount))(objectClass=groupOfNames))");
  EXPECT_EQ(scope(Flavour::active_directory).filter,
            "(|(sAMAccountType=805306368)(objectClass=groupOfNames))");
}

TEST_F(GivenSettings, WhenFiltersAreConfiguredThenEachNarrowsItsOwnKind) {
  settings.users.filter = "(employeeType=staff)";
  settings.groups.filter = "(cn=pam-*)";
  EXPECT_EQ(scope().filter, "(|(employeeType=staff)(&(objectClass=groupOfNames)(cn=pam-*)))");
}

TEST_F(GivenSettings, WhenReadsAskForAttributesThenTheyAreOfInterest) {
  auto const attributes = scope().attributes;
  EXPECT_THAT(attributes, IsSupersetOf({"cn", "mail", "member", "memberuid", "memberurl", "objectclass",
                                        "owner", "pwdaccountlockedtime", "uid", "uniquemember"}));
  EXPECT_THAT(attributes, Not(Contains("entryuuid")));
  EXPECT_THAT(scope(Flavour::ds389).attributes, Contains("nsaccountlock"));
  EXPECT_THAT(scope(Flavour::ds389).attributes, Not(Contains("nsuniqueid")));
  EXPECT_THAT(scope(Flavour::active_directory).attributes,
              IsSupersetOf({"objectsid", "primarygroupid", "useraccountcontrol"}));
}

TEST_F(GivenSettings, WhenNoStateOfAnAccountCountsThenItsSignsAreNotOfInterest) {
  query.account_states = kNoAccountStates;
  EXPECT_THAT(scope().attributes, Not(Contains("pwdaccountlockedtime")));
}

TEST_F(GivenSettings, WhenOneBaseIsBelowTheOtherThenItIsDropped) {
  EXPECT_THAT(scope().bases, ElementsAre(settings.users.base, settings.groups.base));
  settings.groups.base = "DC=Example, DC=com";
  EXPECT_THAT(scope().bases, ElementsAre("DC=Example, DC=com"));
  settings.groups.base = "ou=teams,OU=People,dc=example,dc=com";
  EXPECT_THAT(scope().bases, ElementsAre(settings.users.base));
  settings.groups.base = "OU=People,dc=example,dc=com";
  EXPECT_THAT(scope().bases, ElementsAre(settings.users.base));
}

TEST_F(GivenSettings, WhenNamesOnlyLookAlikeThenBothBasesStay) {
  EXPECT_THAT(top_bases({"ou=people,dc=example,dc=com", "ou=more people,dc=example,dc=com"}).size(), 2U);
  EXPECT_THAT(top_bases({"dc=com", "not a DN"}), ElementsAre("dc=com", "not a DN"));
  EXPECT_THAT(top_bases({"", "dc=com"}), ElementsAre(""));
}

}  // namespace
}  // namespace dirsync::ldap
