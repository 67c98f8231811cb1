#include <unistd.h>

#include <algorithm>
#include <set>

#include "tests/integration/store/fixture.hpp"
#include "tests/support/process/child.hpp"

namespace dirsync::store {
namespace {

/// What the writer tells once a call has returned.
struct Told {
  enum class Act : int { intended, settled } act;
  int number;
};

std::string principal_of(int number) { return "user-" + std::to_string(number); }

struct GivenWriter : OpenStore {
  /// Intends and settles without end; tells each act when it is durable.
  static int write_until_killed(Store store, RunId run, OpenStore const& make, int first, int out) {
    for (int number = first;; ++number) {
      auto change = make.add(principal_of(number));
      auto const intents = store.intend(run, PlanDigest{"p"}, "daemon", {&change, 1});
      if (!intents) return 1;
      Told told{Told::Act::intended, number};
      if (::write(out, &told, sizeof told) != sizeof told) return 2;
      if (!store.settle(intents->at(0), make.with(change, Outcome::done))) return 3;
      told.act = Told::Act::settled;
      if (::write(out, &told, sizeof told) != sizeof told) return 4;
    }
  }

  /// Starts a writer, kills it after so many acts (and whatever it does in between), and adds what it told.
  void run_writer(int acts) {
    int channel[2];
    ASSERT_EQ(::pipe(channel), 0);
    auto const first = next_number;
    Child writer{[this, &channel, first] {
      ::close(channel[0]);
      return write_until_killed(open(), run, *this, first, channel[1]);
    }};
    ::close(channel[1]);
    Told told{};
    for (int act = 0; ::read(channel[0], &told, sizeof told) == sizeof told; ++act) {
      (told.act == Told::Act::intended ? intended : settled).insert(principal_of(told.number));
      next_number = told.number + 2;  // one more may have been intended untold
      if (act == acts) writer.kill_now();
    }
    EXPECT_EQ(writer.wait(), -SIGKILL);
    ::close(channel[0]);
  }

  int next_number = 0;
  std::set<std::string> intended, settled;
};

TEST_F(GivenWriter, WhenKilledAnywhereThenNothingToldIsLostAndTheChainHolds) {
  for (int acts = 0; acts < 24; ++acts) {
    run_writer(acts);
    auto after = open();
    auto const report = after.verify_chain().value();
    ASSERT_FALSE(report.fault) << report.fault->text;

    std::multiset<std::string> recorded, open_ones, granted_ones;
    for (auto const& row : rows()) recorded.insert(row.principal);
    for (auto const& intent : after.open_intents().value()) open_ones.insert(intent.change.principal);
    for (auto const& grant : after.managed("vault").value().grants) granted_ones.insert(grant.principal);
    EXPECT_EQ(recorded, granted_ones);
    for (auto const& principal : intended)
      EXPECT_EQ(recorded.count(principal) + open_ones.count(principal), 1U);
    for (auto const& principal : settled) EXPECT_EQ(recorded.count(principal), 1U);
  }
  // What was left open can still be closed.
  for (auto const& intent : store.open_intents().value())
    ASSERT_TRUE(store.recover(intent, Outcome::done, "seen"));
  EXPECT_FALSE(store.verify_chain().value().fault);
}

using GivenStateFolder = GivenFolder;

TEST_F(GivenStateFolder, WhenKilledRightAfterCreationThenOpensAgain) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  Child creator{[this, &ready] {
    auto const store = try_open();
    if (!store || ::write(ready[1], "x", 1) != 1) return 1;
    for (;;) ::pause();
  }};
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  creator.kill_now();
  creator.wait();
  ASSERT_TRUE(try_open(Options::Mode::read_only));
  auto store = try_open();
  ASSERT_TRUE(store) << text(store.error());
  EXPECT_TRUE(store->begin_run({}));
  ::close(ready[0]);
  ::close(ready[1]);
}

}  // namespace
}  // namespace dirsync::store
