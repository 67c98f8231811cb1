#include <gmock/gmock.h>

#include "tests/integration/directories/samba_server.hpp"

namespace dirsync::ldap {
namespace {

struct GivenABindToAd : SambaFixture {
  static void SetUpTestSuite() { tools().modify(area_ldif("binds")); }
};

TEST_F(GivenABindToAd, WhenThePasswordIsWrongThenTheSubErrorIsTold) {
  auto wrong = settings("binds");
  wrong.bind.password = Secret{"wrong"};
  expect_failure(wrong, LdapErrc::bind_refused, {wrong.bind.dn, "result 49", "data 52e"});
}

TEST_F(GivenABindToAd, WhenTheBindIsNotProtectedThenTheServerRefusesIt) {
  auto plain = settings("binds");
  plain.uris = {server().uri()};
  plain.tls.plaintext = true;
  expect_failure(plain, LdapErrc::bind_refused, {"result 8"});
}

TEST_F(GivenABindToAd, WhenTheWholeDomainIsReadThenPartsThatTheServerHasItselfAreNoReferrals) {
  auto whole = settings("binds");
  whole.users.base = SambaServer::kSuffix;
  auto const snapshot = read(whole);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  EXPECT_FALSE(snapshot->people().empty());
}

}  // namespace
}  // namespace dirsync::ldap
