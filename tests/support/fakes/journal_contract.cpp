#include "tests/support/fakes/journal_contract.hpp"

#include <gmock/gmock.h>

#include "tests/support/fakes/world.hpp"

namespace dirsync::fake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Time const kNow = *parse_rfc3339("2026-01-02T03:04:05Z");
PlanDigest const kPlan{std::string(64, 'a')};

}  // namespace

void GivenRun::SetUp() { run = journal.begin_run({kNow, "sync", "alice", "c0ffee"}).value(); }

Change GivenRun::change(Verb verb, std::string principal, std::string principal_id) {
  Change change;
  change.n = 1;
  change.target = "vault";
  change.verb = verb;
  change.group = "ops";
  change.group_id = "12";
  change.principal = principal;
  change.principal_id = std::move(principal_id);
  change.id = EntryId{principal.empty() ? "g-ops" : "p-" + principal};
  change.dn = principal.empty() ? dn_of_group("ops") : dn_of_person(principal);
  change.rule = "all";
  change.path = "a > b";
  return change;
}

void GivenRun::settle(Change change, Outcome outcome) {
  auto const intents = journal.intend(run, kPlan, "alice", {&change, 1}).value();
  ASSERT_TRUE(journal.settle(intents.at(0), {std::move(change), outcome, ""}));
}

std::vector<std::string> GivenRun::rows(std::string const& phase) {
  std::vector<std::string> words;
  for (auto const& row : under_test->audit())
    if (row.phase == phase)
      words.push_back(row.verb + " " + row.group + " " + row.principal + " " + row.result);
  return words;
}

std::vector<std::string> GivenRun::grants() {
  std::vector<std::string> words;
  for (auto const& grant : journal.managed("vault").value().grants)
    words.push_back(grant.group_id + " " + grant.principal + " " + grant.principal_id);
  return words;
}

StoredPlan GivenRun::held(char name, Time seen) const {
  return {PlanDigest{std::string(64, name)}, run,          seen, seen,
          StoredPlan::State::held,           std::nullopt, "",   "{}"};
}

StoredPlan::State GivenRun::state(char name) {
  return journal.find_plan(PlanDigest{std::string(64, name)}).value().value().state;
}

TEST_P(GivenRun, WhenRunsBeginThenTheirNumbersGrow) {
  auto const next = journal.begin_run({kNow, "daemon", "daemon", ""}).value();
  EXPECT_GT(next, run);
}

TEST_P(GivenRun, WhenSeveralAreSettledTogetherThenEachHasItsRowInTheirOrder) {
  std::vector<Change> const batch{change(Verb::add, "ann", "7"), change(Verb::add, "bob", "9")};
  auto const intents = journal.intend(run, kPlan, "alice", batch).value();
  Settled const ann{batch[0], Outcome::done, ""}, bob{batch[1], Outcome::already, ""};
  std::vector<Answered> const answered{{intents[1], &bob}, {intents[0], &ann}};
  ASSERT_TRUE(journal.settle_all(answered));
  EXPECT_THAT(rows("change"), ElementsAre("add ops bob already", "add ops ann done"));
  EXPECT_THAT(journal.open_intents().value(), IsEmpty());
  EXPECT_THAT(grants(), SizeIs(2));
}

TEST_P(GivenRun, WhenOneOfThoseSettledTogetherIsNotOpenThenNoneIsSettled) {
  std::vector<Change> const batch{change(Verb::add, "ann", "7")};
  auto const intents = journal.intend(run, kPlan, "alice", batch).value();
  Settled const ann{batch[0], Outcome::done, ""};
  std::vector<Answered> const answered{{intents[0], &ann}, {intents[0] + 1, &ann}};
  EXPECT_FALSE(journal.settle_all(answered));
  EXPECT_THAT(rows("change"), IsEmpty());
  EXPECT_THAT(journal.open_intents().value(), SizeIs(1));
  EXPECT_THAT(grants(), IsEmpty());
}

