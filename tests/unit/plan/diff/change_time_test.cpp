// Since when the directory says what a change follows from.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {
using namespace std::chrono_literals;
using testing::ElementsAre;

/// ann and bob are in ops by us, bob through web, which is nested in it; cid is in neither.
struct GivenStampedEntries : testing::Test {
  fake::Scene scene;
  Time const long_ago = *parse_rfc3339("2020-01-02T03:04:05Z");
  Time const late = *parse_rfc3339("2026-01-02T03:04:04Z");

  GivenStampedEntries() {
    scene.in_sync("ops", {"ann", "bob"});
    auto& corp = scene.corp();
    corp.leave("ops", "bob");
    corp.group("web", {"bob"});
    corp.join("ops", "@web");
    corp.person("cid");
    scene.vault().world.ldap_user("cid");
    for (auto& [uid, person] : corp.people) person.changed = ChangeStamp{long_ago};
    for (auto& [cn, group] : corp.groups) group.changed = ChangeStamp{long_ago - 1h};
    // The other group of that name is the target's alone, and no rule of its own names it.
    scene.rule().selection = NamedGroups{{fake::dn_of_group("ops")}};
  }
  /// Of the plan's only change, which is so called.
  std::optional<Time> since(std::string const& words) {
    planned = scene.plan();
    EXPECT_THAT(planned->changes(), ElementsAre(words));
    auto const* const change = planned->change(words);
    return change == nullptr ? std::nullopt : change->changed_at;
  }
  std::unique_ptr<fake::Planned> planned;
};

TEST_F(GivenStampedEntries, WhenSomebodyIsDisabledThenSinceTheirEntryChanged) {
  scene.corp().disable("ann");
  scene.corp().people["ann"].changed = ChangeStamp{late};
  EXPECT_EQ(since("vault: remove ops ann"), late);
}

TEST_F(GivenStampedEntries, WhenSomebodyLeavesThenSinceTheGroupsChangedNestedOnesAmongThem) {
  scene.corp().leave("web", "bob");
  scene.corp().groups["web"].changed = ChangeStamp{late};
  scene.corp().people["bob"].changed = ChangeStamp{late + 1s};
  EXPECT_EQ(since("vault: remove ops bob"), late) << "their own entry has no part in it";
}

TEST_F(GivenStampedEntries, WhenANestedGroupIsTakenOutThenSinceItsParentChanged) {
  scene.corp().leave("ops", "@web");
  scene.corp().groups["ops"].changed = ChangeStamp{late};
  EXPECT_EQ(since("vault: remove ops bob"), late);
}

TEST_F(GivenStampedEntries, WhenSomebodyIsExcludedThenSinceTheirEntryChanged) {
  scene.rule().exclude_people = fake::filter("(employeeType=external)");
  scene.corp().people["ann"].attributes["employeeType"] = "external";
  scene.corp().people["ann"].changed = ChangeStamp{late};
  EXPECT_EQ(since("vault: remove ops ann"), late);
}

TEST_F(GivenStampedEntries, WhenSomebodyJoinsThenSinceTheLaterOfTheirEntryAndTheGroupsOnTheWay) {
  scene.corp().join("web", "cid");
  EXPECT_EQ(since("vault: add ops cid"), long_ago) << "their entry's";
  scene.corp().groups["web"].changed = ChangeStamp{late};
  EXPECT_EQ(since("vault: add ops cid"), late);
}

TEST_F(GivenStampedEntries, WhenAnEntryIsGoneThenSinceAFeedSawItDeleted) {
  scene.corp().drop_person("ann");
  scene.facts.confirmed_gone.insert(EntryId{"p-ann"});
  scene.facts.last_seen_in[EntryId{"p-ann"}] = "corp";
  scene.facts.last_dn[EntryId{"p-ann"}] = fake::dn_of_person("ann");
  EXPECT_EQ(since("vault: remove ops ann"), std::nullopt) << "nobody saw when";
  scene.facts.deleted_at[EntryId{"p-ann"}] = late;
  EXPECT_EQ(since("vault: remove ops ann"), late);
}

TEST_F(GivenStampedEntries, WhenNoStampIsKnownThenThePlanIsTheSame) {
  scene.corp().disable("ann");
  scene.corp().join("web", "cid");
  auto const with = scene.plan();
  for (auto& [uid, person] : scene.corp().people) person.changed = {};
  for (auto& [cn, group] : scene.corp().groups) group.changed = {};
  auto const without = scene.plan();
  EXPECT_EQ(with->plan().digest, without->plan().digest);
  ASSERT_EQ(with->plan().changes.size(), 2U);
  ASSERT_EQ(without->plan().changes.size(), 2U);
  for (std::size_t at = 0; at < 2; ++at) {
    auto change = with->plan().changes[at];
    EXPECT_TRUE(change.changed_at);
    EXPECT_FALSE(without->plan().changes[at].changed_at);
    change.changed_at.reset();
    EXPECT_EQ(change, without->plan().changes[at]);
  }
}

/// An account with an end, set long before.
struct GivenAnEndOfAnAccount : testing::Test {
  fake::Scene scene;
  Time const end = *parse_rfc3339("2026-01-01T00:00:00Z");
  GivenAnEndOfAnAccount() {
    scene.disabled.reset();
    scene.corp().account_rules.scheme = AccountScheme::openldap;
    scene.in_sync("ops", {"ann", "bob"});
    auto& ann = scene.corp().people["ann"];
    ann.attributes["shadowExpire"] =
        std::to_string(std::chrono::floor<std::chrono::days>(end).time_since_epoch().count());
    ann.changed = ChangeStamp{end - 100 * 24h};
  }
};

TEST_F(GivenAnEndOfAnAccount, WhenItHasPassedThenSinceThen) {
  auto const planned = scene.plan();
  auto const* const removal = planned->change("vault: remove ops ann");
  ASSERT_NE(removal, nullptr) << testing::PrintToString(planned->changes());
  EXPECT_EQ(removal->changed_at, end);
}

}  // namespace
}  // namespace dirsync::plan
