#include "sync/model/account.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "sync/model/record.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// An entry with the values that a test gives it, judged at 2026-01-02T03:04:05Z.
struct GivenAccount : testing::Test {
  using Values = std::map<std::string, std::vector<std::string_view>>;
  AccountRules rules;
  AccountStates states{.disabled = true, .expired = true, .locked = true};
  std::chrono::system_clock::time_point now = *parse_rfc3339("2026-01-02T03:04:05Z");

  /// "usable", or "blocked"/"unclear", a colon and the text.
  std::string finding(Values const& values) const {
    std::vector<AttributeView> attributes;
    for (auto const& [name, list] : values) attributes.push_back({name, list});
    Entry const entry{EntryId{"id"}, "uid=ann", "uid=ann", attributes};
    auto const found = examine_account(entry, rules, states, now);
    if (found.kind == AccountFinding::Kind::usable) return "usable" + found.text;
    return (found.kind == AccountFinding::Kind::blocked ? "blocked: " : "unclear: ") + found.text;
  }
};

struct GivenOpenLdapAccount : GivenAccount {
  GivenOpenLdapAccount() { rules.scheme = AccountScheme::openldap; }
  std::string locked(std::string_view value) const { return finding({{"pwdAccountLockedTime", {value}}}); }
  std::string expiring(std::string_view value) const { return finding({{"shadowExpire", {value}}}); }
};

TEST_F(GivenOpenLdapAccount, WhenNothingIsSaidThenUsable) { EXPECT_EQ(finding({}), "usable"); }

TEST_F(GivenOpenLdapAccount, WhenItsLockHasBegunThenLockedWithTheTime) {
  EXPECT_EQ(locked("20260102030405Z"),
            "blocked: is locked since 2026-01-02T03:04:05Z (pwdAccountLockedTime)");
  EXPECT_EQ(locked("20250101120000.5+0130"),
            "blocked: is locked since 2025-01-01T10:30:00Z (pwdAccountLockedTime)");
  EXPECT_EQ(finding({{"PWDACCOUNTLOCKEDTIME", {"20250101120000Z"}}}),
            "blocked: is locked since 2025-01-01T12:00:00Z (pwdAccountLockedTime)");
}

TEST_F(GivenOpenLdapAccount, WhenItsLockBeginsLaterThenUsable) {
  EXPECT_EQ(locked("20260102030406Z"), "usable");
  EXPECT_EQ(locked("99991231235959Z"), "usable");
}

TEST_F(GivenOpenLdapAccount, WhenLockedForEverThenBothWordsCoverIt) {
  auto const for_ever = "blocked: is locked until an administrator unlocks it (pwdAccountLockedTime)";
  EXPECT_EQ(locked("000001010000Z"), for_ever);
  states = {.disabled = true, .expired = false, .locked = false};
  EXPECT_EQ(locked("00000101000000Z"), for_ever);
  states = {.disabled = false, .expired = false, .locked = true};
  EXPECT_EQ(locked("000001010000Z"), for_ever);
  states = {.disabled = false, .expired = true, .locked = false};
  EXPECT_EQ(locked("000001010000Z"), "usable");
}

TEST_F(GivenOpenLdapAccount, WhenLocksDoNotCountThenWrongPasswordsCostNothing) {
  states.locked = false;
  EXPECT_EQ(locked("20250101120000Z"), "usable");
}

TEST_F(GivenOpenLdapAccount, WhenItsLockIsNoTimeThenUnclear) {
  EXPECT_EQ(locked("yes"), "unclear: has pwdAccountLockedTime \"yes\", which is no time; correct it");
  EXPECT_EQ(locked(""), "unclear: has pwdAccountLockedTime \"\", which is no time; correct it");
  states.locked = false;
  EXPECT_THAT(locked("20261301000000Z"), testing::StartsWith("unclear"));
}

TEST_F(GivenOpenLdapAccount, WhenItsLastDayHasComeThenExpired) {
  EXPECT_EQ(expiring("20455"), "blocked: is expired since 2026-01-02 (shadowExpire)");
  EXPECT_EQ(expiring("1"), "blocked: is expired since 1970-01-02 (shadowExpire)");
  EXPECT_EQ(expiring("20456"), "usable");
  now = *parse_rfc3339("2026-01-01T23:59:59.999Z");
  EXPECT_EQ(expiring("20455"), "usable");
  now = *parse_rfc3339("2026-01-02T00:00:00Z");
  EXPECT_THAT(expiring("20455"), testing::StartsWith("blocked"));
}

