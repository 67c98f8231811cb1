// Accounts that the directory itself calls disabled, expired or locked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Group ops of ann and bob, on both sides; the directory speaks for its accounts, at 2026-01-02T03:04:05Z.
struct GivenAccounts : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  GivenAccounts() {
    scene.disabled.reset();
    scene.account_states.locked = true;
    scene.in_sync("ops", {"ann", "bob"});
    directory(AccountScheme::openldap);
  }
  void directory(AccountScheme scheme) {
    scene.corp().account_rules.scheme = scheme;
    if (scheme == AccountScheme::active_directory)
      for (auto const* uid : {"ann", "bob"}) set(uid, "userAccountControl", "512");
  }
  void set(std::string const& uid, std::string const& attribute, std::string const& value) {
    scene.corp().people.at(uid).attributes[attribute] = value;
  }
  std::vector<std::string> changes() {
    planned = scene.plan();
    return planned->changes();
  }
};

struct BlockingValue {
  AccountScheme scheme;
  char const* attribute;
  char const* value;
  char const* why;
};
struct GivenBlockingValue : GivenAccounts, testing::WithParamInterface<BlockingValue> {};

TEST_P(GivenBlockingValue, WhenPlannedThenRevokedFirstUnlessAnybodyCanBringItAbout) {
  auto const& [scheme, attribute, value, why] = GetParam();
  directory(scheme);
  scene.corp().person("new").attributes["userAccountControl"] = "512";
  scene.corp().join("ops", "new");
  scene.vault().world.ldap_user("new");
  scene.corp().leave("ops", "bob");
  scene.limits.confirm.removals_above = 0;
  set("ann", attribute, value);
  changes();
  // Who is locked until an administrator unlocks them was not locked by wrong passwords.
  auto const by_passwords = std::string_view{why}.starts_with("is locked since") ||
                            std::string_view{why}.starts_with("is locked until 2");
  auto const removal = "vault: remove ops ann", addition = "vault: add ops new";
  ASSERT_THAT(planned->changes(), ElementsAre(by_passwords ? addition : removal,
                                              by_passwords ? removal : addition, "vault: remove ops bob?"));
  auto const& change = planned->plan().changes[by_passwords ? 1 : 0];
  EXPECT_EQ(planned->draft.causes[by_passwords ? 1 : 0], by_passwords ? Cause::locked : Cause::disabled);
  EXPECT_EQ(change.phase, by_passwords ? Phase::removal : Phase::revocation);
  EXPECT_EQ(change.why, fake::dn_of_person("ann") + " " + why);
}

TEST_P(GivenBlockingValue, WhenItIsGoneAgainThenAddedAgain) {
  directory(GetParam().scheme);
  scene.vault().world.remove("ops", "ann");
  std::erase_if(scene.vault().managed.grants, [](auto const& grant) { return grant.principal == "ann"; });
  auto& attributes = scene.corp().people.at("ann").attributes;
  auto const usable = attributes;
  set("ann", GetParam().attribute, GetParam().value);
  EXPECT_THAT(changes(), IsEmpty());
  attributes = usable;
  EXPECT_THAT(changes(), ElementsAre("vault: add ops ann"));
}

TEST_P(GivenBlockingValue, WhenNoStateCountsThenNothingIsTaken) {
  directory(GetParam().scheme);
  set("ann", GetParam().attribute, GetParam().value);
  scene.account_states = kNoAccountStates;
  EXPECT_THAT(changes(), IsEmpty());
}

TEST_P(GivenBlockingValue, WhenAFilterIsConfiguredThenItAloneDecides) {
  directory(GetParam().scheme);
  scene.disabled = fake::filter("(employeeType=disabled)");
  set("ann", GetParam().attribute, GetParam().value);
  EXPECT_THAT(changes(), IsEmpty());
  scene.corp().disable("bob");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
}

INSTANTIATE_TEST_SUITE_P(
    EveryFlavour, GivenBlockingValue,
    testing::Values(BlockingValue{AccountScheme::openldap, "pwdAccountLockedTime", "000001010000Z",
                                  "is locked until an administrator unlocks it (pwdAccountLockedTime)"},
                    BlockingValue{AccountScheme::openldap, "pwdAccountLockedTime", "20260101000000Z",
                                  "is locked since 2026-01-01T00:00:00Z (pwdAccountLockedTime)"},
                    BlockingValue{AccountScheme::openldap, "shadowExpire", "20455",
                                  "is expired since 2026-01-02 (shadowExpire)"},
                    BlockingValue{AccountScheme::ds389, "nsAccountLock", "TRUE",
                                  "is disabled (nsAccountLock)"},
                    BlockingValue{AccountScheme::ds389, "accountUnlockTime", "20260102040000Z",
                                  "is locked until 2026-01-02T04:00:00Z (accountUnlockTime)"},
                    BlockingValue{AccountScheme::active_directory, "userAccountControl", "514",
                                  "is disabled (userAccountControl)"},
                    BlockingValue{AccountScheme::active_directory, "accountExpires", "134117964000000000",
                                  "is expired since 2026-01-02T03:00:00Z (accountExpires)"},
                    BlockingValue{AccountScheme::active_directory, "lockoutTime", "134117964000000000",
                                  "is locked since 2026-01-02T03:00:00Z (lockoutTime)"}));

