// Accounts as real servers tell them; and Active Directory's lockoutDuration from a scripted one.
#include <gmock/gmock.h>

#include "ldap/connect/stop.hpp"
#include "ldap/read/accounts.hpp"
#include "sync/model/account.hpp"
#include "sync/model/record.hpp"
#include "tests/integration/ldap/fixture.hpp"
#include "tests/support/ldap/scripted_server.hpp"

namespace dirsync::ldap {
namespace {

using namespace std::chrono_literals;
using test::ScriptedLdap;
using testing::HasSubstr;
using testing::StartsWith;

/// The LDIF of a person with more lines. They follow the class: slapadd wants values of one attribute
/// together.
std::string person_with(std::string const& uid, unsigned number, std::string const& lines) {
  auto text = test::ldif_person(uid, number);
  std::string const known = "objectClass: inetOrgPerson\n";
  return text.replace(text.find(known), known.size(), known + lines);
}

/// slapd with ppolicy, which locks an account after two wrong passwords.
struct GivenPasswordPolicy : LdapFixture {
  void SetUp() override {
    slapd.emplace(test::Slapd::Options{
        .ldif = test::ldif_tree() +
                "dn: cn=policy,dc=example,dc=com\nobjectClass: organizationalRole\nobjectClass: pwdPolicy\n"
                "cn: policy\npwdAttribute: userPassword\npwdLockout: TRUE\npwdMaxFailure: 2\n\n" +
                person_with("ann", 1, "userPassword: right\n") +
                person_with("bob", 2, "userPassword: right\n") +
                person_with("cid", 3, "pwdAccountLockedTime: 000001010000Z\n") +
                person_with("dan", 4, "pwdAccountLockedTime: 20250101120000Z\n") +
                person_with("eve", 5, "objectClass: shadowAccount\nshadowExpire: 20454\n") +
                person_with("fay", 6, "objectClass: shadowAccount\nshadowExpire: 20455\n") +
                person_with("gus", 7, "objectClass: shadowAccount\nshadowExpire: -1\n") +
                test::ldif_group("staff", 100, {member(test::person_dn("ann"))}),
        .global_lines = {"moduleload ppolicy"},
        .database_lines = {"overlay ppolicy", "ppolicy_default \"cn=policy,dc=example,dc=com\""},
        .access = {"access to attrs=userPassword by anonymous auth by * none", "access to * by * read"}});
  }

  void log_on(std::string const& uid, std::string const& password) {
    auto settings = settings_for(slapd->tls_uri());
    settings.tls.ca_file = slapd->ca_file();
    settings.bind = {Bind::Method::simple, test::person_dn(uid), Secret{password}, {}, {}};
    auto const snapshot = read(settings);
    EXPECT_EQ(snapshot.has_value(), password == "right") << (snapshot ? "" : text(snapshot.error()));
  }

