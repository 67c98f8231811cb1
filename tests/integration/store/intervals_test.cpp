// Who was in which target group because of us, from when to when.
#include <gmock/gmock.h>

#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Beginning = HeldInterval::Beginning;
using End = HeldInterval::End;

/// Every look at the clock is a second later, so between two steps there is an instant that is neither's.
struct GivenIntervals : OpenStore {
  Change remove(std::string principal, std::string group_id = "7") const {
    auto change = add(std::move(principal), std::move(group_id));
    change.verb = Verb::remove;
    change.path = "cn=ops";
    change.why = "no longer a member of cn=ops";
    return change;
  }
  Change of_group(Verb verb, std::string group_id = "7") const {
    auto change = add("", std::move(group_id));
    change.verb = verb;
    change.principal_id.clear();
    change.dn = "cn=ops";
    change.id = EntryId{"g-1"};
    return change;
  }
  std::int64_t group(std::string const& name = "Operators", std::optional<Time> at = std::nullopt) {
    auto const found = store.intervals().find_groups(name, "vault", at).value();
    return found.size() == 1 ? found[0].number : 0;
  }
  std::vector<std::string> who(std::optional<Time> at = std::nullopt, std::string const& name = "Operators") {
    std::vector<std::string> names;
    for (auto const& held : store.intervals().members(group(name, at), at).value())
      names.push_back(held.principal);
    return names;
  }
  std::vector<HeldInterval> history(std::string const& person) {
    return store.intervals().history(person, group()).value();
  }
};

TEST_F(GivenIntervals, WhenAMembershipBeginsAndEndsThenItIsThereInBetween) {
  auto const before = clock->now();
  apply(add("alice"));
  auto const during = clock->now();
  apply(remove("alice"));
  EXPECT_THAT(who(before), IsEmpty());
  EXPECT_THAT(who(during), ElementsAre("alice"));
  EXPECT_THAT(who(), IsEmpty());
  auto const told = history("alice");
  ASSERT_THAT(told, SizeIs(1));
  EXPECT_EQ(told[0].beginning, Beginning::added);
  EXPECT_EQ(told[0].rule, "ops");
  EXPECT_EQ(told[0].path, "cn=ops > uid=alice");
  EXPECT_EQ(told[0].began_run, run);
  EXPECT_EQ(told[0].began_plan, "plan-1");
  EXPECT_EQ(told[0].began_actor, "daemon");
  EXPECT_EQ(told[0].end, End::removed);
  EXPECT_EQ(told[0].ended_why, "no longer a member of cn=ops");
  EXPECT_GT(*told[0].ended, during);
}

TEST_F(GivenIntervals, WhenItFailsOrIsNotKnownThenThereIsNone) {
  apply(add("alice"), Outcome::failed);
  apply(add("bob"), Outcome::unknown);
  EXPECT_THAT(store.intervals().people("alice", "").value(), IsEmpty());
  EXPECT_THAT(store.intervals().people("bob", "").value(), IsEmpty());
}

TEST_F(GivenIntervals, WhenTheInstantIsTheBeginningThenInAndWhenItIsTheEndThenOut) {
  apply(add("alice"));
  apply(remove("alice"));
  auto const told = history("alice").at(0);
  EXPECT_THAT(who(*told.began), ElementsAre("alice"));
  EXPECT_THAT(who(*told.began - std::chrono::milliseconds{1}), IsEmpty());
  EXPECT_THAT(who(*told.ended), IsEmpty());
  EXPECT_THAT(who(*told.ended - std::chrono::milliseconds{1}), ElementsAre("alice"));
}

TEST_F(GivenIntervals, WhenAnInterruptedCallIsLookedUpThenTheIntervalBeginsUnderItsRun) {
  intend(add("alice"));
  auto const next = store.begin_run({clock->now(), "sync", "bob", "c"}).value();
  ASSERT_TRUE(store.recover(store.open_intents().value().at(0), Outcome::done, "found"));
  ASSERT_NE(next, run);
  EXPECT_THAT(who(), ElementsAre("alice"));
  EXPECT_EQ(history("alice").at(0).began_run, run);
}

TEST_F(GivenIntervals, WhenSomebodyElseEndsItThenThatIsTold) {
  apply(add("alice"));
  auto const grant = grant_of(add("alice"));
  ASSERT_TRUE(store.forget(run, "vault", "daemon", {&grant, 1}));
  EXPECT_EQ(history("alice").at(0).end, End::by_others);
}

TEST_F(GivenIntervals, WhenTheGroupIsDeletedThenAllEndWithIt) {
  apply(add("alice"));
  apply(add("bob"));
  apply(add("alice", "8"));
  apply(of_group(Verb::delete_group));
  EXPECT_THAT(store.intervals().of_person("bob", "", std::nullopt).value(), IsEmpty());
  auto const left = store.intervals().of_person("alice", "", std::nullopt).value();
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(store.managed("vault").value().grants.at(0).group_id, "8");
}

TEST_F(GivenIntervals, WhenAGrantIsConfirmedThenItsIntervalGoesOn) {
  apply(add("alice"));
  apply(add("alice"), Outcome::already);
  auto const grant = grant_of(add("alice"));
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", {}, {&grant, 1}));
  EXPECT_THAT(history("alice"), SizeIs(1));
  apply(remove("alice"));
  EXPECT_EQ(history("alice").at(0).end, End::removed);
}