TEST_F(GivenOpenLdapAccount, WhenItNeverExpiresThenUsable) {
  EXPECT_EQ(expiring("-1"), "usable");
  EXPECT_EQ(expiring("9223372036854775807"), "usable");
}

TEST_F(GivenOpenLdapAccount, WhenItsExpiryMeansNothingThenUnclear) {
  for (auto const* value : {"0", "-2", "-9223372036854775808", "9223372036854775808", "soon", "20455 ", ""})
    EXPECT_THAT(expiring(value), testing::StartsWith("unclear: has shadowExpire \"")) << value;
  states.expired = false;
  EXPECT_EQ(expiring("soon"), "usable");
}

TEST_F(GivenOpenLdapAccount, WhenOneValueIsUnclearAndAnotherBlocksThenBlocked) {
  EXPECT_EQ(finding({{"shadowExpire", {"soon"}}, {"pwdAccountLockedTime", {"20250101120000Z"}}}),
            "blocked: is locked since 2025-01-01T12:00:00Z (pwdAccountLockedTime)");
  EXPECT_EQ(finding({{"shadowExpire", {"1"}}, {"pwdAccountLockedTime", {"soon"}}}),
            "blocked: is expired since 1970-01-02 (shadowExpire)");
}

TEST_F(GivenOpenLdapAccount, WhenOtherFlavoursAttributesAreThereThenTheyMeanNothing) {
  EXPECT_EQ(finding({{"nsAccountLock", {"true"}}, {"userAccountControl", {"2"}}}), "usable");
  rules.scheme = AccountScheme::none;
  EXPECT_EQ(locked("000001010000Z"), "usable");
}

struct Given389Account : GivenAccount {
  Given389Account() { rules.scheme = AccountScheme::ds389; }
  std::string locked(std::vector<std::string_view> const& values) const {
    return finding({{"nsAccountLock", values}});
  }
  std::string unlocking(std::string_view value) const { return finding({{"accountUnlockTime", {value}}}); }
};

TEST_F(Given389Account, WhenInactivatedInAnyCaseThenDisabled) {
  for (auto const* value : {"true", "TRUE", "True"})
    EXPECT_EQ(locked({value}), "blocked: is disabled (nsAccountLock)") << value;
  EXPECT_EQ(locked({"false", "true"}), "blocked: is disabled (nsAccountLock)");
  EXPECT_EQ(locked({"maybe", "true", "false"}), "blocked: is disabled (nsAccountLock)");
}

TEST_F(Given389Account, WhenNotInactivatedThenUsable) {
  EXPECT_EQ(finding({}), "usable");
  EXPECT_EQ(locked({"False"}), "usable");
  EXPECT_EQ(locked({""}), "usable");
  states.disabled = false;
  EXPECT_EQ(locked({"true"}), "usable");
}

TEST_F(Given389Account, WhenNeitherTrueNorFalseThenUnclear) {
  EXPECT_EQ(locked({"1"}), "unclear: has nsAccountLock \"1\", which is no true or false; correct it");
}

TEST_F(Given389Account, WhenLockedAfterWrongPasswordsThenUntilItsTime) {
  EXPECT_EQ(unlocking("20260102030406Z"),
            "blocked: is locked until 2026-01-02T03:04:06Z (accountUnlockTime)");
  EXPECT_EQ(unlocking("20260102030405Z"), "usable");
  for (auto const* value : {"0", "19700101000000Z"})
    EXPECT_EQ(unlocking(value), "blocked: is locked until an administrator unlocks it (accountUnlockTime)");
  EXPECT_THAT(unlocking("600"), testing::StartsWith("unclear"));
  states.locked = false;
  EXPECT_EQ(unlocking("0"), "usable");
}

/// With userAccountControl 512, an ordinary account.
struct GivenActiveDirectoryAccount : GivenAccount {
  GivenActiveDirectoryAccount() { rules.scheme = AccountScheme::active_directory; }
  std::string control(std::string_view value) const { return finding({{"userAccountControl", {value}}}); }
  std::string with(char const* attribute, std::string_view value) const {
    return finding({{"userAccountControl", {"512"}}, {attribute, {value}}});
  }
  std::string expiring(std::string_view value) const { return with("accountExpires", value); }
  std::string locked(std::string_view value) const { return with("lockoutTime", value); }
  static constexpr char kNow[] = "134117966450000000", kLater[] = "134117966450000001";
};

TEST_F(GivenActiveDirectoryAccount, WhenTheBitIsSetThenDisabled) {
  for (auto const* value : {"2", "514", "66050", "-2147483646"})
    EXPECT_EQ(control(value), "blocked: is disabled (userAccountControl)") << value;
  for (auto const* value : {"0", "512", "66048", "-2147483648"}) EXPECT_EQ(control(value), "usable") << value;
}

