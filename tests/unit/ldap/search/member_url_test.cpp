#include "ldap/search/member_url.hpp"

#include <gtest/gtest.h>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

TEST(GivenAMemberUrl, WhenItIsWholeThenBaseScopeAndFilter) {
  EXPECT_EQ(parse_member_url("ldap:///ou=people,dc=x??sub?(l=Bern)").value(),
            (MemberUrl{"ou=people,dc=x", Scope::sub, "(l=Bern)"}));
  EXPECT_EQ(parse_member_url("LDAP:///ou=people,dc=x?member,mail?one?(&(a=b)(!(c=d)))").value(),
            (MemberUrl{"ou=people,dc=x", Scope::one, "(&(a=b)(!(c=d)))"}));
  EXPECT_EQ(parse_member_url("ldap:///cn=R%26D,dc=x??sub?(cn=a%20b%3F)").value(),
            (MemberUrl{"cn=R&D,dc=x", Scope::sub, "(cn=a b?)"}));
}

TEST(GivenAMemberUrl, WhenPartsAreLeftOutThenTheDefaults) {
  MemberUrl const whole{"cn=a,dc=x", Scope::base, "(objectClass=*)"};
  for (auto const* const url : {"ldap:///cn=a,dc=x", "ldap:///cn=a,dc=x???", "ldap:///cn=a,dc=x??base"})
    EXPECT_EQ(parse_member_url(url).value(), whole) << url;
}

TEST(GivenAMemberUrl, WhenItCanNotBeSearchedHereThenAnErrorSaysWhy) {
  for (auto const& [url, reason] :
       {std::pair<std::string, std::string>{"ldap://other.example.com/dc=x??sub", "other.example.com"},
        {"ldap://127.0.0.1:389/dc=x??sub", "127.0.0.1"},
        {"ldaps:///dc=x??sub", "ldap://"},
        {"ldapi:///dc=x??sub", "ldap://"},
        {"http://x/", "not an LDAP URL"},
        {"", "not an LDAP URL"},
        {"ldap:///dc=x??all?(a=b)", "not an LDAP URL"},
        {"ldap:///dc=x??subordinate?(a=b)", "another scope"},
        {"ldap:///dc=x??sub?(a=b)?!must=1", "extension"},
        {std::string{"ldap:///dc=x??sub?(a=b)\0(c=d)", 29}, "not an LDAP URL"}}) {
    auto const parsed = parse_member_url(url);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().code, LdapErrc::bad_member_url);
    EXPECT_NE(parsed.error().context.find(reason), std::string::npos)
        << url << ": " << parsed.error().context;
  }
}

}  // namespace
}  // namespace dirsync::ldap