TEST_P(GivenRun, WhenItEndsThenOneRowOfPhaseRun) {
  RunRecord record;
  record.id = run;
  record.start = {kNow, "sync", "alice", "c0ffee"};
  record.finished = kNow;
  record.verdict = "in-sync";
  ASSERT_TRUE(journal.end_run(record));
  EXPECT_THAT(rows("run"), ElementsAre("   in-sync"));
  EXPECT_EQ(under_test->audit().back().actor, "alice");
}

TEST_P(GivenRun, WhenAddedThenGrantedWithOneRow) {
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  EXPECT_THAT(grants(), ElementsAre("12 ann 7"));
  auto const grant = journal.managed("vault").value().grants.at(0);
  EXPECT_EQ(grant.id, EntryId{"p-ann"});
  EXPECT_EQ(grant.rule, "all");
  EXPECT_THAT(rows("change"), ElementsAre("add ops ann done"));
  auto const row = under_test->audit().back();
  EXPECT_EQ(row.run, run);
  EXPECT_EQ(row.plan, kPlan.value());
  EXPECT_EQ(row.path, "a > b");
  EXPECT_THAT(journal.open_intents().value(), IsEmpty());
}

TEST_P(GivenRun, WhenTheMemberWasMadeThenThatIsKeptForGood) {
  auto const settle_made = [this](std::string const& id, Outcome outcome) {
    auto one = change(Verb::add, "ann@example.com", id);
    one.made_by_us = true;
    settle(std::move(one), outcome);
  };
  settle_made("u7", Outcome::done);
  settle_made("u7", Outcome::done);  // another group in the same write
  settle_made("u8", Outcome::failed);
  settle(change(Verb::add, "bob", "u9"), Outcome::done);
  settle(change(Verb::remove, "ann@example.com", "u7"), Outcome::done);
  EXPECT_THAT(journal.managed("vault").value().made_users, ElementsAre(MadeUser{"u7", "ann@example.com"}));
  EXPECT_THAT(journal.managed("console").value().made_users, IsEmpty());
}

TEST_P(GivenRun, WhenItWasSoAlreadyThenAGrantAllTheSame) {
  settle(change(Verb::add, "ann", "7"), Outcome::already);
  EXPECT_THAT(grants(), SizeIs(1));
}

TEST_P(GivenRun, WhenItFailedThenARowAndNoGrant) {
  settle(change(Verb::add, "ann", "7"), Outcome::failed);
  EXPECT_THAT(grants(), IsEmpty());
  EXPECT_THAT(rows("change"), ElementsAre("add ops ann failed"));
  EXPECT_THAT(journal.open_intents().value(), IsEmpty());
}

TEST_P(GivenRun, WhenARemovalFailedThenTheGrantStays) {
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  settle(change(Verb::remove, "ann", "7"), Outcome::failed);
  EXPECT_THAT(grants(), SizeIs(1));
  settle(change(Verb::remove, "ann", "7"), Outcome::already);
  EXPECT_THAT(grants(), IsEmpty());
}

TEST_P(GivenRun, WhenAPersonWasProvisionedThenTheGrantIsFoundByNameAndByItsLaterId) {
  settle(change(Verb::add, "ann"), Outcome::done);
  settle(change(Verb::remove, "Ann", "7"), Outcome::done);
  EXPECT_THAT(grants(), IsEmpty());
}

TEST_P(GivenRun, WhenANameBelongsToAnotherUserThenTheirGrantsAreApart) {
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  settle(change(Verb::remove, "ann", "8"), Outcome::done);
  EXPECT_THAT(grants(), ElementsAre("12 ann 7"));
}

TEST_P(GivenRun, WhenAddedTwiceThenOneGrant) {
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::already);
  EXPECT_THAT(grants(), SizeIs(1));
}

