// What a journal keeps of each value, and the list of what is blocked.
#include <gmock/gmock.h>

#include "tests/support/fakes/journal_contract.hpp"
#include "tests/support/fakes/world.hpp"

namespace dirsync::fake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

Time const kBegan = *parse_rfc3339("2026-01-02T03:04:05Z");
PlanDigest const kSomePlan{std::string(64, 'a')};

}  // namespace

TEST_P(GivenRun, WhenAbsencesAreCountedThenWithTheRunThatCountedThem) {
  std::vector<AbsenceCount> const counts{{"person:a", 2, kBegan}, {"person:b", 1}};
  ASSERT_TRUE(journal.replace_absences("corp", counts));
  auto const kept = journal.absences("corp").value();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].counted, kBegan);
  EXPECT_EQ(kept[1].counted, Time{});
}

TEST_P(GivenRun, WhenARuleIsRememberedThenWithItsSettings) {
  EXPECT_FALSE(journal.rule_memory("all").value());
  ASSERT_TRUE(journal.remember_rule("all", {R"({"as":"users"})"}));
  EXPECT_EQ(journal.rule_memory("all").value()->settings, R"({"as":"users"})");
  ASSERT_TRUE(journal.remember_rule("all", {R"({"as":"group"})"}));
  EXPECT_EQ(journal.rule_memory("all").value()->settings, R"({"as":"group"})") << "the last word counts";
  EXPECT_FALSE(journal.rule_memory("other").value());
}

TEST_P(GivenRun, WhenAChangeHasADelayThenItStandsBesideItsRow) {
  std::vector<Change> const changes{change(Verb::add, "ann", "id-ann"),
                                    change(Verb::remove, "bob", "id-bob")};
  auto const intents = journal.intend(run, kSomePlan, "tester", changes).value();
  Settled slow{changes[0], Outcome::done, ""};
  slow.delay = std::chrono::milliseconds{1234};
  ASSERT_TRUE(journal.settle(intents[0], slow));
  ASSERT_TRUE(journal.settle(intents[1], {changes[1], Outcome::done, ""}));
  auto const rows = under_test->audit();
  ASSERT_GE(rows.size(), 2U);
  EXPECT_EQ(rows[rows.size() - 2].delay, slow.delay);
  EXPECT_EQ(rows.back().delay, std::nullopt);
}

TEST_P(GivenRun, WhenARunEndsThenFeedsGoOnWhereItSaysAndThoseOfOtherDirectoriesStay) {
  EXPECT_TRUE(journal.feed_cookies().value().empty());
  std::string const bytes{"\0\xFF;'", 4};
  RunRecord record;
  record.id = run;
  record.feed_cookies = {{"corp", {"syncrepl", "rid=000"}}, {"hr", {"dirsync", bytes}}};
  ASSERT_TRUE(journal.end_run(record));
  EXPECT_EQ(journal.feed_cookies().value(), record.feed_cookies);
  RunRecord next;
  next.id = journal.begin_run({}).value();
  next.feed_cookies = {{"corp", {"content-sync", ""}}};
  ASSERT_TRUE(journal.end_run(next));
  FeedCookies const kept{{"corp", {"content-sync", ""}}, {"hr", {"dirsync", bytes}}};
  EXPECT_EQ(journal.feed_cookies().value(), kept);
}

TEST_P(GivenRun, WhenExcludedGroupsAreKeptThenThoseOfOneRuleReplaceItsOwn) {
  EXPECT_TRUE(journal.excludes("ops").value().empty());
  ExcludedGroups const first{{"cn=a", EntryId{"1"}}, {"cn=b", EntryId{"2"}}}, second{{"cn=b", EntryId{"3"}}};
  ASSERT_TRUE(journal.keep_excludes("ops", first));
  ASSERT_TRUE(journal.keep_excludes("web", first));
  EXPECT_EQ(journal.excludes("ops").value(), first);
  ASSERT_TRUE(journal.keep_excludes("ops", second));
  EXPECT_EQ(journal.excludes("ops").value(), second);
  EXPECT_EQ(journal.excludes("web").value(), first);
}

