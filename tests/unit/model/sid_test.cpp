#include "sync/model/sid.hpp"

#include <gtest/gtest.h>

namespace dirsync {
namespace {

using namespace std::string_literals;

TEST(Sid, WhenBytesThenText) {
  EXPECT_EQ(sid_text("\1\5\0\0\0\0\0\5\x15\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\x50\4\0\0"s), "S-1-5-21-1-2-3-1104");
  EXPECT_EQ(sid_text("\1\1\0\0\0\0\0\5\xb\0\0\0"s), "S-1-5-11");
  EXPECT_EQ(sid_text("\1\1\0\0\0\0\0\5\xff\xff\xff\xff"s), "S-1-5-4294967295");
}

TEST(Sid, WhenCutOrOfAnotherRevisionThenNothing) {
  EXPECT_FALSE(sid_text(""));
  EXPECT_FALSE(sid_text("\1\0\0\0\0\0\0\5"s));
  EXPECT_FALSE(sid_text("\2\1\0\0\0\0\0\5\xb\0\0\0"s));
  EXPECT_FALSE(sid_text("\1\2\0\0\0\0\0\5\xb\0\0\0"s));
  EXPECT_FALSE(sid_text("\1\1\0\0\0\0\0\5\xb\0\0\0\0"s));
}

TEST(Sid, WhenADnStandsForAForeignPrincipalThenItsSid) {
  EXPECT_EQ(foreign_principal("CN=S-1-5-21-1-2-3-1104,CN=ForeignSecurityPrincipals,DC=x"),
            "S-1-5-21-1-2-3-1104");
  EXPECT_EQ(foreign_principal("cn=s-1-5-21-7,cn=foreignsecurityprincipals,dc=x"), "S-1-5-21-7");
}

TEST(Sid, WhenTheValueIsASidThenThatOne) {
  EXPECT_EQ(foreign_principal("s-1-5-21-1-2-3-1104"), "S-1-5-21-1-2-3-1104");
  EXPECT_FALSE(foreign_principal("S-1-5-11"));
  EXPECT_FALSE(foreign_principal("S-1-5-21-"));
  EXPECT_FALSE(foreign_principal("s-1-5-21-ann"));
}

TEST(Sid, WhenADnIsAnyOtherThenNothing) {
  EXPECT_FALSE(foreign_principal("CN=S-1-5-11,CN=ForeignSecurityPrincipals,DC=x")) << "every domain has it";
  EXPECT_FALSE(foreign_principal("CN=S-1-5-21-,CN=ForeignSecurityPrincipals,DC=x"));
  EXPECT_FALSE(foreign_principal("CN=S-1-5-21-1 a,CN=ForeignSecurityPrincipals,DC=x"));
  EXPECT_FALSE(foreign_principal("CN=S-1-5-21-1,CN=Users,DC=x"));
  EXPECT_FALSE(foreign_principal("OU=S-1-5-21-1,CN=ForeignSecurityPrincipals,DC=x"));
  EXPECT_FALSE(foreign_principal("CN=S-1-5-21-1"));
  EXPECT_FALSE(foreign_principal(""));
}

}  // namespace
}  // namespace dirsync
