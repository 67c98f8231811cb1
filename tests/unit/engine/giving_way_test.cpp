// A run leaves its rest to the next one, which takes access from somebody first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

/// A Vault alone: zoe is in five groups, and ten people are to join each.
struct GivenFiftyAdditions : testing::Test {
  static constexpr int kGroups = 5, kEach = 10;
  using Fate = fake::FakeTarget::Fate;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    std::vector<std::string> uids{"zoe"};
    for (int n = 0; n < kGroups * kEach; ++n) uids.push_back("p" + std::to_string(n));
    plant.people(uids);
    for (int group = 0; group < kGroups; ++group) plant.corp.world.group(name(group), {"zoe"});
    ASSERT_EQ(plant.run().exit, Exit::done);
    for (int n = 0; n < kGroups * kEach; ++n) plant.corp.world.join(name(n / kEach), uids.at(1 + n));
    plant.forget_calls();
    plant.journal.audit.clear();
  }
  static std::string name(int group) { return "g" + std::to_string(group); }
  /// After so many calls of the rest.
  void give_way_after(int calls) {
    plant.request.gives_way = [this, calls] { return ++asked > calls; };
  }
  void never_give_way() { plant.request.gives_way = {}; }
  auto grants() { return plant.journal.managed("vault").value().grants.size(); }
  std::size_t members() {
    std::size_t count = 0;
    for (int group = 0; group < kGroups; ++group) count += vault.world.members(name(group)).size();
    return count;
  }
  static auto count(std::vector<std::string> const& words, std::string_view end) {
    return std::ranges::count_if(words, [end](auto const& one) { return one.ends_with(end); });
  }
  void expect_all_but_zoe() {
    EXPECT_EQ(members(), 50U);
    EXPECT_EQ(grants(), 50U);
    for (int group = 0; group < kGroups; ++group)
      EXPECT_THAT(vault.world.members(name(group)), AllOf(SizeIs(kEach), Not(Contains("zoe"))));
  }

  Plant plant;
  fake::FakeTarget& vault = plant.vault;
  int asked = 0;
};

TEST_F(GivenFiftyAdditions, WhenItGivesWayThenWhatIsInHandEndsAndTheRestIsLeft) {
  give_way_after(10);
  auto const before = plant.journal.target_states.at("vault");
  auto const report = plant.run();
  EXPECT_TRUE(report.gave_way);
  EXPECT_FALSE(report.stopped);
  EXPECT_EQ(report.exit, Exit::pending);
  EXPECT_EQ(report.plan.verdict, Verdict::run);
  EXPECT_EQ(asked, 11) << "once given, nobody asks again";
  EXPECT_THAT(vault.sent(), SizeIs(10));
  auto const words = outcomes(report);
  EXPECT_EQ(count(words, ": done"), 10);
  EXPECT_EQ(count(words, ": planned"), 40);
  EXPECT_EQ(grants(), 15U);
  EXPECT_THAT(plant.journal.open_intents().value(), IsEmpty());
  EXPECT_EQ(report.unverified, 0U) << "what was sent is looked at";
  EXPECT_EQ(plant.journal.target_states.at("vault").run, before.run) << "how it stands shows when it goes on";
  EXPECT_EQ(plant.journal.runs.back().failed, 0);
  EXPECT_THAT(plant.journal.runs.back().succeeded, IsEmpty());
}

TEST_F(GivenFiftyAdditions, WhenItGivesWayThenOneRowAndOneEventTellOfTheRest) {
  give_way_after(10);
  plant.run();
  EXPECT_THAT(plant.audit("change"), SizeIs(10));
  EXPECT_THAT(plant.audit("run"), ElementsAre("vault skipped", "run"));
  auto const row = std::ranges::find(plant.journal.audit, "skipped", &AuditRow::result);
  ASSERT_NE(row, plant.journal.audit.end());
  EXPECT_EQ(row->detail,
            "40 changes not sent: left for the next run: somebody may have to lose access at once");
  EXPECT_EQ(plant.monitor.count("changes_left"), 1);
  EXPECT_EQ(plant.monitor.count("change_not_applied"), 0);
}

TEST_F(GivenFiftyAdditions, WhenSomebodyWasDisabledMeanwhileThenTheNextRunBeginsWithThem) {
  give_way_after(10);
  plant.run();
  plant.forget_calls();
  plant.corp.world.disable("zoe");
  never_give_way();
  auto const report = plant.run();
  EXPECT_FALSE(report.gave_way);
  EXPECT_EQ(report.exit, Exit::done);
  auto const sent = vault.sent();
  ASSERT_THAT(sent, SizeIs(45));
  EXPECT_THAT(std::vector(sent.begin(), sent.begin() + kGroups), Each(StartsWith("remove ")));
  EXPECT_THAT(std::vector(sent.begin() + kGroups, sent.end()), Each(StartsWith("add ")));
  expect_all_but_zoe();
  plant.forget_calls();
  EXPECT_EQ(plant.run().plan.verdict, Verdict::in_sync);
}

