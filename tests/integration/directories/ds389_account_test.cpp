#include <gmock/gmock.h>

#include "tests/integration/directories/ds389_server.hpp"

namespace dirsync::ldap {
namespace {

using testing::HasSubstr;

struct Given389Accounts : Ds389Fixture {
  static void SetUpTestSuite() {
    auto const leavers = "ou=leavers," + people(kArea), model = "cn=model," + area(kArea);
    tools().modify(
        area_ldif(kArea) + person_ldif(kArea, "ann") + person_ldif(kArea, "bob", "nsAccountLock: TRUE\n") +
        person_ldif(kArea, "lena", "userPassword: right\n") + unit_ldif("leavers", people(kArea)) +
        "dn: uid=leo," + leavers + "\n" + Ds389Server::person_lines("leo") + "\ndn: " + model +
        "\nobjectClass: cosTemplate\nobjectClass: extensibleObject\nnsAccountLock: true\n\ndn: cn=lock," +
        leavers +
        "\nobjectClass: cosSuperDefinition\nobjectClass: cosPointerDefinition\nobjectClass: ldapSubEntry\n"
        "cosTemplateDn: " +
        model + "\ncosAttribute: nsAccountLock operational\n\n");
  }
  AccountFinding find(std::string const& dn) {
    auto const scheme = AccountScheme::ds389;
    return account(must_read(settings(kArea), account_query(scheme)), dn, {scheme, {}});
  }
  static constexpr char kArea[] = "accounts";
};

TEST_F(Given389Accounts, WhenNothingIsSaidThenUsable) {
  EXPECT_EQ(find(person_dn(kArea, "ann")).kind, AccountFinding::Kind::usable);
}

TEST_F(Given389Accounts, WhenTheEntryIsLockedThenDisabled) {
  auto const bob = find(person_dn(kArea, "bob"));
  EXPECT_EQ(bob.kind, AccountFinding::Kind::blocked);
  EXPECT_THAT(bob.text, HasSubstr("nsAccountLock"));
}

TEST_F(Given389Accounts, WhenAClassOfServiceLocksThenDisabled) {
  EXPECT_EQ(find("uid=leo,ou=leavers," + people(kArea)).kind, AccountFinding::Kind::blocked);
}

TEST_F(Given389Accounts, WhenTheServerLocksAfterWrongPasswordsThenLocked) {
  modify("cn=config",
         "replace: passwordLockout\npasswordLockout: on\n-\nreplace: passwordMaxFailure\n"
         "passwordMaxFailure: 2\n");
  auto const lena = person_dn(kArea, "lena");
  for (int attempt = 0; attempt < 2; ++attempt)
    EXPECT_THROW(tools().bind_as(lena, "wrong"), std::runtime_error);
  auto const finding = find(lena);
  modify("cn=config", "replace: passwordLockout\npasswordLockout: off\n");
  EXPECT_EQ(finding.kind, AccountFinding::Kind::blocked);
  EXPECT_THAT(finding.text, HasSubstr("accountUnlockTime"));
}

}  // namespace
}  // namespace dirsync::ldap