TEST_F(GivenAccounts, WhenTimeAlonePassesThenThePlanChanges) {
  directory(AccountScheme::active_directory);
  scene.corp().account_rules.lockout_duration = 30min;
  set("ann", "accountExpires", "134117968000000000");  // 03:06:40
  set("bob", "lockoutTime", "134117964000000000");     // 03:00:00
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  scene.now += 1h;
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
}

TEST_F(GivenAccounts, WhenAllOfAGroupAreLockedThenTheyAreNoLeaversForItsOwnLimits) {
  scene.remember();
  scene.rule().limits.empty_group = Limits::OnEmpty::hold;
  for (auto const* uid : {"ann", "bob"}) set(uid, "pwdAccountLockedTime", "20260101000000Z");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann", "vault: remove ops bob"));
  EXPECT_EQ(planned->reasons(), std::set<std::string>{"empty-group"});
  for (auto const& change : planned->plan().changes) EXPECT_EQ(change.part, Part::rest);
}

TEST_F(GivenAccounts, WhenManyAreLockedAtOnceThenTheLimitHolds) {
  scene.limits.removals = {false, 10, 1, 500};
  scene.rule().limits.empty_group = Limits::OnEmpty::hold;
  for (auto const* uid : {"ann", "bob"}) set(uid, "pwdAccountLockedTime", "20260101000000Z");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann", "vault: remove ops bob"));
  EXPECT_TRUE(planned->plan().held);
  EXPECT_EQ(planned->reasons(), (std::set<std::string>{"empty-group", "removals"}));
}

TEST_F(GivenAccounts, WhenNobodyCanTellThenTheyKeepWhatTheyHaveAndItIsReported) {
  set("ann", "shadowExpire", "soon");
  EXPECT_THAT(changes(), IsEmpty());
  EXPECT_THAT(planned->notices(), ElementsAre("unclear-account uid=ann,ou=people,dc=x"));
  EXPECT_EQ(planned->plan().targets.at("vault").notices.begin()->text,
            "uid=ann,ou=people,dc=x has shadowExpire \"soon\", which is no day after 1970-01-01, nor -1 for "
            "never; correct it");
}

TEST_F(GivenAccounts, WhenNobodyCanTellThenTheyGetNothingNew) {
  set("ann", "shadowExpire", "0");
  scene.corp().group("web", {"ann", "bob"});
  scene.granted("web", {});
  EXPECT_THAT(changes(), ElementsAre("vault: add web bob"));
}

TEST_F(GivenAccounts, WhenNobodyCanTellAndTheyLeaveThenRemovedLikeAnyone) {
  set("ann", "shadowExpire", "soon");
  scene.corp().leave("ops", "ann");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops ann"));
  EXPECT_THAT(planned->draft.causes, ElementsAre(Cause::left));
  EXPECT_THAT(planned->notices(), IsEmpty());
}

TEST_F(GivenAccounts, WhenNobodyCanTellThenNoForeignMemberEither) {
  scene.rule().foreign_members = ForeignMembers::remove;
  scene.vault().managed.grants.clear();
  set("ann", "shadowExpire", "soon");
  set("bob", "shadowExpire", "1");
  EXPECT_THAT(changes(), ElementsAre("vault: remove ops bob"));
  EXPECT_EQ(planned->plan().changes[0].phase, Phase::revocation);
  EXPECT_THAT(planned->plan().changes[0].why, HasSubstr("foreign"));
}

TEST_F(GivenAccounts, WhenActiveDirectoryHidesTheControlThenNobodyLosesOrGains) {
  directory(AccountScheme::active_directory);
  for (auto const* uid : {"ann", "bob"}) scene.corp().people.at(uid).attributes.erase("userAccountControl");
  scene.corp().group("web", {"ann"});
  EXPECT_THAT(changes(), ElementsAre("vault: create-group web"));
  EXPECT_THAT(planned->notices(), ElementsAre("unclear-account uid=ann,ou=people,dc=x",
                                              "unclear-account uid=bob,ou=people,dc=x"));
}

}  // namespace
}  // namespace dirsync::plan