TEST_P(GivenRun, WhenUnresolvedValuesAreKeptThenTheyReplaceThoseOfTheirDirectory) {
  KeptUnresolved const old{EntryId{"g-1"}, KeptUnresolved::kLongThere, Time{}, {3, 7}};
  KeptUnresolved const young{EntryId{"g-1"}, 1, kBegan, {UINT64_MAX}};
  KeptUnresolved const other{EntryId{"g-2"}, 2, kBegan, {0, 1, 2}};
  ASSERT_TRUE(journal.keep_unresolved("corp", {&old, 1}));
  EXPECT_FALSE(journal.unresolved("corp").value()) << "no read of it was accepted yet";
  DirectoryWorld world;
  ASSERT_TRUE(journal.accept_read(run, world.snapshot({})));
  EXPECT_FALSE(journal.unresolved("corp").value()) << "nobody kept them: that is not the same as none";

  std::vector const first{old, other};
  ASSERT_TRUE(journal.keep_unresolved("corp", first));
  EXPECT_EQ(journal.unresolved("corp").value(), first);
  std::vector const second{young, old};
  ASSERT_TRUE(journal.keep_unresolved("corp", second));
  EXPECT_EQ(journal.unresolved("corp").value(), second) << "ordered by group and runs";
  EXPECT_FALSE(journal.unresolved("other").value());
  ASSERT_TRUE(journal.keep_unresolved("corp", {}));
  EXPECT_EQ(journal.unresolved("corp").value(), std::vector<KeptUnresolved>{});
}

TEST_P(GivenRun, WhenGrantedThenTheKindOfTheUserIsKept) {
  for (auto const& [name, source] : {std::pair{"ann", std::optional{UserSource::directory}},
                                     std::pair{"bob", std::optional{UserSource::local}},
                                     std::pair{"cyd", std::optional{UserSource::unknown}},
                                     std::pair{"dan", std::optional<UserSource>{}}}) {
    auto addition = change(Verb::add, name, name);
    addition.source = source;
    settle(addition, Outcome::done);
    EXPECT_EQ(journal.managed("vault").value().grants.back().source, source) << name;
  }
}

TEST_P(GivenRun, WhenIntendedThenTheKindOfTheUserAndTheNewNameAreKept) {
  auto renaming = change(Verb::rename_group);
  renaming.new_name = "operations";
  auto addition = change(Verb::add, "ann", "7");
  addition.source = UserSource::local;
  std::vector<Change> const batch{renaming, addition};
  ASSERT_TRUE(journal.intend(run, kSomePlan, "alice", batch));
  auto const open = journal.open_intents().value();
  ASSERT_THAT(open, SizeIs(2));
  EXPECT_EQ(open[0].change, renaming);
  EXPECT_EQ(open[1].change, addition);
}

