#include "daemon/log_folding.hpp"

#include <gmock/gmock.h>

namespace dirsync {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

/// A run every five minutes.
struct GivenRunsThatRepeat : testing::Test {
  LogFolding folding;
  Time now = *parse_rfc3339("2026-01-02T03:00:00Z");
  int run = 0;

  LogFolding::Verdict unread(std::string const& error, std::string const& side = "vault") {
    Monitor::Field const fields[] = {{"cycle", std::to_string(run)}, {"side", side}, {"err", error}};
    return folding.note("read_incomplete", fields, now);
  }
  std::vector<LogFolding::Unread> end_run(std::chrono::minutes pause = 5min) {
    now += pause;
    ++run;
    return folding.end_run();
  }
};

TEST_F(GivenRunsThatRepeat, WhenAnErrorStaysThenItIsToldAtGrowingDistances) {
  auto const first = now;
  std::vector<std::uint64_t> told;
  for (int at = 1; at <= 10; ++at) {
    auto const verdict = unread("no answer");
    EXPECT_EQ(verdict.repeated, static_cast<std::uint64_t>(at));
    EXPECT_EQ(verdict.since, first);
    if (verdict.tell) told.push_back(verdict.repeated);
    EXPECT_THAT(end_run(), IsEmpty());
  }
  EXPECT_THAT(told, ElementsAre(1, 2, 4, 8));
}

TEST_F(GivenRunsThatRepeat, WhenAnErrorStaysForHoursThenItIsToldEveryHour) {
  std::vector<std::uint64_t> told;
  for (int at = 1; at <= 50; ++at) {
    if (auto const verdict = unread("no answer"); verdict.tell) told.push_back(verdict.repeated);
    end_run();
  }
  EXPECT_THAT(told, ElementsAre(1, 2, 4, 8, 16, 28, 32, 44));
}

TEST_F(GivenRunsThatRepeat, WhenTheErrorChangesThenItIsToldAtOnce) {
  for (int at = 0; at < 3; ++at) {
    unread("no answer");
    end_run();
  }
  EXPECT_TRUE(unread("refused").tell);
  EXPECT_EQ(unread("no answer", "console").repeated, 1U) << "another side";
}

TEST_F(GivenRunsThatRepeat, WhenTheSideIsReadAgainThenThatIsToldOnceWithAllItsRuns) {
  auto const first = now;
  unread("no answer");
  end_run();
  unread("refused");
  EXPECT_THAT(end_run(), IsEmpty()) << "it is not read again, only the error is another one";
  EXPECT_THAT(end_run(), ElementsAre(LogFolding::Unread{"vault", 2, first}));
  EXPECT_THAT(end_run(), IsEmpty());
  EXPECT_EQ(unread("refused").repeated, 1U);
}

TEST_F(GivenRunsThatRepeat, WhenAnEventSaysWhatHappenedThenEachIsTold) {
  Monitor::Field const fields[] = {{"target", "vault"}};
  for (int at = 0; at < 5; ++at) {
    EXPECT_TRUE(folding.note("change_applied", fields, now).tell);
    EXPECT_TRUE(folding.note("run_finished", fields, now).tell);
  }
}

TEST_F(GivenRunsThatRepeat, WhenAFeedGoesDownAgainAndAgainThenItIsToldAtGrowingDistancesWhateverRunsEnd) {
  Monitor::Field const fields[] = {{"directory", "corp"}, {"err", "no answer"}};
  std::vector<std::uint64_t> told;
  for (int at = 1; at <= 10; ++at) {
    if (auto const verdict = folding.note("feed_down", fields, now); verdict.tell)
      told.push_back(verdict.repeated);
    EXPECT_THAT(end_run(1min), IsEmpty());
    EXPECT_THAT(end_run(1min), IsEmpty());
  }
  EXPECT_THAT(told, ElementsAre(1, 2, 4, 8));
  now += 1h;
  EXPECT_EQ(folding.note("feed_down", fields, now).repeated, 1U) << "it was well for an hour";
}

TEST_F(GivenRunsThatRepeat, WhenAnotherPlanWaitsForTheSameReasonsThenItIsTold) {
  auto const held = [this](std::string const& digest) {
    Monitor::Field const fields[] = {{"cycle", std::to_string(run)}, {"plan", digest}, {"reasons", "many"}};
    return folding.note("plan_held", fields, now);
  };
  for (int at = 0; at < 3; ++at) {
    held("abc");
    end_run();
  }
  EXPECT_TRUE(held("def").tell);
}

TEST_F(GivenRunsThatRepeat, WhenTheClockIsSetBackThenNothingIsSilentForLonger) {
  for (int at = 0; at < 2; ++at) {
    unread("no answer");
    end_run();
  }
  now -= 24h;
  EXPECT_TRUE(unread("no answer").tell);
}

}  // namespace
}  // namespace dirsync