TEST_P(GivenRun, WhenAGroupIsCreatedThenOursAndWhenDeletedNoMore) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  auto const groups = journal.managed("vault").value().groups;
  ASSERT_THAT(groups, SizeIs(1));
  EXPECT_TRUE(groups[0].created_by_us);
  EXPECT_THAT(groups[0].sources, ElementsAre(EntryId{"g-ops"}));
  settle(change(Verb::delete_group), Outcome::done);
  EXPECT_THAT(journal.managed("vault").value().groups, IsEmpty());
  EXPECT_THAT(grants(), IsEmpty());
}

TEST_P(GivenRun, WhenAGroupIsCreatedThatNoRuleAskedForThenItIsNotOurs) {
  auto by_hand = change(Verb::create_group);
  by_hand.rule.clear();
  settle(by_hand, Outcome::done);
  EXPECT_THAT(rows("change"), ElementsAre("create-group ops  done"));
  EXPECT_THAT(journal.managed("vault").value().groups, IsEmpty());
}

TEST_P(GivenRun, WhenNoLookCanTellAFateThenTheIntentEndsWithARowThatSaysSo) {
  settle(change(Verb::update_group), Outcome::unknown);
  auto const open = journal.open_intents().value();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open[0].change.verb, Verb::update_group);
  ASSERT_TRUE(journal.recover(open[0], Outcome::unknown, "look at it"));
  EXPECT_THAT(rows("recovered"), ElementsAre("update-group ops  unknown"));
  EXPECT_THAT(journal.open_intents().value(), IsEmpty());
}

TEST_P(GivenRun, WhenAGroupWasThereAlreadyThenManagedButNotMadeByUs) {
  settle(change(Verb::create_group), Outcome::already);
  EXPECT_FALSE(journal.managed("vault").value().groups.at(0).created_by_us);
}

TEST_P(GivenRun, WhenAFateIsUnknownThenTheIntentStaysOpenWithoutARow) {
  settle(change(Verb::add, "ann", "7"), Outcome::unknown);
  EXPECT_THAT(rows("change"), IsEmpty());
  auto const open = journal.open_intents().value();
  ASSERT_THAT(open, SizeIs(1));
  EXPECT_EQ(open[0].run, run);
  EXPECT_EQ(open[0].plan, kPlan);
  EXPECT_EQ(open[0].actor, "alice");
  EXPECT_EQ(open[0].change.principal_id, "7");
  EXPECT_EQ(open[0].change.id, EntryId{"p-ann"});

  ASSERT_TRUE(journal.recover(open[0], Outcome::done, "looked up"));
  EXPECT_THAT(rows("recovered"), ElementsAre("add ops ann done"));
  EXPECT_EQ(under_test->audit().back().run, run);
  EXPECT_EQ(under_test->audit().back().detail, "looked up");
  EXPECT_THAT(grants(), SizeIs(1));
  EXPECT_THAT(journal.open_intents().value(), IsEmpty());
  EXPECT_FALSE(journal.recover(open[0], Outcome::done, "again"));
}

TEST_P(GivenRun, WhenABatchIsAnnouncedThenItsIntentsAreInOrder) {
  std::vector<Change> const batch{change(Verb::add, "ann", "7"), change(Verb::add, "bob", "8")};
  auto const numbers = journal.intend(run, kPlan, "alice", batch).value();
  ASSERT_THAT(numbers, SizeIs(2));
  auto const open = journal.open_intents().value();
  ASSERT_THAT(open, SizeIs(2));
  EXPECT_EQ(open[0].intent, numbers[0]);
  EXPECT_EQ(open[1].change.principal, "bob");
  EXPECT_FALSE(journal.settle(numbers[1] + 1, {batch[0], Outcome::done, ""}));
}

