// What the store tells of the past of random worlds, against what somebody saw who only watched the targets.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "daemon/cli/access_facts.hpp"
#include "daemon/cli/decision.hpp"
#include "store/store.hpp"
#include "tests/sequences/acts.hpp"
#include "tests/sequences/closing.hpp"
#include "tests/sequences/replay.hpp"
#include "tests/support/temp_folder.hpp"

namespace dirsync::sequences {
namespace {

#ifndef DIRSYNC_HISTORIES
#define DIRSYNC_HISTORIES 2000
#endif
constexpr unsigned kWorlds = DIRSYNC_HISTORIES, kShards = 20;
constexpr std::size_t kRuns = 20;

/// In memory, as a commit of each would wait for the disk some hundred times.
std::filesystem::path fast_folder() {
  return std::filesystem::is_directory("/dev/shm") ? std::filesystem::path{"/dev/shm"}
                                                   : std::filesystem::temp_directory_path();
}

std::string in_lines(Members const& members) {
  std::string text;
  for (auto const& member : members) text += "\n  " + to_text(member);
  return text;
}

Members without(Members members, Members const& others) {
  std::erase_if(members, [&others](Member const& member) { return others.contains(member); });
  return members;
}

/// Nothing that leaves it open whether a change was made, or shows a group without some of its members.
void make_certain(Circumstances& now) {
  using Fate = fake::FakeTarget::Fate;
  now.crash.reset();
  now.journal_fails_from = now.journal_fails_once = 0;
  for (auto& [name, fault] : now.targets) {
    fault.missing.clear();
    for (auto& fate : fault.fates)
      if (fate != Fate::target_down) fate = Fate::fails;
  }
}

struct Figures {
  int runs = 0, memberships = 0, paths = 0, undos = 0, taken_back = 0, left = 0, by_others = 0, frozen = 0;
};

/// A company with a real store, for twenty runs.
class History {
 public:
  History(unsigned seed, Figures& figures)
      : figures_(figures), dice_(seed + 7'000'000), world_(seed), replay_(world_) {
    for (auto& [rule, settings] : world_.settings) settings.adopt = false;  // who is there stays foreign
    world_.plant.setup.journal = &store_;
  }

  void live() {
    while (replay_.instants().size() < kRuns && !testing::Test::HasFailure()) {
      let_happen();
      auto const count = replay_.instants().size();
      if (count > 4 && dice_.chance(8))
        undo(pick_run());
      else
        run(!dice_.chance(3));
    }
  }
  void expect_told() {
    auto const& instants = replay_.instants();
    for (std::size_t at = 0; at < instants.size() && !testing::Test::HasFailure(); ++at) {
      auto const time = instants[at].attempt.time;
      auto const next =
          at + 1 < instants.size() ? instants[at + 1].attempt.time : time + std::chrono::hours{24};
      for (auto const moment : {time, next - std::chrono::milliseconds{1}})
        expect_members(instants[at], moment);
      expect_reason(instants[at], time);
    }
  }

 private:
  void happen(std::span<Act const> acts, int times) {
    for (; times > 0; --times) {
      acts[static_cast<std::size_t>(dice_.below(static_cast<int>(acts.size())))].deed(world_, dice_);
      replay_.note_deed();
    }
  }
  void let_happen() {
    happen(directory_acts(), dice_.below(5));
    if (dice_.chance(4)) happen(target_acts(), 1);
    if (dice_.chance(4)) happen(fault_acts(), 1);
    make_certain(world_.now);
    world_.now.by_daemon = dice_.chance(4);
    world_.now.accept_band = dice_.chance(3);
    pass_time(world_, dice_);
    if (dice_.chance(6)) frozen_ ? thaw() : freeze();
  }
  void freeze() {
    frozen_ = Freeze{.target = "",
                     .removals_alone = dice_.chance(2),
                     .reason = "an audit",
                     .actor = "chief",
                     .since = world_.plant.clock.time};
    ASSERT_TRUE(store_.freeze(*frozen_));
  }
  void thaw() {
    frozen_.reset();
    ASSERT_TRUE(store_.thaw("", "chief", world_.plant.clock.time));
  }

