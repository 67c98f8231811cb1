#include "daemon/schedule.hpp"

#include <gmock/gmock.h>

#include "sync/engine/errors.hpp"

namespace dirsync {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Key;
using testing::SizeIs;

TEST(GivenADueTime, WhenItIsFarThenItIsLookedAtEveryMinute) {
  EXPECT_EQ(look_again_after(10min, 1min), 1min);
  EXPECT_EQ(look_again_after(10min, 9min + 50s), 10s);
  EXPECT_EQ(look_again_after(10min, 10min), 0s);
  EXPECT_EQ(look_again_after(10min, 8h), 0s) << "the machine slept";
}

TEST(GivenTheTimeSinceTheStart, WhenReadThenItIsNotLessThanThatWithoutSleep) {
  auto const awake = std::chrono::steady_clock::now().time_since_epoch();
  EXPECT_GE(since_boot() + 1ms, awake);
}

TEST(GivenFailuresInARow, WhenASideIsBackedOffThenForLongerEachTimeUpToAnHour) {
  EXPECT_EQ(side_back_off(5min, 0), 0s);
  EXPECT_EQ(side_back_off(5min, 1), 0s) << "the next run tries it";
  EXPECT_EQ(side_back_off(5min, 2), 10min);
  EXPECT_EQ(side_back_off(5min, 3), 20min);
  EXPECT_EQ(side_back_off(5min, 4), 40min);
  EXPECT_EQ(side_back_off(5min, 5), 1h);
  EXPECT_EQ(side_back_off(5min, 1'000'000), 1h);
  EXPECT_EQ(side_back_off(168h, 2), 1h) << "the interval is longer, so each run tries it";
}

/// A run every five minutes, of a directory "corp" and the targets "vault" and "console".
struct GivenASchedule : testing::Test {
  SideBackOff back_off;
  SinceBoot now = 1h;
  Time time = *parse_rfc3339("2026-01-02T03:00:00Z");
  Error const down{make_error_code(boost::system::errc::connection_refused), "vault"};