TEST_P(GivenRun, WhenAnApprovalCameTooLateThenThePlanWaitsAgainAndIsListed) {
  StoredPlan plan;
  plan.digest = kPlan;
  plan.run = run;
  plan.document_json = "{}";
  ASSERT_TRUE(journal.hold_plan(plan));
  ASSERT_TRUE(journal.decide_plan({.digest = kPlan, .actor = "alice", .time = Time{}}));
  EXPECT_THAT(journal.held_plans().value(), IsEmpty());
  ASSERT_TRUE(journal.end_approval(kPlan, "alice", "too old"));
  auto const waiting = journal.held_plans().value();
  ASSERT_THAT(waiting, SizeIs(1));
  EXPECT_EQ(waiting[0].digest, kPlan);
  EXPECT_FALSE(waiting[0].decided);
  ASSERT_TRUE(journal.decide_plan({.digest = kPlan, .approves = false, .actor = "alice", .time = Time{}}));
  ASSERT_TRUE(journal.end_approval(kPlan, "alice", "too old"));  // it has none
  EXPECT_EQ(journal.find_plan(kPlan).value()->state, StoredPlan::State::rejected);
}

TEST_P(GivenRun, WhenChangesAreNotSentThenARowEachAlone) {
  auto unsent = change(Verb::remove, "ann", "7");
  ASSERT_TRUE(journal.record_unsent(run, kPlan, "alice", unsent, "the target is down"));
  unsent.unconfirmed = true;
  ASSERT_TRUE(journal.record_unsent(run, kPlan, "alice", unsent, ""));
  EXPECT_THAT(rows("change"), ElementsAre("remove ops ann skipped", "remove ops ann unconfirmed"));
  EXPECT_THAT(journal.open_intents().value(), IsEmpty());
}

TEST_P(GivenRun, WhenAdoptedAndForgottenThenARowEach) {
  ManagedGroup const group{"12", "ops", "all", false, {EntryId{"g-ops"}}};
  Grant const grant{"12", "ops", "ann", "7", EntryId{"p-ann"}, dn_of_person("ann"), "all"};
  ASSERT_TRUE(journal.adopt(run, "vault", "alice", {&group, 1}, {&grant, 1}));
  EXPECT_THAT(grants(), SizeIs(1));
  EXPECT_FALSE(journal.managed("vault").value().groups.at(0).created_by_us);
  EXPECT_THAT(journal.managed("console").value().groups, IsEmpty());
  ASSERT_TRUE(journal.forget(run, "vault", "alice", {&grant, 1}));
  EXPECT_THAT(grants(), IsEmpty());
  EXPECT_THAT(rows("change"), ElementsAre("adopt ops  done", "adopt ops ann done", "forget ops ann done"));
}

TEST_P(GivenRun, WhenClaimedThenOursWithARowEachThatNamesThePlanAndWhereItComesFrom) {
  ClaimsByTarget claims;
  claims["vault"].groups.push_back({"12", "ops", "all", true, {EntryId{"g-ops"}}});
  claims["vault"].grants.push_back({"12", "ops", "ann", "7", EntryId{"p-ann"}, dn_of_person("ann"), "all"});
  claims["console"].made_users.push_back({"u-1", "ann"});
  ASSERT_TRUE(journal.claim({run, kPlan, "alice", "recovered from a copy"}, claims));
  EXPECT_THAT(grants(), ElementsAre("12 ann 7"));
  EXPECT_TRUE(journal.managed("vault").value().groups.at(0).created_by_us);
  EXPECT_THAT(journal.managed("console").value().made_users, ElementsAre(MadeUser{"u-1", "ann"}));
  EXPECT_THAT(rows("change"), ElementsAre("adopt ops  done", "adopt ops ann done"));
  auto const last = under_test->audit().back();
  EXPECT_EQ(last.plan, kPlan.value());
  EXPECT_EQ(last.actor, "alice");
  EXPECT_EQ(last.detail, "recovered from a copy");
}

TEST_P(GivenRun, WhenAClaimSaysThatAMembershipHadEndedThenItIsForgotten) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  ClaimsByTarget claims;
  claims["vault"].forgotten = journal.managed("vault").value().grants;
  ASSERT_TRUE(journal.claim({run, kPlan, "alice", "recovered from a trail"}, claims));
  EXPECT_THAT(grants(), IsEmpty());
  EXPECT_EQ(under_test->audit().back().verb, "forget");
}

