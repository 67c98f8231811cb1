// Accounts that the directory itself calls expired or locked.
#include <gmock/gmock.h>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;

/// In sync; the directory's own signs decide, and slapd knows no password policy.
class GivenOwnAccountStates : public World {
 protected:
  GivenOwnAccountStates() {
    configuration.disabled_key.clear();
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
  }
  void SetUp() override {
    World::SetUp();
    sync(0);
    expect_in_sync();
    forget_calls();
  }
  void expire(std::string const& uid, std::string const& day) {
    auto const dn = "dn: " + company.person(uid).dn() + "\nchangetype: modify\n";
    if (!shadowed_.insert(uid).second)
      return modify_directory(dn + "replace: shadowExpire\nshadowExpire: " + day + "\n");
    modify_directory(
        dn + "add: objectClass\nobjectClass: shadowAccount\n-\nadd: shadowExpire\nshadowExpire: " + day +
        "\n");
  }

 private:
  std::set<std::string> shadowed_;
};

TEST_F(GivenOwnAccountStates, WhenAnAccountExpiresThenItsMembershipsEndInTheNextSyncAndFirst) {
  auto const rows_before = audit({}).size();
  expire("u02", "20000");
  leave("u03", "team-a");
  join("u24", "team-a");
  auto const result = sync(0);
  expect_in_sync({"u02"});
  EXPECT_THAT(json::serialize(result), HasSubstr("is expired since 2024-10-04 (shadowExpire)"));

  auto const rows = audit({"--target", "vault"});
  std::string order;
  for (auto const& row : rows)
    if (row.at("seq").as_int64() > static_cast<std::int64_t>(rows_before) &&
        text_at(row, "phase") == "change")
      order += text_at(row, "verb") + " " + text_at(row, "principal").substr(0, 3) + "; ";
  EXPECT_THAT(order, testing::MatchesRegex("(remove u02; )+(add u24; )+(remove u03; )+"));
}

TEST_F(GivenOwnAccountStates, WhenAnAccountIsGoodAgainThenItsMembershipsComeBack) {
  expire("u02", "20000");
  sync(0);
  expect_in_sync({"u02"});
  expire("u02", "-1");
  sync(0);
  expect_in_sync();
  expect_chain_holds();
}

TEST_F(GivenOwnAccountStates, WhenTheExpiryMeansNothingThenNothingIsWrittenAndItIsReported) {
  expire("u02", "0");
  EXPECT_THAT(json::serialize(sync(0)), HasSubstr("unclear-account"));
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
}

TEST_F(GivenOwnAccountStates, WhenOtherStatesCountThenAnExpiredAccountKeepsItsMemberships) {
  expire("u02", "20000");
  configuration.disabled_key = ", account_states = [\"disabled\", \"locked\"]";
  configure();
  sync(0);
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
}

/// slapd that locks an account after five wrong passwords.
class GivenAPasswordPolicyInSync : public GivenOwnAccountStates {
 protected:
  GivenAPasswordPolicyInSync() {
    slapd_options_.global_lines = {"moduleload ppolicy"};
    slapd_options_.database_lines = {"overlay ppolicy", "ppolicy_default \"cn=policy,dc=example,dc=com\""};
  }
  void SetUp() override {
    GivenOwnAccountStates::SetUp();
    modify_directory(
        "dn: cn=policy,dc=example,dc=com\nchangetype: add\nobjectClass: organizationalRole\nobjectClass: "
        "pwdPolicy\ncn: policy\npwdAttribute: userPassword\npwdLockout: TRUE\npwdMaxFailure: 5\n");
    modify_directory("dn: " + company.person("u02").dn() +
                     "\nchangetype: modify\nadd: userPassword\nuserPassword: right\n");
  }
  bool can_log_on(std::string const& uid, std::string const& password) {
    Process ldapwhoami{
        {"ldapwhoami", "-x", "-H", slapd_->uri(), "-D", company.person(uid).dn(), "-w", password},
        folder_.path(),
        "ldapwhoami"};
    return ldapwhoami.wait().exit == 0;
  }
  void type_five_wrong_passwords(std::string const& uid) {
    EXPECT_TRUE(can_log_on(uid, "right"));
    for (int n = 0; n < 5; ++n) EXPECT_FALSE(can_log_on(uid, "wrong"));
    EXPECT_FALSE(can_log_on(uid, "right")) << "locked";
  }
};

TEST_F(GivenAPasswordPolicyInSync, WhenFiveWrongPasswordsAreTypedThenNobodyLosesAGroup) {
  type_five_wrong_passwords("u02");
  for (int again = 0; again < 2; ++again) sync(0);
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
}

class GivenAPasswordPolicyThatCounts : public GivenAPasswordPolicyInSync {
 protected:
  GivenAPasswordPolicyThatCounts() {
    configuration.disabled_key = ", account_states = [\"disabled\", \"expired\", \"locked\"]";
  }
};

TEST_F(GivenAPasswordPolicyThatCounts, WhenFiveWrongPasswordsAreTypedThenTheMembershipsEnd) {
  type_five_wrong_passwords("u02");
  sync(0);
  expect_in_sync({"u02"});
}

}  // namespace
}  // namespace dirsync::test