TEST_P(GivenRun, WhenAGroupIsRenamedThenItIsKnownByTheNewName) {
  auto const created = change(Verb::create_group);
  settle(created, Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  auto renaming = change(Verb::rename_group);
  renaming.new_name = "operations";
  settle(renaming, Outcome::failed);
  EXPECT_EQ(journal.managed("vault").value().groups.at(0).group, created.group);
  settle(renaming, Outcome::done);
  auto const managed = journal.managed("vault").value();
  EXPECT_EQ(managed.groups.at(0).group, "operations");
  EXPECT_EQ(managed.grants.at(0).group, "operations");
  renaming.new_name.clear();  // of an older version
  settle(renaming, Outcome::done);
  renaming.new_name = "by hand";
  renaming.rule.clear();
  settle(renaming, Outcome::done);
  EXPECT_EQ(journal.managed("vault").value().groups.at(0).group, "operations");
}

TEST_P(GivenRun, WhenAReadIsAcceptedThenItsDecidingAttributesUntilTheNextOne) {
  DirectoryWorld world;
  world.people_named({"ann"});
  world.deciding_attributes = {{"employeetype", 41}, {"uid", 42}};
  ASSERT_TRUE(journal.accept_read(run, world.snapshot({})));
  EXPECT_THAT(journal.last_counts("corp").value()->attributes,
              ElementsAre(Pair("employeetype", 41), Pair("uid", 42)));
  world.deciding_attributes = {{"uid", 43}};
  ASSERT_TRUE(journal.accept_read(run, world.snapshot({})));
  EXPECT_THAT(journal.last_counts("corp").value()->attributes, ElementsAre(Pair("uid", 43)));
}

Blocked GivenBlockable::blocked_removal(std::string principal, std::string code, std::string reason) {
  auto removal = change(Verb::remove, principal, "id-" + principal);
  removal.why = "left the group";
  return {
      .change = std::move(removal), .code = std::move(code), .reason = std::move(reason), .since = kBegan};
}

void GivenBlockable::replace(std::vector<Blocked> const& now) {
  ASSERT_TRUE(journal.replace_blocked(run, kSomePlan, "vault", "alice", now));
}

std::vector<std::string> GivenBlockable::names() {
  std::vector<std::string> names;
  for (auto const& one : journal.blocked("vault").value()) names.push_back(one.change.principal);
  return names;
}

TEST_P(GivenBlockable, WhenChangesBeginToBeBlockedThenKeptWithARowEach) {
  EXPECT_THAT(journal.blocked("vault").value(), IsEmpty());
  auto ann = blocked_removal("ann");
  ann.change.source = UserSource::directory;
  replace({blocked_removal("bob"), ann});
  EXPECT_THAT(rows("change"), ElementsAre("remove ops ann blocked", "remove ops bob blocked"));
  auto const kept = journal.blocked("vault").value();
  ASSERT_THAT(kept, SizeIs(2));
  ann.change.n = 0;
  EXPECT_EQ(kept[0], ann);
  auto const row = under_test->audit().back();
  EXPECT_EQ(row.run, run);
  EXPECT_EQ(row.plan, kSomePlan.value());
  EXPECT_EQ(row.actor, "alice");
  EXPECT_EQ(row.detail, "no path holds the name");
  EXPECT_EQ(row.rule, "all");
  EXPECT_THAT(journal.blocked("console").value(), IsEmpty());
}

TEST_P(GivenBlockable, WhenTheListIsEqualThenNoRowAndTheFirstTimeStays) {
  replace({blocked_removal("ann"), blocked_removal("bob")});
  auto ann = blocked_removal("ann"), bob = blocked_removal("bob");
  ann.since = bob.since = kBegan + std::chrono::hours{1};
  ann.change.n = 17;
  replace({bob, ann, ann});
  EXPECT_THAT(rows("change"), SizeIs(2));
  EXPECT_THAT(names(), ElementsAre("ann", "bob"));
  EXPECT_EQ(journal.blocked("vault").value()[0].since, kBegan);
}

TEST_P(GivenBlockable, WhenTheReasonChangesThenARowAndTheFirstTimeStays) {
  replace({blocked_removal("ann"), blocked_removal("bob")});
  auto ann = blocked_removal("ann", "protected", "the group is protected");
  ann.since += std::chrono::hours{1};
  replace({ann, blocked_removal("bob")});
  EXPECT_THAT(rows("change"), SizeIs(3));
  EXPECT_EQ(under_test->audit().back().detail, "the group is protected");
  EXPECT_EQ(journal.blocked("vault").value()[0].code, "protected");
  EXPECT_EQ(journal.blocked("vault").value()[0].since, kBegan);
}

TEST_P(GivenBlockable, WhenItEndsThenARowThatSaysSo) {
  replace({blocked_removal("ann"), blocked_removal("bob")});
  replace({blocked_removal("bob")});
  EXPECT_THAT(rows("change").back(), "remove ops ann unblocked");
  EXPECT_EQ(under_test->audit().back().detail, "no path holds the name");
  EXPECT_THAT(names(), ElementsAre("bob"));
  replace({});
  EXPECT_THAT(rows("change"), SizeIs(4));
  EXPECT_THAT(names(), IsEmpty());
}

TEST_P(GivenBlockable, WhenOneIsRenamedThenStillTheSameByItsId) {
  replace({blocked_removal("ann")});
  auto renamed = blocked_removal("ann");
  renamed.change.principal = "ann.smith";
  renamed.change.group = "operations";
  replace({renamed});
  EXPECT_THAT(rows("change"), SizeIs(1));
  EXPECT_THAT(names(), ElementsAre("ann.smith"));
  renamed.change.verb = Verb::add;
  replace({renamed});
  EXPECT_THAT(rows("change"), SizeIs(3));
}

TEST_P(GivenBlockable, WhenThereIsNoIdThenTheNameTellsThemApart) {
  auto ann = blocked_removal("ann"), bob = blocked_removal("bob");
  ann.change.principal_id = bob.change.principal_id = "";
  ann.change.id = bob.change.id = EntryId{"one"};
  replace({ann, bob});
  EXPECT_THAT(names(), ElementsAre("ann", "bob"));
}

}  // namespace dirsync::fake