TEST_P(GivenRun, WhenAGroupIsUpdatedThenNameAndSourcesButNotWhoMadeIt) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  ManagedGroup const now{"12", "operations", "other", false, {EntryId{"g-1"}, EntryId{"g-2"}}};
  ASSERT_TRUE(journal.update_groups("vault", {&now, 1}));
  auto const managed = journal.managed("vault").value();
  EXPECT_EQ(managed.groups.at(0).group, "operations");
  EXPECT_EQ(managed.groups.at(0).rule, "other");
  EXPECT_TRUE(managed.groups.at(0).created_by_us);
  EXPECT_THAT(managed.groups.at(0).sources, SizeIs(2));
  EXPECT_EQ(managed.grants.at(0).group, "operations");
  ManagedGroup const none{"13", "x", "all", false, {}};
  EXPECT_FALSE(journal.update_groups("vault", {&none, 1}));
}

TEST_P(GivenRun, WhenManyAreGrantedThenOrderedByGroupAndName) {
  for (auto const* name : {"bob", "ann"}) settle(change(Verb::add, name, name), Outcome::done);
  auto other = change(Verb::add, "zoe", "z");
  other.group_id = "11";
  settle(other, Outcome::done);
  EXPECT_THAT(grants(), ElementsAre("11 zoe z", "12 ann ann", "12 bob bob"));
}

TEST_P(GivenRun, WhenAReadIsAcceptedThenItsCountsAndEntriesUntilTheNextOne) {
  DirectoryWorld world;
  world.people_named({"ann", "bob"});
  world.group("ops", {"ann", "bob"});
  EXPECT_FALSE(journal.last_counts("corp").value());
  ASSERT_TRUE(journal.accept_read(run, world.snapshot({})));
  auto const counts = journal.last_counts("corp").value().value();
  EXPECT_EQ(counts.groups, 1);
  EXPECT_EQ(counts.people, 2);
  EXPECT_EQ(counts.values, 2);

  auto const ann = dn_of_person("ann"), ops = dn_of_group("ops");
  std::vector<std::string_view> const dns{ann, ops, "uid=none,dc=x"};
  EXPECT_THAT(journal.known_by_dn("corp", dns).value(), SizeIs(2));
  EXPECT_THAT(journal.known_by_dn("lab", dns).value(), IsEmpty());
  std::vector<EntryId> const ids{EntryId{"g-ops"}, EntryId{"p-none"}};
  auto const known = journal.known_by_id("corp", ids).value();
  ASSERT_THAT(known, SizeIs(1));
  EXPECT_THAT(journal.known_directories().value(), ElementsAre("corp"));
  EXPECT_TRUE(known[0].is_group);
  EXPECT_EQ(known[0].dn, ops);

  world.drop_group("ops");
  world.people.at("ann").dn = "uid=ann,ou=moved,dc=x";
  auto const next = journal.begin_run({kNow, "sync", "alice", "c0ffee"}).value();
  ASSERT_TRUE(journal.accept_read(next, world.snapshot({})));
  EXPECT_THAT(journal.known_by_dn("corp", dns).value(), IsEmpty());
  EXPECT_THAT(journal.known_by_id("corp", ids).value(), IsEmpty());
  EXPECT_EQ(journal.last_counts("corp").value()->groups, 0);
}

TEST_P(GivenRun, WhenReadsAreAcceptedThenChangeNumbersAreKeptForEachSource) {
  DirectoryWorld world;
  auto const accept = [this, &world](ChangeNumbers numbers) {
    world.change_numbers = std::move(numbers);
    ASSERT_TRUE(journal.accept_read(run, world.snapshot({})));
  };
  EXPECT_EQ(journal.last_change_numbers("corp", "csn").value(), (ChangeNumbers{"csn", {}}));
  EXPECT_EQ(journal.last_source("corp").value(), "");
  accept({"csn", {{"001", "a"}, {"002", "b"}}});
  accept({"usn", {{"", "17"}}});
  accept({});  // a server that offers none makes nothing forgotten
  EXPECT_EQ(journal.last_change_numbers("corp", "csn").value(),
            (ChangeNumbers{"csn", {{"001", "a"}, {"002", "b"}}}));
  EXPECT_EQ(journal.last_change_numbers("corp", "usn").value().values.at(""), "17");
  EXPECT_TRUE(journal.last_change_numbers("lab", "usn").value().values.empty());
  EXPECT_EQ(journal.last_source("corp").value(), "usn");
  EXPECT_EQ(journal.last_source("lab").value(), "");
  accept({"csn", {{"001", "c"}}});
  EXPECT_EQ(journal.last_source("corp").value(), "csn");
  EXPECT_EQ(journal.last_change_numbers("corp", "csn").value(), (ChangeNumbers{"csn", {{"001", "c"}}}));
}

