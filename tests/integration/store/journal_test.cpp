#include "tests/integration/store/fixture.hpp"

namespace dirsync::store {
namespace {

using GivenOpenStore = OpenStore;

TEST_F(GivenOpenStore, WhenRunsBeginThenNumbersGrow) { EXPECT_GT(store.begin_run({}).value(), run); }

TEST_F(GivenOpenStore, WhenIntendedThenOpenAndWhole) {
  auto change = add("alice");
  change.phase = Phase::revocation;
  change.domain = "example.com";
  change.roles = {"Device Administrator", "", "a,b\n"};
  auto const intent = intend(change);
  auto const open = store.open_intents().value();
  ASSERT_EQ(open.size(), 1U);
  EXPECT_EQ(open[0].intent, intent);
  EXPECT_EQ(open[0].run, run);
  EXPECT_EQ(open[0].plan, PlanDigest{"plan-1"});
  EXPECT_EQ(open[0].actor, "daemon");
  EXPECT_EQ(open[0].change, change);
  EXPECT_TRUE(rows().empty());
}

TEST_F(GivenOpenStore, WhenBatchIsIntendedThenOneIntentEachInOrder) {
  std::vector<Change> const batch{add("alice"), add("bob"), add("carol")};
  auto const intents = store.intend(run, PlanDigest{"p"}, "daemon", batch).value();
  auto const open = store.open_intents().value();
  ASSERT_EQ(open.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(open[i].intent, intents[i]);
    EXPECT_EQ(open[i].change, batch[i]);
  }
}

TEST_F(GivenOpenStore, WhenRunIsNotKnownThenIntentIsRefused) {
  auto const change = add("alice");
  EXPECT_ERROR(store.intend(RunId{99}, PlanDigest{"p"}, "daemon", {&change, 1}), StoreErrc::refused);
}

TEST_F(GivenOpenStore, WhenAddSettlesThenGrantAndOneRow) {
  apply(add("alice"));
  EXPECT_TRUE(store.open_intents().value().empty());
  auto const grants = store.managed("vault").value().grants;
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants[0].group_id, "7");
  EXPECT_EQ(grants[0].group, "Operators");
  EXPECT_EQ(grants[0].principal, "alice");
  EXPECT_EQ(grants[0].principal_id, "id-alice");
  EXPECT_EQ(grants[0].id, EntryId{"entry-alice"});
  EXPECT_EQ(grants[0].dn, "uid=alice,dc=example,dc=com");
  EXPECT_EQ(grants[0].rule, "ops");
  ASSERT_EQ(rows().size(), 1U);
  EXPECT_EQ(rows()[0].result, "done");
  EXPECT_TRUE(store.managed("console").value().grants.empty());
}

TEST_F(GivenOpenStore, WhenAddWasAlreadySoThenGrantToo) {
  apply(add("alice"), Outcome::already);
  EXPECT_EQ(granted(), std::vector<std::string>{"alice"});
}

TEST_F(GivenOpenStore, WhenAddFailsThenNoGrantButRow) {
  apply(add("alice"), Outcome::failed);
  EXPECT_TRUE(granted().empty());
  EXPECT_EQ(rows().at(0).result, "failed");
}

TEST_F(GivenOpenStore, WhenFateIsUnknownThenIntentStaysAndNoRow) {
  apply(add("alice"), Outcome::unknown);
  EXPECT_TRUE(granted().empty());
  EXPECT_TRUE(rows().empty());
  EXPECT_EQ(store.open_intents().value().size(), 1U);
}

TEST_F(GivenOpenStore, WhenSettledTwiceThenSecondIsRefused) {
  auto const change = add("alice");
  auto const intent = intend(change);
  ASSERT_TRUE(store.settle(intent, with(change, Outcome::done)));
  EXPECT_ERROR(store.settle(intent, with(change, Outcome::done)), StoreErrc::no_such_intent);
  EXPECT_EQ(rows().size(), 1U);
}

TEST_F(GivenOpenStore, WhenRemoveSettlesThenGrantIsGone) {
  apply(add("alice"));
  apply(add("bob"));
  auto removal = add("alice");
  removal.verb = Verb::remove;
  apply(removal, Outcome::failed);
  EXPECT_EQ(granted(), (std::vector<std::string>{"alice", "bob"}));
  apply(removal, Outcome::already);
  EXPECT_EQ(granted(), std::vector<std::string>{"bob"});
}

TEST_F(GivenOpenStore, WhenProvisionedWithoutIdThenRemovedByNameInAnyCase) {
  auto provisioned = add("Alice");
  provisioned.principal_id = "";
  apply(provisioned);
  auto removal = add("aLICE");
  removal.verb = Verb::remove;
  apply(removal);
  EXPECT_TRUE(granted().empty());
}

TEST_F(GivenOpenStore, WhenUserWasRenamedThenRemovedById) {
  apply(add("alice"));
  auto removal = add("alice");
  removal.verb = Verb::remove;
  removal.principal = "alice.smith";
  apply(removal);
  EXPECT_TRUE(granted().empty());
}

TEST_F(GivenOpenStore, WhenNameBelongsToSomebodyElseNowThenGrantStays) {
  apply(add("alice"));
  auto removal = add("alice");
  removal.verb = Verb::remove;
  removal.principal_id = "another";
  apply(removal);
  EXPECT_EQ(granted(), std::vector<std::string>{"alice"});
}

TEST_F(GivenOpenStore, WhenGrantedAgainThenOnce) {
  apply(add("alice"));
  auto again = add("alice");
  again.principal = "ALICE";
  again.rule = "other";
  apply(again, Outcome::already);
  auto const grants = store.managed("vault").value().grants;
  ASSERT_EQ(grants.size(), 1U);
  EXPECT_EQ(grants[0].rule, "other");
}

TEST_F(GivenOpenStore, WhenGroupIsCreatedThenManaged) {
  auto change = add("");
  change.verb = Verb::create_group;
  change.group_id = "";
  auto const intent = intend(change);
  change.group_id = "42";  // as the target named it
  ASSERT_TRUE(store.settle(intent, with(change, Outcome::done)));
  auto const groups = store.managed("vault").value().groups;
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].group_id, "42");
  EXPECT_EQ(groups[0].group, "Operators");
  EXPECT_TRUE(groups[0].created_by_us);
  EXPECT_EQ(groups[0].sources, std::vector{change.id});
}

