// An undo gives back what was there before the run, but for what others changed since; and the next run does
// not do it again.
#include <gtest/gtest.h>

#include "tests/sequences/acts.hpp"

namespace dirsync::sequences {
namespace {

#ifndef DIRSYNC_UNDOS
#define DIRSYNC_UNDOS 2000
#endif

using Keys = std::set<std::string>;  // membership() of each

Keys members_of(World& world) {
  Keys keys;
  for (auto const* name : {"vault", "console"}) {
    auto const& observed = world.world_of(name).observed;
    for (auto const& group : observed.groups)
      for (auto const user : group.users) keys.insert(membership(name, group.id, observed.users[user].id));
  }
  return keys;
}

Keys left_by(engine::Report const& report) {
  Keys keys;
  for (auto const& [change, code, because] : report.plan.left)
    keys.insert(membership(change.target, change.group_id, change.principal_id));
  return keys;
}

/// Who leaves because they are gone or disabled, whatever was taken back.
Keys revoked_in(World& world, Attempt const& attempt) {
  Keys keys;
  for (auto const& [change, took_effect] : attempt.sent)
    if (change.phase == Phase::revocation)
      keys.insert(membership(change.target, change.group_id, user_of(world.world_of(change.target), change)));
  return keys;
}

/// A run, and all memberships just before it and just after it.
struct Watched {
  Attempt attempt;
  Keys before, after;
  bool is_held() const { return attempt.report && attempt.report->exit == engine::Exit::held; }
};

Watched watched_run(World& world, Circumstances const& how) {
  world.plant.clock.time += std::chrono::minutes{5};
  Watched run;
  run.before = members_of(world);
  world.now = how;
  run.attempt = world.run();
  run.after = members_of(world);
  return run;
}

/// The same, approved where a person must.
Watched approved_run(World& world, Circumstances how) {
  auto first = watched_run(world, how);
  if (!first.is_held()) return first;
  how.approve = first.attempt.report->plan.digest;
  return watched_run(world, how);
}

void happen(std::span<Act const> acts, World& world, Dice& dice, int times) {
  for (; times > 0; --times)
    acts[static_cast<std::size_t>(dice.below(static_cast<int>(acts.size())))].deed(world, dice);
}

struct Figures {
  int undos = 0, taken_back = 0, left = 0, by_others = 0;
};

/// Everything is as before the run, as others made it since, or left with a reason. The memberships that were
/// taken back.
Keys expect_undone(Watched const& run, Watched const& undo, Figures& figures) {
  auto all = run.before;
  for (auto const* keys : {&run.after, &undo.before, &undo.after}) all.insert(keys->begin(), keys->end());
  auto const left = left_by(*undo.attempt.report);
  Keys taken_back;
  for (auto const& key : all) {
    auto const before = run.before.contains(key), after = run.after.contains(key);
    auto const found = undo.before.contains(key), now = undo.after.contains(key);
    if (before == after || found != after) {
      EXPECT_EQ(now, found) << key << " was not the run's any more";
      figures.by_others += before != after ? 1 : 0;
    } else if (now == before) {
      taken_back.insert(key);
    } else {
      EXPECT_TRUE(left.contains(key)) << key << " was not taken back, and nothing says why";
      ++figures.left;
    }
  }
  return taken_back;
}

void expect_not_done_again(World& world, Watched const& undo, Keys const& taken_back) {
  auto const next = watched_run(world, {});
  ASSERT_TRUE(next.attempt.report) << next.attempt.failure;
  auto const revoked = revoked_in(world, next.attempt);
  for (auto const& key : taken_back)
    if (!revoked.contains(key)) {
      EXPECT_EQ(next.after.contains(key), undo.after.contains(key)) << key << " was done again";
    }
}

void play_undo(unsigned seed, Figures& figures) {
  World world{seed};
  Dice dice{seed + 5'000'000};
  if (!dice.chance(3)) approved_run(world, {});
  happen(directory_acts(), world, dice, dice.below(6) + 1);
  auto const run = approved_run(world, {});
  ASSERT_TRUE(run.attempt.report) << run.attempt.failure;
  if (run.attempt.sent.empty()) return;
  if (dice.chance(2)) happen(target_acts(), world, dice, dice.below(3) + 1);
  Circumstances back;
  back.undo = run.attempt.report->run;
  auto const undo = approved_run(world, back);
  ASSERT_TRUE(undo.attempt.report) << undo.attempt.failure;
  EXPECT_FALSE(undo.is_held());
  EXPECT_EQ(undo.attempt.report->plan.undoes, run.attempt.report->run);
  auto const taken_back = expect_undone(run, undo, figures);
  ++figures.undos;
  figures.taken_back += static_cast<int>(taken_back.size());
  expect_not_done_again(world, undo, taken_back);
}

TEST(GivenRunsInRandomWorlds, WhenOneIsUndoneThenAllIsAsBeforeButForWhatOthersChanged) {
  Figures figures;
  for (unsigned seed = 0; seed < DIRSYNC_UNDOS && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE("world " + std::to_string(seed));
    play_undo(seed, figures);
  }
  if (testing::Test::HasFailure()) return;
  EXPECT_GT(figures.undos, 0);
  EXPECT_GT(figures.taken_back, 0);
  EXPECT_GT(figures.left, 0);
  EXPECT_GT(figures.by_others, 0);
}

}  // namespace
}  // namespace dirsync::sequences