TEST_P(GivenRun, WhenAReadIsHeldThenItWaitsBesidePlansUntilOneIsAccepted) {
  auto const of_corp = [this](char name) {
    auto read = held(name, kNow);
    read.directory = "corp";
    return read;
  };
  ASSERT_TRUE(journal.hold_plan(held('p', kNow)));
  ASSERT_TRUE(journal.hold_plan(of_corp('r')));
  EXPECT_EQ(state('p'), StoredPlan::State::held);
  EXPECT_EQ(journal.held_read("corp").value()->digest, held('r', kNow).digest);
  EXPECT_EQ(journal.held_read("corp").value()->document_json, held('r', kNow).document_json);
  EXPECT_FALSE(journal.held_read("lab").value());
  ASSERT_TRUE(journal.supersede_held_plans());
  ASSERT_TRUE(journal.hold_plan(held('q', kNow)));
  EXPECT_EQ(state('r'), StoredPlan::State::held);
  EXPECT_THAT(journal.held_plans().value(), SizeIs(2));

  ASSERT_TRUE(journal.decide_plan({.digest = held('r', kNow).digest, .actor = "bob", .time = kNow}));
  ASSERT_TRUE(journal.hold_plan(of_corp('r')));
  EXPECT_EQ(journal.held_read("corp").value()->state, StoredPlan::State::approved);
  EXPECT_EQ(journal.held_read("corp").value()->decided_by, "bob");
  ASSERT_TRUE(journal.hold_plan(of_corp('s')));  // another read by now: the approval was for the first
  EXPECT_EQ(state('r'), StoredPlan::State::superseded);
  ASSERT_TRUE(journal.decide_plan({.digest = held('s', kNow).digest, .actor = "bob", .time = kNow}));
  ASSERT_TRUE(journal.accept_read(run, DirectoryWorld{}.snapshot({})));
  EXPECT_EQ(state('s'), StoredPlan::State::applied);
  EXPECT_FALSE(journal.held_read("corp").value());
  EXPECT_EQ(state('q'), StoredPlan::State::held);
}

TEST_P(GivenRun, WhenAbsencesAreReplacedThenTheWholeListOfThatDirectory) {
  std::vector<AbsenceCount> const two{{"person:b", 1}, {"person:a", 2}};
  ASSERT_TRUE(journal.replace_absences("corp", two));
  ASSERT_TRUE(journal.replace_absences("lab", two));
  auto const kept = journal.absences("corp").value();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].key, "person:a");
  EXPECT_EQ(kept[0].runs, 2);
  ASSERT_TRUE(journal.replace_absences("corp", {}));
  EXPECT_THAT(journal.absences("corp").value(), IsEmpty());
  EXPECT_THAT(journal.absences("lab").value(), SizeIs(2));
}

TEST_P(GivenRun, WhenNoPlanWaitsAnyMoreThenHeldOnesAreSupersededAndApprovedOnesStay) {
  ASSERT_TRUE(journal.hold_plan(held('a', kNow)));
  ASSERT_TRUE(journal.decide_plan({.digest = held('a', kNow).digest, .actor = "alice", .time = kNow}));
  ASSERT_TRUE(journal.hold_plan(held('b', kNow)));
  ASSERT_TRUE(journal.supersede_held_plans());
  EXPECT_EQ((*journal.find_plan(held('a', kNow).digest))->state, StoredPlan::State::approved);
  EXPECT_EQ((*journal.find_plan(held('b', kNow).digest))->state, StoredPlan::State::superseded);
}

