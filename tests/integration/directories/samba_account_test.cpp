#include <gmock/gmock.h>

#include "tests/integration/directories/samba_server.hpp"

namespace dirsync::ldap {
namespace {

using testing::HasSubstr;

struct GivenAdAccounts : SambaFixture {
  static void SetUpTestSuite() {
    auto records = area_ldif(kArea);
    for (auto const* name : {"ann", "bob", "eva", "kim", "lena"}) records += person_ldif(kArea, name);
    tools().modify(records);
    modify(person_dn(kArea, "bob"), "replace: userAccountControl\nuserAccountControl: 514\n");
    modify(person_dn(kArea, "eva"), "replace: accountExpires\naccountExpires: 133000000000000000\n");  // 2022
    modify(person_dn(kArea, "kim"), "replace: accountExpires\naccountExpires: 190000000000000000\n");  // 2203
  }
  AccountFinding find(std::string const& person) {
    return account(read_area(), person_dn(kArea, person), rules());
  }
  Snapshot read_area() { return must_read(settings(kArea), account_query(AccountScheme::active_directory)); }
  static AccountRules rules() {
    return {AccountScheme::active_directory,
            parse_lockout_duration(tools().value(SambaServer::kSuffix, "lockoutDuration"))};
  }
  static constexpr char kArea[] = "accounts";
};

TEST_F(GivenAdAccounts, WhenNothingIsSaidThenUsable) {
  EXPECT_EQ(find("ann").kind, AccountFinding::Kind::usable) << find("ann").text;
}

TEST_F(GivenAdAccounts, WhenTheDisabledBitIsSetThenDisabled) {
  auto const bob = find("bob");
  EXPECT_EQ(bob.kind, AccountFinding::Kind::blocked);
  EXPECT_THAT(bob.text, HasSubstr("userAccountControl"));
}

TEST_F(GivenAdAccounts, WhenTheEndIsPastThenExpiredAndElseNot) {
  auto const eva = find("eva");
  EXPECT_EQ(eva.kind, AccountFinding::Kind::blocked);
  EXPECT_THAT(eva.text, HasSubstr("accountExpires"));
  EXPECT_EQ(find("kim").kind, AccountFinding::Kind::usable);
}

TEST_F(GivenAdAccounts, WhenTheServerLocksAfterWrongPasswordsThenLockedForAsLongAsTheDomainSays) {
  modify(SambaServer::kSuffix, "replace: lockoutThreshold\nlockoutThreshold: 3\n");
  auto const lena = person_dn(kArea, "lena");
  for (int attempt = 0; attempt < 3; ++attempt)
    EXPECT_THROW(tools().bind_as(lena, "wrong"), std::runtime_error);
  auto const snapshot = read_area();
  modify(SambaServer::kSuffix, "replace: lockoutThreshold\nlockoutThreshold: 0\n");
  EXPECT_EQ(account(snapshot, lena, rules()).kind, AccountFinding::Kind::blocked);
  EXPECT_THAT(account(snapshot, lena, rules()).text, HasSubstr("lockoutTime"));
  auto const in_an_hour =
      std::chrono::system_clock::now() + std::chrono::hours{1};  // the lock lasts 30 minutes
  EXPECT_EQ(account(snapshot, lena, rules(), in_an_hour).kind, AccountFinding::Kind::usable);
}

}  // namespace
}  // namespace dirsync::ldap