TEST_F(GivenOpenStore, WhenGroupWasThereAlreadyThenManagedButNotCreatedByUs) {
  auto change = add("");
  change.verb = Verb::create_group;
  apply(change, Outcome::already);
  EXPECT_FALSE(store.managed("vault").value().groups.at(0).created_by_us);
}

TEST_F(GivenOpenStore, WhenGroupIsDeletedThenNothingThereIsOurs) {
  auto change = add("");
  change.verb = Verb::create_group;
  apply(change);
  apply(add("alice"));
  apply(add("bob", "8"));
  change.verb = Verb::delete_group;
  apply(change);
  EXPECT_TRUE(store.managed("vault").value().groups.empty());
  EXPECT_EQ(granted(), std::vector<std::string>{"bob"});
}

TEST_F(GivenOpenStore, WhenRecoveredThenRowUnderTheRunThatSentIt) {
  intend(add("alice"));
  ASSERT_TRUE(store.begin_run({}));
  auto const open = store.open_intents().value();
  ASSERT_TRUE(store.recover(open.at(0), Outcome::unknown, "no answer yet"));
  EXPECT_TRUE(rows().empty());
  ASSERT_TRUE(store.recover(open.at(0), Outcome::done, "found there"));
  auto const row = rows().at(0);
  EXPECT_EQ(row.phase, "recovered");
  EXPECT_EQ(row.run, run);
  EXPECT_EQ(row.plan, "plan-1");
  EXPECT_EQ(row.detail, "found there");
  EXPECT_EQ(granted(), std::vector<std::string>{"alice"});
  EXPECT_TRUE(store.open_intents().value().empty());
}