TEST_P(GivenRun, WhenAPlanIsHeldThenTheOneBeforeItIsSuperseded) {
  ASSERT_TRUE(journal.hold_plan(held('a', kNow)));
  ASSERT_TRUE(journal.hold_plan(held('b', kNow)));
  EXPECT_EQ(state('a'), StoredPlan::State::superseded);
  EXPECT_THAT(journal.held_plans().value(), SizeIs(1));
  ASSERT_TRUE(journal.hold_plan(held('a', kNow + std::chrono::hours{1})));
  EXPECT_EQ(state('a'), StoredPlan::State::held);
  EXPECT_EQ(journal.find_plan(PlanDigest{std::string(64, 'a')}).value()->first_seen, kNow);
  EXPECT_FALSE(journal.find_plan(PlanDigest{"none"}).value());
}

/// Else the second person would never find it: the service makes a run every few minutes.
TEST_P(GivenRun, WhenAnUndoIsApprovedByOneOfTwoThenItWaitsOnWhateverRunsComeTo) {
  auto const of_undo = [this](char digit) {
    auto plan = held(digit, kNow);
    plan.document_json = R"({"command": "undo 17"})";
    plan.approvals_needed = 2;
    return plan;
  };
  ASSERT_TRUE(journal.hold_plan(of_undo('c')));
  ASSERT_TRUE(journal.supersede_held_plans());
  EXPECT_EQ(state('c'), StoredPlan::State::superseded) << "nobody has approved it";
  ASSERT_TRUE(journal.hold_plan(of_undo('c')));
  ASSERT_TRUE(journal.decide_plan({.digest = held('c', kNow).digest, .actor = "alice", .time = kNow}));
  ASSERT_TRUE(journal.supersede_held_plans());
  ASSERT_TRUE(journal.hold_plan(held('d', kNow)));
  EXPECT_EQ(state('c'), StoredPlan::State::held);
  EXPECT_THAT(journal.find_plan(held('c', kNow).digest).value()->given, SizeIs(1));
  ASSERT_TRUE(journal.hold_plan(of_undo('e')));
  EXPECT_EQ(state('c'), StoredPlan::State::superseded) << "the undo is another one by now";
  EXPECT_EQ(state('d'), StoredPlan::State::superseded);
}

TEST_P(GivenRun, WhenDecidedThenItStaysSoUntilApplied) {
  auto const plan = held('a', kNow);
  EXPECT_FALSE(journal.decide_plan({.digest = plan.digest, .actor = "bob", .time = kNow}));
  ASSERT_TRUE(journal.hold_plan(plan));
  ASSERT_TRUE(journal.decide_plan({.digest = plan.digest, .actor = "bob", .time = kNow}));
  ASSERT_TRUE(journal.hold_plan(plan));
  EXPECT_EQ(state('a'), StoredPlan::State::approved);
  auto const stored = journal.find_plan(plan.digest).value().value();
  EXPECT_EQ(stored.decided, kNow);
  EXPECT_EQ(stored.decided_by, "bob");
  EXPECT_EQ(under_test->audit().back().phase, "approve");
  EXPECT_EQ(under_test->audit().back().actor, "bob");

  ASSERT_TRUE(journal.plan_applied(plan.digest, run));
  EXPECT_EQ(state('a'), StoredPlan::State::applied);
  EXPECT_FALSE(journal.decide_plan({.digest = plan.digest, .actor = "bob", .time = kNow}));
  ASSERT_TRUE(journal.hold_plan(plan));
  EXPECT_EQ(state('a'), StoredPlan::State::held);
  EXPECT_FALSE(journal.find_plan(plan.digest).value()->decided);
  EXPECT_FALSE(journal.plan_applied(PlanDigest{"none"}, run));
}