TEST_F(GivenFiftyAdditions, WhenTheRunItselfHasLeaversThenNobodyAsksBeforeTheyWereAnswered) {
  plant.corp.world.disable("zoe");
  plant.request.gives_way = [this] {
    EXPECT_EQ(
        std::ranges::count_if(vault.log, [](auto const& line) { return line.starts_with("answer remove "); }),
        kGroups);
    ++asked;
    return true;
  };
  auto const report = plant.run();
  EXPECT_TRUE(report.gave_way);
  EXPECT_EQ(asked, 1);
  EXPECT_THAT(vault.sent(), AllOf(SizeIs(kGroups), Each(StartsWith("remove "))));
  never_give_way();
  EXPECT_EQ(plant.run().exit, Exit::done);
  expect_all_but_zoe();
}

TEST_F(GivenFiftyAdditions, WhenEveryRunGivesWayAfterSomeThenAllIsSentInTheEnd) {
  plant.corp.world.disable("zoe");
  auto runs = 0;
  for (auto left = true; left && runs < 20; ++runs) {
    asked = 0;
    give_way_after(10);
    left = plant.run().gave_way;
  }
  EXPECT_EQ(runs, 5);
  EXPECT_THAT(vault.sent(), SizeIs(55)) << "nothing twice";
  expect_all_but_zoe();
}

TEST_F(GivenFiftyAdditions, WhenAPersonApprovedThePlanThenItGoesThroughInOne) {
  plant.setup.limits.additions = PercentLimit::exactly(49);
  give_way_after(0);
  auto const held = plant.run();
  ASSERT_EQ(held.exit, Exit::held);
  plant.request.approve = held.plan.digest;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_FALSE(report.gave_way);
  EXPECT_EQ(asked, 0);
  EXPECT_THAT(vault.sent(), SizeIs(50));
}

TEST_F(GivenFiftyAdditions, WhenOnlyLeaversOfAPlanThatWaitsAreSentThenNobodyAsks) {
  plant.setup.limits.additions = PercentLimit::exactly(49);
  plant.corp.world.disable("zoe");
  give_way_after(0);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_FALSE(report.gave_way);
  EXPECT_EQ(asked, 0);
  EXPECT_THAT(vault.sent(), AllOf(SizeIs(kGroups), Each(StartsWith("remove "))));
}

TEST_F(GivenFiftyAdditions, WhenSomeOfWhatWasSentFailedThenTheRunEndsSo) {
  vault.fate = [](Change const&) { return Fate::fails; };
  give_way_after(4);
  auto const report = plant.run();
  EXPECT_TRUE(report.gave_way);
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(plant.journal.set_aside("vault").value(), SizeIs(4));
  // Of what was set aside and is left now nothing is forgotten.
  asked = 0;
  give_way_after(0);
  EXPECT_TRUE(plant.run().gave_way);
  EXPECT_THAT(plant.journal.set_aside("vault").value(), SizeIs(4));
}

TEST_F(GivenFiftyAdditions, WhenAskedToStopAsWellThenItIsAStop) {
  give_way_after(0);
  plant.stop.request_stop();
  auto const report = plant.run();
  EXPECT_TRUE(report.stopped);
  EXPECT_FALSE(report.gave_way);
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_EQ(plant.writes(), 0U);
}

/// The journal dies at each of its steps, as the process might.
TEST_F(GivenFiftyAdditions, WhenItEndsAtAnyStepOfGivingWayThenNobodyIsForgottenAndNothingIsSentTwice) {
  auto const start = plant.journal;
  auto const world = vault.world;
  plant.corp.world.disable("zoe");
  auto steps = 0;
  for (auto step = 1;; ++step) {
    plant.forget_calls();
    asked = 0;
    give_way_after(10);
    plant.journal.fail_from(step);
    auto const result = plant.run_once();
    auto const died = plant.journal.failed();
    plant.journal.fail_from(0);
    if (!died) {
      ASSERT_TRUE(result.has_value());
      EXPECT_TRUE(result->gave_way);
      break;
    }
    steps = step;
    EXPECT_FALSE(result.has_value()) << "step " << step;
    never_give_way();
    EXPECT_EQ(plant.run().exit, Exit::done) << "step " << step;
    EXPECT_THAT(vault.sent(), SizeIs(55)) << "step " << step;
    expect_all_but_zoe();
    EXPECT_THAT(plant.journal.open_intents().value(), IsEmpty()) << "step " << step;
    plant.journal = start;
    vault.world = world;
  }
  EXPECT_GT(steps, 30);
}

}  // namespace
}  // namespace dirsync::engine