  /// One run, and where the plan must be approved and somebody `approves` it, another one.
  void run(bool approves) {
    auto const& first = one_run();
    if (testing::Test::HasFailure() || !approves || first.exit != engine::Exit::held) return;
    world_.plant.clock.time += std::chrono::minutes{5};
    world_.now.approve = first.plan.digest;
    one_run();
  }
  engine::Report const& one_run() {
    static engine::Report const nothing;
    auto const& attempt = replay_.run().attempt;
    EXPECT_TRUE(attempt.report) << attempt.failure;
    if (!attempt.report) return nothing;
    ++figures_.runs;
    for (auto const& [change, took_effect] : attempt.sent) {
      EXPECT_FALSE(frozen_ && stops(*frozen_, change)) << fake::in_words(change) << " was frozen";
    }
    for (auto const& change : attempt.report->plan.changes) figures_.frozen += change.frozen ? 1 : 0;
    return *attempt.report;
  }

  std::size_t pick_run() {
    return static_cast<std::size_t>(dice_.below(static_cast<int>(replay_.instants().size())));
  }
  /// Whatever that run was: an undo, or one of which half failed.
  void undo(std::size_t number) {
    auto const of = replay_.instants()[number].attempt.report->run;
    if (frozen_) thaw();
    world_.now = {};
    world_.now.undo = of;
    auto const digest = one_run().plan.digest;
    if (!testing::Test::HasFailure() && replay_.instants().back().attempt.report->plan.held) {
      world_.plant.clock.time += std::chrono::minutes{5};
      world_.now.undo = of;
      world_.now.approve = digest;
      one_run();
    }
    if (testing::Test::HasFailure()) return;
    ++figures_.undos;
    auto const& report = *replay_.instants().back().attempt.report;
    EXPECT_NE(report.exit, engine::Exit::held) << "the undo of run " << of.value();
    EXPECT_EQ(report.plan.undoes, of);
    expect_undone(number);
  }

  /// Of the run of that number, by the last one: everything is as before it, as others made it since, or left
  /// with a reason.
  void expect_undone(std::size_t number) {
    auto const& run = replay_.instants()[number];
    auto const& undo = replay_.instants().back();
    auto const others = replay_.changed_between(number, replay_.instants().size() - 1);
    auto all = run.before;
    for (auto const* members : {&run.after, &undo.before, &undo.after})
      all.insert(members->begin(), members->end());
    for (auto const& member : all) {
      auto const before = run.before.contains(member), after = run.after.contains(member);
      auto const found = undo.before.contains(member), now = undo.after.contains(member);
      if (before == after || found != after) {
        EXPECT_EQ(now, found) << to_text(member) << " was not the run's any more";
        figures_.by_others += before != after ? 1 : 0;
      } else if (now == before) {
        ++figures_.taken_back;
      } else {
        expect_left(run.attempt, *undo.attempt.report, member, others.contains(member));
      }
    }
  }
  void expect_left(Attempt const& run, engine::Report const& report, Member const& member, bool was_changed) {
    auto const is_it = [&member](Change const& change) {
      return change.target == member.target && change.principal == member.user &&
             (change.group_id.empty() || change.group_id == member.group_id);
    };
    for (auto const& [change, outcome, detail, delay] : report.outcomes)
      if (is_it(change) && !is_success(outcome)) return;
    auto const left = std::ranges::find_if(report.plan.left, is_it, &LeftChange::change);
    if (left == report.plan.left.end()) {
      ADD_FAILURE() << to_text(member) << " was not taken back, and nothing says why";
      return;
    }
    ++figures_.left;
    EXPECT_FALSE(left->because.empty());
    // One that somebody and then the run itself gave another name may be taken for gone.
    auto const renames = [&member](Sent const& sent) {
      return sent.change.verb == Verb::rename_group && sent.change.group_id == member.group_id;
    };
    if (left->code == "group-gone" && std::ranges::none_of(run.sent, renames)) {
      EXPECT_EQ(find_group_by_id(world_.world_of(member.target), member.group_id), nullptr)
          << to_text(member) << " was left, as " << left->because;
    }
    EXPECT_TRUE(was_changed || !left->code.starts_with("changed-by-"))
        << to_text(member) << " was left, as " << left->because << ", and nobody had changed it";
  }