TEST_P(GivenRun, WhenRejectedThenNotHeldAndStaysSo) {
  ASSERT_TRUE(journal.hold_plan(held('a', kNow)));
  ASSERT_TRUE(journal.decide_plan(
      {.digest = held('a', kNow).digest, .approves = false, .actor = "bob", .time = kNow}));
  EXPECT_THAT(journal.held_plans().value(), IsEmpty());
  ASSERT_TRUE(journal.hold_plan(held('a', kNow)));
  EXPECT_EQ(state('a'), StoredPlan::State::rejected);
}

TEST_P(GivenRun, WhenObjectsAreSetAsideThenTheWholeListOfThatTarget) {
  std::vector<SetAside> const two{{"vault", "web", "ann", "refused", 1, kNow},
                                  {"vault", "ops", "bob", "refused", 2, kNow}};
  ASSERT_TRUE(journal.replace_set_aside("vault", two));
  auto const kept = journal.set_aside("vault").value();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].group, "ops");
  EXPECT_EQ(kept[0].attempts, 2);
  EXPECT_EQ(kept[0].next_try, kNow);
  EXPECT_THAT(journal.set_aside("console").value(), IsEmpty());
  ASSERT_TRUE(journal.replace_set_aside("vault", {}));
  EXPECT_THAT(journal.set_aside("vault").value(), IsEmpty());
}

TEST_P(GivenRun, WhenPeopleHaveSomethingThenFoundByTheirIds) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  settle(change(Verb::add, "bob", "8"), Outcome::done);
  auto elsewhere = change(Verb::add, "ann", "7");
  elsewhere.target = "console";
  elsewhere.group_id = "99";
  settle(elsewhere, Outcome::done);
  std::vector const wanted{EntryId{"p-ann"}, EntryId{"p-zoe"}};
  auto const held = journal.held_by(wanted).value();
  ASSERT_EQ(held.size(), 2U);
  auto const& in_vault = held.at("vault");
  ASSERT_THAT(in_vault.grants, SizeIs(1));
  EXPECT_EQ(in_vault.grants[0].principal, "ann");
  EXPECT_EQ(in_vault.grants[0].principal_id, "7");
  EXPECT_EQ(in_vault.grants[0].id, EntryId{"p-ann"});
  EXPECT_EQ(in_vault.grants[0].rule, "all");
  ASSERT_THAT(in_vault.groups, SizeIs(1));
  EXPECT_EQ(in_vault.groups[0].group_id, "12");
  EXPECT_EQ(in_vault.groups[0].group, "ops");
  EXPECT_THAT(held.at("console").groups, IsEmpty()) << "that group is not ours";
}

TEST_P(GivenRun, WhenWhatSomebodyHadEndedThenTheyHaveNothing) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  settle(change(Verb::remove, "ann", "7"), Outcome::done);
  EXPECT_THAT(journal.held_by(std::vector{EntryId{"p-ann"}}).value(), IsEmpty());
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  EXPECT_THAT(journal.held_by(std::vector{EntryId{"p-ann"}}).value(), SizeIs(1));
}

TEST_P(GivenRun, WhenAReadWasAcceptedThenEntriesRightBelowAContainerAreKnown) {
  DirectoryWorld world;
  world.people_named({"ann", "bob", "cid"});
  world.people.at("cid").dn = "uid=cid,ou=more,ou=people,dc=x";
  world.group("ops");
  ASSERT_TRUE(journal.accept_read(run, world.snapshot({})));
  auto const container = std::string{"ou=people,dc=x"};
  EXPECT_THAT(journal.known_right_below("corp", container, 9).value(), SizeIs(2));
  EXPECT_THAT(journal.known_right_below("corp", container, 1).value(), SizeIs(1));
  EXPECT_THAT(journal.known_right_below("corp", "ou=nowhere,dc=x", 9).value(), IsEmpty());
  world.drop_person("bob");
  ASSERT_TRUE(journal.accept_read(run, world.snapshot({})));
  EXPECT_THAT(journal.known_right_below("corp", container, 9).value(), SizeIs(1));
}

}  // namespace dirsync::fake