  /// What the read shows of each account, at 2026-01-01 or later.
  std::string finding(std::string const& uid, AccountStates states = {true, true, true},
                      char const* now = "2026-01-01T12:00:00Z") {
    auto asked = query();
    asked.account_states = states;
    auto const snapshot = read(settings(), asked);
    if (!snapshot) return text(snapshot.error());
    auto const person = snapshot->person_by_dn(test::person_dn(uid));
    if (!person) return "no such person";
    auto const found =
        examine_account(snapshot->people()[*person], snapshot->account_rules(), states, *parse_rfc3339(now));
    return found.kind == AccountFinding::Kind::usable ? "usable" : found.text;
  }
};

TEST_F(GivenPasswordPolicy, WhenTheServerLocksAnAccountThenItIsLocked) {
  for (auto const* uid : {"ann", "bob"}) log_on(uid, "wrong");
  log_on("bob", "right");
  EXPECT_EQ(finding("ann", {true, true, true}, "2099-01-01T00:00:00Z"), "usable");
  log_on("ann", "wrong");
  EXPECT_THAT(finding("ann", {true, true, true}, "2099-01-01T00:00:00Z"), StartsWith("is locked since 2"));
  EXPECT_EQ(finding("ann", {}, "2099-01-01T00:00:00Z"), "usable");
  EXPECT_EQ(finding("bob", {true, true, true}, "2099-01-01T00:00:00Z"), "usable");
}

TEST_F(GivenPasswordPolicy, WhenReadThenEachAccountIsJudgedByItsOwnAttributes) {
  EXPECT_EQ(finding("cid"), "is locked until an administrator unlocks it (pwdAccountLockedTime)");
  EXPECT_EQ(finding("cid", {true, true, false}),
            "is locked until an administrator unlocks it (pwdAccountLockedTime)");
  EXPECT_EQ(finding("dan"), "is locked since 2025-01-01T12:00:00Z (pwdAccountLockedTime)");
  EXPECT_EQ(finding("eve"), "is expired since 2026-01-01 (shadowExpire)");
  EXPECT_EQ(finding("fay"), "usable");
  EXPECT_EQ(finding("fay", {true, true, true}, "2026-01-02T00:00:00Z"),
            "is expired since 2026-01-02 (shadowExpire)");
  EXPECT_EQ(finding("gus"), "usable");
}

TEST_F(GivenPasswordPolicy, WhenNoStateCountsThenNothingOfItIsRead) {
  auto asked = query();
  asked.account_states = kNoAccountStates;
  auto const snapshot = read(settings(), asked);
  ASSERT_TRUE(snapshot) << text(snapshot.error());
  auto const dan = snapshot->person_by_dn(test::person_dn("dan"));
  ASSERT_TRUE(dan);
  EXPECT_TRUE(snapshot->people()[*dan].values("pwdAccountLockedTime").empty());
  EXPECT_EQ(snapshot->account_rules().scheme, AccountScheme::openldap);
}

/// Answers for a domain DC=x; the head is what a test wants.
struct GivenDomain : LdapFixture {
  static ScriptedLdap::Answer root() {
    return {.entries = {{"", {{"defaultNamingContext", {"DC=x"}}}}}, .paged = false};
  }
  static ScriptedLdap::Answer head(std::string const& duration) {
    return {.entries = {{"DC=x", {{"lockoutDuration", {duration}}}}}, .paged = false};
  }
  Result<AccountRules> rules(ScriptedLdap::Answer const& root, ScriptedLdap::Answer const& head,
                             Flavour flavour = Flavour::active_directory) {
    ScriptedLdap const server{
        [root, head](ScriptedLdap::Search const& search) { return search.base.empty() ? root : head; }};
    Stop stop;
    auto connection = Connection::open(settings_for(server.uri()), stop);
    if (!connection) return connection.error();
    return read_account_rules(*connection, flavour);
  }
};

TEST_F(GivenDomain, WhenItTellsHowLongLocksLastThenKnown) {
  auto const found = rules(root(), head("-18000000000"));
  ASSERT_TRUE(found) << text(found.error());
  EXPECT_EQ(found->scheme, AccountScheme::active_directory);
  EXPECT_EQ(found->lockout_duration, 30min);
}

TEST_F(GivenDomain, WhenLocksLastUntilTheyAreLiftedOrItIsNotShownThenNoDuration) {
  ScriptedLdap::Answer const nothing{.paged = false};
  for (auto const& answer : {head("0"), head("-9223372036854775808"), nothing,
                             ScriptedLdap::Answer{.result = LDAP_NO_SUCH_OBJECT, .paged = false},
                             ScriptedLdap::Answer{.result = LDAP_INSUFFICIENT_ACCESS, .paged = false}}) {
    auto const found = rules(root(), answer);
    ASSERT_TRUE(found) << text(found.error());
    EXPECT_FALSE(found->lockout_duration);
  }
  auto const found = rules(nothing, head("-1"));
  ASSERT_TRUE(found) << text(found.error());
  EXPECT_FALSE(found->lockout_duration);
}

TEST_F(GivenDomain, WhenTheServerFailsThenAnErrorAndNotALongerLock) {
  for (auto const result : {LDAP_BUSY, LDAP_OPERATIONS_ERROR, LDAP_REFERRAL}) {
    auto const found = rules(root(), {.result = result, .paged = false});
    ASSERT_FALSE(found);
    EXPECT_THAT(found.error().context, HasSubstr("reading lockoutDuration"));
    EXPECT_FALSE(rules({.result = result, .paged = false}, head("-1")));
  }
}

TEST_F(GivenDomain, WhenTheFlavourIsAnotherThenNothingIsAsked) {
  ScriptedLdap::Answer const never{.result = LDAP_BUSY, .paged = false};
  EXPECT_EQ(rules(never, never, Flavour::openldap)->scheme, AccountScheme::openldap);
  EXPECT_EQ(rules(never, never, Flavour::ds389)->scheme, AccountScheme::ds389);
  EXPECT_EQ(rules(never, never, Flavour::automatic)->scheme, AccountScheme::none);
}

}  // namespace
}  // namespace dirsync::ldap
