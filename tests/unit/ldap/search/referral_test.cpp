#include "ldap/search/referral.hpp"

#include <gmock/gmock.h>

#include "ldap/errors.hpp"
#include "sync/model/dn.hpp"

namespace dirsync::ldap {
namespace {

using testing::HasSubstr;

struct GivenAReferral : testing::Test {
  Search const search{"search for people", "ou=people,dc=x", Scope::one, "(uid=*)", {"cn"}};
  std::vector<std::string> const hosts{"ldap2.example.com:636", "Plain.example.com", "[::1]:1389"};

  ReferralTarget target(std::string const& url) const {
    auto parsed = parse_referral(url, search, hosts);
    if (parsed) return std::move(*parsed);
    ADD_FAILURE() << text(parsed.error());
    return {};
  }
  void expect_refused(std::string const& url, std::string const& why) const {
    auto const parsed = parse_referral(url, search, hosts);
    ASSERT_FALSE(parsed) << url;
    EXPECT_EQ(parsed.error().code, LdapErrc::referral);
    EXPECT_THAT(parsed.error().context, HasSubstr(why));
  }
};

TEST_F(GivenAReferral, WhenItNamesAServerAloneThenTheSearchStays) {
  for (auto const* url :
       {"ldap://plain.example.com", "ldap://PLAIN.example.com/", "ldap://plain.example.com:389/"}) {
    auto const same = target(url);
    EXPECT_EQ(same.uri, "ldap://plain.example.com:389");
    EXPECT_EQ(same.search.base, search.base);
    EXPECT_EQ(same.search.scope, Scope::one);
    EXPECT_EQ(same.search.filter, "(uid=*)");
  }
}

TEST_F(GivenAReferral, WhenItHasItsOwnBaseScopeAndFilterThenTheyCount) {
  auto const other = target("ldaps://ldap2.example.com/ou=far%20away,dc=x??base?(cn=a)");
  EXPECT_EQ(other.uri, "ldaps://ldap2.example.com:636");
  EXPECT_EQ(other.search.base, "ou=far away,dc=x");
  EXPECT_EQ(other.search.scope, Scope::base);
  EXPECT_EQ(other.search.filter, "(cn=a)");
  EXPECT_EQ(other.search.attributes, search.attributes);
}

TEST_F(GivenAReferral, WhenPartsAreEmptyThenTheSearchsOwnStay) {
  auto const partly = target("ldaps://ldap2.example.com/dc=y???");
  EXPECT_EQ(partly.search.base, "dc=y");
  EXPECT_EQ(partly.search.scope, Scope::one);
  EXPECT_EQ(partly.search.filter, "(uid=*)");
  EXPECT_EQ(target("ldaps://ldap2.example.com/dc=y??sub").search.scope, Scope::sub);
}

TEST_F(GivenAReferral, WhenTheServerIsNotListedThenItIsRefused) {
  expect_refused("ldap://ldap2.example.com/", "not in referral_hosts");  // another port
  expect_refused("ldaps://ldap2.example.com:1636/", "not in referral_hosts");
  expect_refused("ldap://plain.example.com:3890/", "not in referral_hosts");
  expect_refused("ldaps://evil.test:636/", "not in referral_hosts");
}

TEST_F(GivenAReferral, WhenItIsNoLdapUrlThenItIsRefused) {
  for (auto const* url :
       {"", "http://plain.example.com/", "ldapi://%2Frun%2Fldapi", "ldap:///dc=x", "plain.example.com"})
    expect_refused(url, "no URL of a server");
}

TEST_F(GivenAReferral, WhenItHasACriticalExtensionThenItIsRefused) {
  expect_refused("ldap://plain.example.com/dc=x???\?!bindname=cn=a", "critical extension");
}

struct GivenAReferralToThisServer : testing::Test {
  Search const search{"search for people", "DC=x", Scope::sub, "(uid=*)", {"cn"}};
  std::set<std::string> const own{*normalized_dn("DC=x"), *normalized_dn("DC=zones,DC=x")};
};

TEST_F(GivenAReferralToThisServer, WhenTheServerHasThePartItselfThenItIsSearchedThere) {
  auto const part = own_part({"ldap://zones.x/DC=Zones,DC=X??base"}, search, own);
  ASSERT_TRUE(part);
  EXPECT_EQ(part->base, "DC=Zones,DC=X");
  EXPECT_EQ(part->scope, Scope::base);
  EXPECT_EQ(part->filter, search.filter);
  EXPECT_EQ(own_part({"ldap://zones.x/DC=zones,DC=x"}, search, own)->scope, Scope::sub);
}

TEST_F(GivenAReferralToThisServer, WhenItNamesAnythingElseThenItIsElsewhere) {
  for (auto const* url : {"ldap://child.x/DC=child,DC=x", "ldap://x/DC=x", "ldap://x",
                          "ldap://x/OU=a,DC=zones,DC=x", "no url", "ldap://x/DC=zones,DC=y"})
    EXPECT_FALSE(own_part({url}, search, own)) << url;
}

}  // namespace
}  // namespace dirsync::ldap