TEST_F(GivenIntervals, WhenAPersonIsRenamedThenTheMembershipGoesOnUnderTheNewName) {
  auto alice = add("alice");
  alice.path = "cn=ops > " + alice.dn;
  apply(alice);
  auto const before = clock->now();
  auto grant = grant_of(alice);
  grant.principal = "alice2";
  grant.dn = "uid=alice2,dc=example,dc=com";
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", {}, {&grant, 1}));
  EXPECT_THAT(who(before), ElementsAre("alice"));
  EXPECT_THAT(who(), ElementsAre("alice2"));
  auto const told = history("alice");
  ASSERT_THAT(told, SizeIs(2)) << "by the old name the new one is found as well";
  EXPECT_EQ(told[0].end, End::renewed);
  EXPECT_EQ(told[1].since, told[0].began);
  EXPECT_EQ(told[1].path, "cn=ops > uid=alice2,dc=example,dc=com") << "nobody told another";
}

TEST_F(GivenIntervals, WhenTheUserIsSomebodyElsesNowThenTheWayOfWhoHadItIsNotTheirs) {
  auto alice = add("alice");
  alice.path = "cn=ops > " + alice.dn;
  apply(alice);
  auto grant = grant_of(alice);
  grant.id = EntryId{"entry-of-her-successor"};
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", {}, {&grant, 1}));
  auto const told = history("alice");
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_EQ(told[0].path, alice.path);
  EXPECT_EQ(told[1].id, grant.id);
  EXPECT_EQ(told[1].since, told[0].began);
  EXPECT_EQ(told[1].path, "");
}

TEST_F(GivenIntervals, WhenAProvisionedPersonGetsAnIdThenItIsOneMembership) {
  auto provisioned = add("alice");
  provisioned.principal_id.clear();
  apply(provisioned);
  apply(add("alice"), Outcome::already);
  EXPECT_THAT(who(), ElementsAre("alice"));
  EXPECT_EQ(store.intervals().members(group(), std::nullopt).value().at(0).principal_id, "id-alice");
}

TEST_F(GivenIntervals, WhenAGroupIsRenamedThenItIsFoundByTheNameOfTheTime) {
  ManagedGroup const managed{"7", "Operators", "ops", false, {EntryId{"g-1"}}};
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", {&managed, 1}, {}));
  apply(add("alice"));
  auto const before = clock->now();
  auto rename = of_group(Verb::rename_group);
  rename.new_name = "Operations";
  apply(rename);
  EXPECT_THAT(who(before, "Operators"), ElementsAre("alice"));
  EXPECT_THAT(who(std::nullopt, "operations"), ElementsAre("alice"));
  EXPECT_THAT(who(std::nullopt, "7"), ElementsAre("alice")) << "by its id";
  EXPECT_THAT(who(std::nullopt, "Operators"), ElementsAre("alice")) << "nobody else is called so";
  auto by_hand = managed;
  by_hand.group = "Ops";
  ASSERT_TRUE(store.update_groups("vault", {&by_hand, 1}));
  EXPECT_THAT(who(std::nullopt, "Ops"), ElementsAre("alice"));
  EXPECT_EQ(store.intervals().groups("vault", before).value().at(0).name, "Operators");
}

TEST_F(GivenIntervals, WhenAPersonIsAskedForThenByNameDnUidOrId) {
  auto change = add("Alice");
  change.dn = "uid=al,ou=people,dc=example,dc=com";
  change.id = EntryId{"e-1+e-2"};
  apply(change);
  for (auto const* const person : {"alice", "ALICE", "uid=al,ou=people,dc=example,dc=com",
                                   "UID=al, OU=People,DC=example,DC=com", "al", "e-1+e-2", "e-2"})
    EXPECT_THAT(history(person), SizeIs(1)) << person;
  EXPECT_THAT(history("bob"), IsEmpty());
  EXPECT_THAT(history(""), IsEmpty());
  EXPECT_THAT(store.intervals().people("al", "vault").value(), SizeIs(1));
  EXPECT_THAT(store.intervals().people("al", "console").value(), IsEmpty());
}

TEST_F(GivenIntervals, WhenTwoTargetsHaveAGroupOfOneNameThenBothAreFound) {
  apply(add("alice"));
  auto other = add("alice");
  other.target = "console";
  apply(other);
  EXPECT_THAT(store.intervals().find_groups("Operators", "", std::nullopt).value(), SizeIs(2));
  EXPECT_THAT(store.intervals().of_person("alice", "", std::nullopt).value(), SizeIs(2));
  EXPECT_THAT(store.intervals().of_person("alice", "console", std::nullopt).value(), SizeIs(1));
}

TEST_F(GivenIntervals, WhenAskedThenNoStatementWalksAllIntervals) {
  apply(add("alice"));
  constexpr char const* kAsked[] = {
      "SELECT number FROM membership_interval WHERE group_number = 1 AND ended > 5 AND began <= 5",
      "SELECT number FROM membership_interval WHERE member = 1 AND ended > 5 AND began <= 5",
      "SELECT number FROM interval_member WHERE principal_folded = 'a' AND ('' = '' OR target = '')",
      "SELECT number FROM interval_member WHERE entry_id = 'a'"};
  SQLite::Database const database{file(), SQLite::OPEN_READONLY, 5000};
  for (auto const* const sql : kAsked) {
    SQLite::Statement plan{database, std::string{"EXPLAIN QUERY PLAN "} + sql};
    while (plan.executeStep())
      EXPECT_THAT(plan.getColumn(3).getString(), testing::HasSubstr("SEARCH")) << sql;
  }
}

}  // namespace
}  // namespace dirsync::store