  void expect_members(Instant const& instant, Time at) {
    Members told;
    auto const intervals = store_.intervals();
    for (auto const* target : {"vault", "console"})
      for (auto const& group : intervals.groups(target, at).value())
        for (auto const& held : intervals.members(group.number, at).value())
          told.insert({target, group.id, held.principal});
    auto const expected = without(instant.ours, instant.unclear);
    figures_.memberships += static_cast<int>(expected.size());
    told = without(std::move(told), instant.unclear);
    EXPECT_TRUE(told == expected) << "at " << rfc3339(at) << " too many:" << in_lines(without(told, expected))
                                  << "\ntoo few:" << in_lines(without(expected, told));
  }

  /// `why` of one of them.
  void expect_reason(Instant const& instant, Time at) {
    auto const members = without(instant.ours, instant.unclear);
    if (members.empty()) return;
    auto const& member = dice_.pick(members);
    auto const groups = store_.intervals().find_groups(member.group_id, member.target, at).value();
    ASSERT_EQ(groups.size(), 1U) << to_text(member);
    cli::AskedGroup const group{.target = member.target, .name = groups.front().name, .kept = groups.front()};
    auto const facts = cli::access_facts(member.user, group, store_, at).value();
    ASSERT_TRUE(facts.held) << to_text(member) << " at " << rfc3339(at);
    auto const decision = cli::decide_why(facts);
    EXPECT_TRUE(decision.member) << decision.text;
    EXPECT_EQ(decision.path, facts.held->path);
    expect_path(*facts.held, member);
  }
  /// The way there is the one of the run that gave the membership. One that a person gave back by an undo,
  /// and one that goes on for somebody else or under another name, has none of its own.
  void expect_path(store::HeldInterval const& held, Member const& member) {
    if (held.beginning != store::HeldInterval::Beginning::added || held.began != held.since) return;
    auto const is_it = [&held](Instant const& one) { return one.attempt.report->run == held.began_run; };
    auto const began = std::ranges::find_if(replay_.instants(), is_it);
    ASSERT_NE(began, replay_.instants().end()) << "run " << held.began_run.value();
    EXPECT_EQ(began->attempt.time, *held.began);
    if (began->attempt.report->plan.undoes) return;
    ++figures_.paths;
    EXPECT_TRUE(leads_to_a_person(began->attempt.said, held.path)) << to_text(member) << " by " << held.path;
  }

  Figures& figures_;
  Dice dice_;
  TempFolder folder_{fast_folder()};
  World world_;
  /// Looks at the world's clock.
  store::Store store_ = store::Store::open({.folder = store::StateFolder::open(folder_.path()).value(),
                                            .clock = std::shared_ptr<Clock const>{std::shared_ptr<void>{},
                                                                                  &world_.plant.clock}})
                            .value();
  Replay replay_;
  std::optional<Freeze> frozen_;
};

struct GivenHistories : testing::TestWithParam<unsigned> {};

TEST_P(GivenHistories, WhenTheStoreIsAskedForAnyInstantThenItTellsWhatWasSeen) {
  Figures figures;
  auto const first = GetParam() * (kWorlds / kShards);
  for (auto seed = first; seed < first + kWorlds / kShards && !HasFailure(); ++seed) {
    SCOPED_TRACE("world " + std::to_string(seed));
    History history{seed, figures};
    history.live();
    if (!HasFailure()) history.expect_told();
  }
  std::cout << "            " << figures.runs << " runs, " << figures.memberships << " memberships told, "
            << figures.paths << " paths, " << figures.undos << " undos: " << figures.taken_back
            << " changes taken back, " << figures.left << " left, " << figures.by_others << " of others; "
            << figures.frozen << " changes frozen\n";
  if (HasFailure()) return;
  EXPECT_GT(figures.memberships, 0);
  if (kWorlds / kShards < 50) return;
  EXPECT_GT(figures.paths, 0);
  EXPECT_GT(figures.taken_back, 0);
  EXPECT_GT(figures.left, 0);
  EXPECT_GT(figures.by_others, 0);
  EXPECT_GT(figures.frozen, 0);
}

INSTANTIATE_TEST_SUITE_P(Worlds, GivenHistories, testing::Range(0U, kShards));

}  // namespace
}  // namespace dirsync::sequences
