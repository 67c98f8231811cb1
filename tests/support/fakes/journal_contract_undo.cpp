// What a journal tells of the changes of earlier runs, and of those that were taken back.
#include <gmock/gmock.h>

#include "tests/support/fakes/journal_contract.hpp"
#include "tests/support/fakes/world.hpp"

namespace dirsync::fake {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

Time const kBegin = *parse_rfc3339("2026-01-02T03:04:05Z");

RunStart start_of(std::string trigger) { return {kBegin, std::move(trigger), "alice", "c0ffee"}; }

Undone undone_of(Change change, std::string said) {
  Undone one;
  one.change = std::move(change);
  one.change.n = 0;
  one.change.path.clear();
  one.run = RunId{3};
  one.by = RunId{5};
  one.said = std::move(said);
  one.since = kBegin;
  return one;
}

std::vector<std::string> past_words(std::vector<PastChange> const& past) {
  std::vector<std::string> words;
  for (auto const& [change, outcome, later] : past)
    words.push_back(std::string{to_text(change.verb)} + " " + change.group_id + " " + change.principal_id +
                    " " + to_text(outcome) +
                    (later ? "; " + later->verb + " by " + std::to_string(later->run.value()) : ""));
  return words;
}

}  // namespace

TEST_P(GivenRun, WhenItChangedThingsThenTheyAreToldWithTheIdsOfTheTarget) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  settle(change(Verb::add, "bob", "8"), Outcome::already);
  settle(change(Verb::add, "cid", "9"), Outcome::failed);
  settle(change(Verb::remove, "ann", "7"), Outcome::done);
  auto const past = journal.past_changes(run).value();
  EXPECT_THAT(past_words(past),
              ElementsAre("create-group 12  done", "add 12 7 done", "add 12 8 already", "remove 12 7 done"));
  auto const& added = past.at(1).change;
  EXPECT_EQ(added.target, "vault");
  EXPECT_EQ(added.group, "ops");
  EXPECT_EQ(added.principal, "ann");
  EXPECT_EQ(added.id, EntryId{"p-ann"});
  EXPECT_EQ(added.dn, dn_of_person("ann"));
  EXPECT_EQ(added.rule, "all");
  EXPECT_EQ(added.path, "a > b");
  EXPECT_THAT(journal.past_changes(RunId{run.value() + 1}).value(), IsEmpty());
}

TEST_P(GivenRun, WhenAnotherRunChangesAMembershipThenTheEarlierOneTells) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  settle(change(Verb::add, "bob", "8"), Outcome::done);
  settle(change(Verb::add, "cid", "9"), Outcome::done);
  auto const first = run;
  run = journal.begin_run(start_of("sync")).value();
  settle(change(Verb::remove, "ann", "7"), Outcome::done);
  auto const second = std::to_string(run.value());
  run = journal.begin_run(start_of("sync")).value();
  auto const bob = grant_of(change(Verb::add, "bob", "8"));
  ASSERT_TRUE(journal.forget(run, "vault", "alice", {&bob, 1}));
  auto const third = std::to_string(run.value());
  EXPECT_THAT(past_words(journal.past_changes(first).value()),
              ElementsAre("create-group 12  done", "add 12 7 done; remove by " + second,
                          "add 12 8 done; forget by " + third, "add 12 9 done"));
  EXPECT_THAT(past_words(journal.past_changes(RunId{first.value() + 1}).value()),
              ElementsAre("remove 12 7 done"));
}

TEST_P(GivenRun, WhenWhatWasUndoneIsReplacedThenThatOfTheTargetInItsOrder) {
  EXPECT_THAT(journal.undone("vault").value(), IsEmpty());
  std::vector<Undone> const both{undone_of(change(Verb::remove, "bob", "8"), ""),
                                 undone_of(change(Verb::add, "ann", "7"), "g-ops > g-inner")};
  ASSERT_TRUE(journal.replace_undone("vault", both));
  EXPECT_EQ(journal.undone("vault").value(), (std::vector<Undone>{both[1], both[0]}));
  EXPECT_THAT(journal.undone("console").value(), IsEmpty());
  ASSERT_TRUE(journal.replace_undone("vault", {both.data(), 1}));
  EXPECT_EQ(journal.undone("vault").value(), (std::vector<Undone>{both[0]}));
  ASSERT_TRUE(journal.replace_undone("vault", {}));
  EXPECT_THAT(journal.undone("vault").value(), IsEmpty());
}

TEST_P(GivenRun, WhenAMembershipIsChangedOftenThenItIsAmongTheFlips) {
  settle(change(Verb::create_group), Outcome::done);
  for (auto again = 0; again < 2; ++again) {
    settle(change(Verb::add, "ann", "7"), Outcome::done);
    settle(change(Verb::remove, "ann", "7"), Outcome::done);
  }
  settle(change(Verb::add, "bob", "8"), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::already);
  settle(change(Verb::remove, "ann", "7"), Outcome::failed);
  auto const flips = journal.flips("vault", Time{}, 3).value();
  ASSERT_THAT(flips, SizeIs(1));
  EXPECT_EQ(flips[0].group, "ops");
  EXPECT_EQ(flips[0].principal, "ann");
  EXPECT_EQ(flips[0].id, EntryId{"p-ann"});
  EXPECT_THAT(flips[0].times, SizeIs(4));
  EXPECT_THAT(journal.flips("vault", Time{}, 5).value(), IsEmpty());
  EXPECT_THAT(journal.flips("vault", Time{}, 1).value(), SizeIs(2));
  EXPECT_THAT(journal.flips("console", Time{}, 1).value(), IsEmpty());
  auto const later = flips[0].times.front() + std::chrono::hours{1};
  EXPECT_THAT(journal.flips("vault", later, 1).value(), IsEmpty());
}

TEST_P(GivenRun, WhenAnUndoChangesAMembershipThenThatIsNoFlip) {
  settle(change(Verb::create_group), Outcome::done);
  settle(change(Verb::add, "ann", "7"), Outcome::done);
  run = journal.begin_run(start_of("undo")).value();
  settle(change(Verb::remove, "ann", "7"), Outcome::done);
  auto const flips = journal.flips("vault", Time{}, 1).value();
  ASSERT_THAT(flips, SizeIs(1));
  EXPECT_THAT(flips[0].times, SizeIs(1));
}

}  // namespace dirsync::fake