TEST_F(GivenActiveDirectoryAccount, WhenTheControlIsHiddenOrNoNumberThenUnclear) {
  EXPECT_EQ(finding({}), "unclear: shows no userAccountControl; give the bind DN read access to it");
  EXPECT_THAT(control("0x202"), testing::StartsWith("unclear"));
  EXPECT_EQ(finding({{"accountExpires", {"1"}}}),
            "blocked: is expired since 1601-01-01T00:00:00Z (accountExpires)");
  states.disabled = false;
  EXPECT_EQ(finding({}), "usable");
}

TEST_F(GivenActiveDirectoryAccount, WhenItsEndHasComeThenExpired) {
  EXPECT_EQ(expiring(kNow), "blocked: is expired since 2026-01-02T03:04:05Z (accountExpires)");
  EXPECT_EQ(expiring(kLater), "usable");
  states.expired = false;
  EXPECT_EQ(expiring(kNow), "usable");
}

TEST_F(GivenActiveDirectoryAccount, WhenItNeverEndsThenUsable) {
  for (auto const* value : {"0", "9223372036854775807", "9223372036854775806"})
    EXPECT_EQ(expiring(value), "usable") << value;
}

TEST_F(GivenActiveDirectoryAccount, WhenItsEndIsNoTimeThenUnclear) {
  for (auto const* value : {"-1", "-9223372036854775808", "9223372036854775808", "never", ""})
    EXPECT_THAT(expiring(value), testing::StartsWith("unclear: has accountExpires")) << value;
}

TEST_F(GivenActiveDirectoryAccount, WhenLockedForATimeThenUntilItHasPassed) {
  rules.lockout_duration = 30min;
  EXPECT_EQ(locked(kNow), "blocked: is locked since 2026-01-02T03:04:05Z (lockoutTime)");
  now += 30min - 1ms;
  EXPECT_EQ(locked(kNow), "blocked: is locked since 2026-01-02T03:04:05Z (lockoutTime)");
  now += 1ms;
  EXPECT_EQ(locked(kNow), "usable");
}

TEST_F(GivenActiveDirectoryAccount, WhenTheDurationIsNotKnownThenLockedUntilItIsLifted) {
  EXPECT_EQ(locked("1"), "blocked: is locked since 1601-01-01T00:00:00Z (lockoutTime)");
  EXPECT_EQ(locked("0"), "usable");
  EXPECT_EQ(locked(kLater), "usable");
  rules.lockout_duration = FileTicks::max();
  EXPECT_EQ(locked("1"), "blocked: is locked since 1601-01-01T00:00:00Z (lockoutTime)");
  states.locked = false;
  EXPECT_EQ(locked("1"), "usable");
}

TEST_F(GivenActiveDirectoryAccount, WhenItsLockIsNoTimeThenUnclear) {
  for (auto const* value : {"-1", "9223372036854775808", "now"})
    EXPECT_THAT(locked(value), testing::StartsWith("unclear: has lockoutTime")) << value;
  EXPECT_EQ(locked("9223372036854775807"), "usable");
}

TEST(GivenLockoutDuration, WhenParsedThenOnlyANegativeIntervalEndsLocks) {
  EXPECT_EQ(parse_lockout_duration("-18000000000"), 30min);
  EXPECT_EQ(parse_lockout_duration("-9223372036854775807"), FileTicks::max());
  for (auto const* value : {"0", "-9223372036854775808", "18000000000", "-9223372036854775809", "", "30m"})
    EXPECT_FALSE(parse_lockout_duration(value)) << value;
}

TEST(GivenAccountStates, WhenAskedThenOnlyTheAttributesTheyNeed) {
  AccountStates const all{.disabled = true, .expired = true, .locked = true};
  EXPECT_THAT(account_attributes(AccountScheme::openldap, all),
              ElementsAre("pwdaccountlockedtime", "shadowexpire"));
  EXPECT_THAT(account_attributes(AccountScheme::openldap, {true, false, false}),
              ElementsAre("pwdaccountlockedtime"));
  EXPECT_THAT(account_attributes(AccountScheme::ds389, all),
              ElementsAre("accountunlocktime", "nsaccountlock"));
  EXPECT_THAT(account_attributes(AccountScheme::active_directory, all),
              ElementsAre("accountexpires", "lockouttime", "useraccountcontrol"));
  EXPECT_THAT(account_attributes(AccountScheme::active_directory, kNoAccountStates), IsEmpty());
  EXPECT_THAT(account_attributes(AccountScheme::none, all), IsEmpty());
}

}  // namespace
}  // namespace dirsync