TEST_F(GivenOpenStore, WhenNotSentThenRowWithoutEffect) {
  auto waiting = add("alice");
  waiting.unconfirmed = true;
  ASSERT_TRUE(store.record_unsent(run, PlanDigest{"p"}, "daemon", waiting, "1 of 2"));
  EXPECT_EQ(rows().at(0).phase, "change");
  EXPECT_EQ(rows().at(0).result, "unconfirmed");
  EXPECT_EQ(rows().at(0).detail, "1 of 2");
  EXPECT_TRUE(granted().empty());
}

TEST_F(GivenOpenStore, WhenAdoptedThenOursWithARowEach) {
  std::vector<ManagedGroup> const groups{{"7", "Operators", "ops", false, {EntryId{"g1"}, EntryId{"g2"}}}};
  std::vector<Grant> const grants{{"7", "Operators", "alice", "1", EntryId{"e1"}, "uid=alice", "ops"},
                                  {"7", "Operators", "bob", "2", EntryId{"e2"}, "uid=bob", "ops"}};
  ASSERT_TRUE(store.adopt(run, "vault", "daemon", groups, grants));
  auto const managed = store.managed("vault").value();
  ASSERT_EQ(managed.groups.size(), 1U);
  EXPECT_EQ(managed.groups[0].sources, groups[0].sources);
  EXPECT_FALSE(managed.groups[0].created_by_us);
  EXPECT_EQ(granted(), (std::vector<std::string>{"alice", "bob"}));
  ASSERT_EQ(rows().size(), 3U);
  for (auto const& row : rows()) EXPECT_EQ(row.verb, "adopt");
}

TEST_F(GivenOpenStore, WhenForgottenThenNoLongerOursWithARowEach) {
  apply(add("alice"));
  apply(add("bob"));
  auto const grants = store.managed("vault").value().grants;
  ASSERT_TRUE(store.forget(run, "vault", "daemon", std::span{grants}.first(1)));
  EXPECT_EQ(granted(), std::vector<std::string>{"bob"});
  EXPECT_EQ(rows().back().verb, "forget");
  EXPECT_EQ(rows().back().principal, "alice");
}

TEST_F(GivenOpenStore, WhenGroupIsRenamedThenGrantsShowIt) {
  auto create = add("");
  create.verb = Verb::create_group;
  apply(create);
  apply(add("alice"));
  ManagedGroup const renamed{"7", "Operators 2", "ops", false, {EntryId{"x"}}};
  ASSERT_TRUE(store.update_groups("vault", {&renamed, 1}));
  auto const managed = store.managed("vault").value();
  EXPECT_EQ(managed.groups.at(0).group, "Operators 2");
  EXPECT_EQ(managed.groups.at(0).sources, renamed.sources);
  EXPECT_TRUE(managed.groups.at(0).created_by_us);
  EXPECT_EQ(managed.grants.at(0).group, "Operators 2");
}

TEST_F(GivenOpenStore, WhenOneOfSeveralGroupsIsNotOursThenNoneIsUpdated) {
  auto create = add("");
  create.verb = Verb::create_group;
  apply(create);
  std::vector<ManagedGroup> const groups{{"7", "New name", "ops", false, {}},
                                         {"8", "Other", "ops", false, {}}};
  EXPECT_ERROR(store.update_groups("vault", groups), StoreErrc::no_such_group);
  EXPECT_EQ(store.managed("vault").value().groups.at(0).group, "Operators");
}

TEST_F(GivenOpenStore, WhenManyAreManagedThenInOrder) {
  for (auto const* const name : {"carol", "alice", "bob"})
    for (auto const* const group : {"9", "10"}) apply(add(name, group));
  std::string order;
  for (auto const& grant : store.managed("vault").value().grants)
    order += grant.group_id + grant.principal + " ";
  EXPECT_EQ(order, "10alice 10bob 10carol 9alice 9bob 9carol ");
}

}  // namespace
}  // namespace dirsync::store
