#include "ldap/search/filter_template.hpp"

#include <gtest/gtest.h>

namespace dirsync::ldap {
namespace {

TEST(GivenAFilter, WhenShownThenValuesAreLeftOut) {
  EXPECT_EQ(filter_template("(uid=ann)"), "(uid=?)");
  EXPECT_EQ(filter_template("(&(cn=pam-*)(!(mail=*@example.com)))"), "(&(cn=?)(!(mail=?)))");
  EXPECT_EQ(filter_template(R"((entryUUID=\28\29\2a))"), "(entryUUID=?)");
  EXPECT_EQ(filter_template("(|(memberOf=cn=a,dc=x)(memberOf=cn=b,dc=x))"), "(|(memberOf=?)(memberOf=?))");
}

TEST(GivenAFilter, WhenShownThenClassesTestsAndPresenceStay) {
  EXPECT_EQ(filter_template("(objectClass=*)"), "(objectClass=*)");
  EXPECT_EQ(filter_template("(&(objectclass=groupOfNames)(mail=*))"),
            "(&(objectclass=groupOfNames)(mail=*))");
  EXPECT_EQ(filter_template("(&(uidNumber>=5)(cn~=ann)(userAccountControl:1.2.840.113556.1.4.803:=2))"),
            "(&(uidNumber>=?)(cn~=?)(userAccountControl:1.2.840.113556.1.4.803:=?))");
}

TEST(GivenWhatIsNoFilter, WhenShownThenItsValueIsLeftOutAllTheSame) {
  EXPECT_EQ(filter_template(""), "");
  EXPECT_EQ(filter_template("(((("), "((((");
  EXPECT_EQ(filter_template("(uid=ann"), "(uid=?");
  EXPECT_EQ(filter_template("uid=ann)(cn=bob)"), "uid=?)(cn=?)");
}

}  // namespace
}  // namespace dirsync::ldap