  /// Sides that were not tried.
  engine::Untried run(std::map<std::string, Error> targets, std::map<std::string, Error> directories = {}) {
    auto left_out = back_off.untried(now);
    engine::Report report;
    report.unread_targets = std::move(targets);
    report.unread_directories = std::move(directories);
    back_off.note(report, left_out, 5min, now, time);
    sleep(5min);
    return left_out;
  }
  void sleep(std::chrono::minutes pause) {
    now += pause;
    time += pause;
  }
};

TEST_F(GivenASchedule, WhenATargetStaysDownThenItIsTriedLessAndLessOften) {
  std::string tries;
  for (int at = 0; at < 20; ++at) tries += run({{"vault", down}}).targets.empty() ? "+" : "-";
  EXPECT_EQ(tries, "++-+---+-------+----");
}

TEST_F(GivenASchedule, WhenASideIsNotTriedThenTheErrorSaysWhyAndWhen) {
  run({{"vault", down}});
  run({{"vault", down}});
  auto const left_out = run({{"vault", down}});
  ASSERT_THAT(left_out.targets, ElementsAre(Key("vault")));
  EXPECT_EQ(left_out.targets.at("vault").context,
            "not tried: failed 2 times in a row since 2026-01-02T03:00:00.000Z, next try at "
            "2026-01-02T03:15:00.000Z; last: vault");
  EXPECT_EQ(left_out.targets.at("vault").code, down.code);
}

TEST_F(GivenASchedule, WhenOneSideIsDownThenTheOthersAreTried) {
  for (int at = 0; at < 2; ++at) run({{"vault", down}}, {{"corp", down}});
  auto const left_out = run({{"vault", down}, {"console", down}}, {{"corp", down}});
  EXPECT_THAT(left_out.targets, ElementsAre(Key("vault")));
  EXPECT_THAT(left_out.directories, ElementsAre(Key("corp")));
}

TEST_F(GivenASchedule, WhenASideIsReadAgainThenItsFailuresAreForgotten) {
  run({{"vault", down}});
  run({});
  run({{"vault", down}});
  EXPECT_THAT(run({{"vault", down}}).targets, IsEmpty());
}

TEST_F(GivenASchedule, WhenTheMachineSleptThenASideIsDueByTheClockThatGoesOn) {
  for (int at = 0; at < 5; ++at) run({{"vault", down}});
  EXPECT_THAT(run({{"vault", down}}).targets, SizeIs(1));
  sleep(60min);
  EXPECT_THAT(run({{"vault", down}}).targets, IsEmpty());
}

TEST_F(GivenASchedule, WhenTheClockIsSetThenNothingIsTriedEarlierOrLater) {
  for (int at = 0; at < 2; ++at) run({{"vault", down}});
  time += 1000h;
  EXPECT_THAT(run({{"vault", down}}).targets, SizeIs(1));
  time -= 5000h;
  EXPECT_THAT(run({{"vault", down}}).targets, IsEmpty());
}

/// It answers, and somebody may have approved what it says.
TEST_F(GivenASchedule, WhenAReadIsRefusedForWhatItSaysThenItIsTriedByEveryRun) {
  Error const band{engine::EngineErrc::band, "corp"};
  for (int at = 0; at < 5; ++at) EXPECT_THAT(run({}, {{"corp", band}}).directories, IsEmpty());
}

TEST_F(GivenASchedule, WhenAPersonAsksThenATargetIsTriedAndLeftOutForLongerIfItFailsAgain) {
  for (int at = 0; at < 2; ++at) run({{"vault", down}});
  ASSERT_THAT(back_off.untried(now).targets, SizeIs(1));
  back_off.try_again("vault");
  std::string tries;
  for (int at = 0; at < 6; ++at) tries += run({{"vault", down}}).targets.empty() ? "+" : "-";
  EXPECT_EQ(tries, "+---+-");
}

TEST_F(GivenASchedule, WhenAPersonAsksForOneTargetThenItsDirectoriesAreTriedAndTheOthersAreNot) {
  for (int at = 0; at < 2; ++at) run({{"vault", down}, {"console", down}}, {{"corp", down}});
  back_off.try_again("console");
  EXPECT_THAT(back_off.untried(now).targets, ElementsAre(Key("vault")));
  EXPECT_THAT(back_off.untried(now).directories, IsEmpty());
  back_off.try_again("");
  EXPECT_THAT(back_off.untried(now).targets, IsEmpty());
}

TEST_F(GivenASchedule, WhenAllIsForgottenThenAllIsTried) {
  for (int at = 0; at < 4; ++at) run({{"vault", down}}, {{"corp", down}});
  back_off.forget();
  auto const left_out = back_off.untried(now);
  EXPECT_THAT(left_out.targets, IsEmpty());
  EXPECT_THAT(left_out.directories, IsEmpty());
}

struct GivenRunsThatFeedsCause : GivenASchedule {
  /// A run at `now` that could not read the Vault; whether it was tried.
  bool tries_the_vault(bool by_feed = true) {
    auto const left_out = back_off.untried(now);
    engine::Report report;
    report.unread_targets = {{"vault", down}};
    back_off.note(report, left_out, 5min, now, time, by_feed);
    return left_out.targets.empty();
  }
  void pass(std::chrono::milliseconds pause) {
    now += pause;
    time += std::chrono::duration_cast<Time::duration>(pause);
  }
};

TEST_F(GivenRunsThatFeedsCause, WhenASideFailsThenItIsLeftOutForSecondsAndForLongerEachTime) {
  EXPECT_TRUE(tries_the_vault());
  EXPECT_EQ(back_off.next_try(now), now + 10s);
  pass(1s);
  EXPECT_TRUE(tries_the_vault()) << "the first failure costs nothing";
  EXPECT_EQ(back_off.next_try(now), now + 20s);
  pass(19s);
  EXPECT_FALSE(tries_the_vault());
  pass(1s);
  EXPECT_TRUE(tries_the_vault());
  EXPECT_EQ(back_off.next_try(now), now + 40s);
}

TEST_F(GivenRunsThatFeedsCause, WhenManyFailWithinAnIntervalThenTheyCountAsOneOfTheSchedule) {
  for (int at = 0; at < 29; ++at) {
    tries_the_vault();
    pass(10s);
  }
  pass(5min);
  EXPECT_TRUE(tries_the_vault(false));
  EXPECT_EQ(back_off.next_try(now), now + 10min) << "the second failure, for the schedule";
}

TEST_F(GivenRunsThatFeedsCause, WhenASideIsLeftOutByTheScheduleThenNewsDoNotChangeThat) {
  for (int at = 0; at < 2; ++at) {
    tries_the_vault(false);
    pass(5min);
  }
  EXPECT_FALSE(tries_the_vault());
  pass(1min);
  EXPECT_FALSE(tries_the_vault());
}

TEST_F(GivenRunsThatFeedsCause, WhenNothingFailedThenTheNextTryIsSecondsAway) {
  EXPECT_EQ(back_off.next_try(now), now + 10s);
}

TEST(GivenFailuresInARow, WhenFeedsCausedTheRunsThenThePauseIsShorterAndNeverLongerThanTheInterval) {
  EXPECT_EQ(short_back_off(5min, 1), 0s);
  EXPECT_EQ(short_back_off(5min, 2), 20s);
  EXPECT_EQ(short_back_off(5min, 4), 80s);
  EXPECT_EQ(short_back_off(5min, 100), 5min);
  EXPECT_EQ(short_back_off(1s, 2), 1s);
}

}  // namespace
}  // namespace dirsync
