#include "daemon/revocation_delay.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/control/metrics.hpp"

namespace dirsync {
namespace {
using namespace std::chrono_literals;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Kept final : Monitor {
  std::vector<std::string> told;  // "warn name key=value ..."
  void event(Level level, std::string_view name, std::span<Field const> fields) override {
    auto line = std::string{level == Level::warn ? "warn " : "other "} + std::string{name};
    for (auto const& [key, value] : fields) line += " " + std::string{key} + "=" + std::string{value};
    told.push_back(std::move(line));
  }
  void progress(std::string_view, std::uint64_t, std::uint64_t) override {}
};

TEST(GivenDelays, WhenSummedUpThenEachFigureIsOneOfThem) {
  Delays hundred;
  for (auto n = 1; n <= 100; ++n) hundred.emplace_back(n);
  auto const of_hundred = revocation_delay(hundred, 98ms);
  EXPECT_EQ(of_hundred.p50, 50ms);
  EXPECT_EQ(of_hundred.p99, 99ms);
  EXPECT_EQ(of_hundred.worst, 100ms);
  EXPECT_EQ(of_hundred.over_target, 2);
  auto const of_one = revocation_delay({7ms}, 7ms);
  EXPECT_EQ(of_one.p50, 7ms);
  EXPECT_EQ(of_one.p99, 7ms);
  EXPECT_EQ(of_one.worst, 7ms);
  EXPECT_EQ(of_one.over_target, 0) << "in time to the millisecond";
  auto const of_two = revocation_delay({1ms, 9ms}, std::nullopt);
  EXPECT_EQ(of_two.p50, 1ms);
  EXPECT_EQ(of_two.p99, 9ms) << "never below the true one";
  EXPECT_EQ(of_two.over_target, std::nullopt) << "nobody asks";
}

TEST(GivenDelays, WhenThereAreNoneThenNothingIsKnown) {
  auto const none = revocation_delay({}, 1s);
  EXPECT_FALSE(none.p50 || none.p99 || none.worst || none.over_target);
  EXPECT_EQ(revocation_line(none), "");
}

TEST(GivenDelays, WhenShownThenInSeconds) {
  auto const line = revocation_line(revocation_delay({42ms, 65'007ms}, 1s));
  EXPECT_THAT(line, AllOf(HasSubstr("half at most 0.042 s"), HasSubstr("the longest 65.007 s"),
                          HasSubstr("schedule.revocation_target: 1\n")));
  EXPECT_THAT(revocation_line(revocation_delay({42ms}, std::nullopt)),
              testing::Not(HasSubstr("revocation_target")));
}

/// Two removals that were slow and quick, one whose delay is not known, and a slow addition.
struct GivenARunWithDelays : testing::Test {
  engine::Report report;
  Kept log;
  GivenARunWithDelays() {
    report.run = RunId{7};
    add(Verb::remove, 5000ms);
    add(Verb::remove, 40ms);
    add(Verb::remove, std::nullopt);
    add(Verb::add, 9000ms);
  }
  void add(Verb verb, std::optional<std::chrono::milliseconds> delay) {
    Change change;
    change.n = static_cast<int>(report.plan.changes.size()) + 1;
    change.target = "vault";
    change.verb = verb;
    report.plan.changes.push_back(change);
    Settled settled{change, Outcome::done, ""};
    settled.delay = delay;
    report.outcomes.push_back(std::move(settled));
  }
};

TEST_F(GivenARunWithDelays, WhenLookedAtThenThoseOfItsRemovals) {
  EXPECT_THAT(removal_delays(report), ElementsAre(40ms, 5000ms));
}

TEST_F(GivenARunWithDelays, WhenSomeTookTooLongThenToldOnce) {
  tell_late_removals(log, report, 1s);
  EXPECT_THAT(log.told, ElementsAre("warn revocation_late cycle=7 count=1 worst_ms=5000 target_ms=1000"));
}

TEST_F(GivenARunWithDelays, WhenNoneTookTooLongOrNobodyAsksThenNothingIsTold) {
  tell_late_removals(log, report, 5s);
  tell_late_removals(log, report, std::nullopt);
  EXPECT_THAT(log.told, IsEmpty());
}

TEST_F(GivenARunWithDelays, WhenMeasuredThenItsRemovalsAreInTheHistogram) {
  control::Metrics metrics{log};
  EXPECT_THAT(metrics.text(), HasSubstr("dirsyncd_revocation_delay_seconds_count 0"));
  metrics.note_run(report);
  EXPECT_THAT(metrics.text(), AllOf(HasSubstr("dirsyncd_revocation_delay_seconds_count 2"),
                                    HasSubstr(R"(dirsyncd_revocation_delay_seconds_bucket{le="0.025"} 0)"),
                                    HasSubstr(R"(dirsyncd_revocation_delay_seconds_bucket{le="0.05"} 1)"),
                                    HasSubstr(R"(dirsyncd_revocation_delay_seconds_bucket{le="86400"} 2)")));
}

}  // namespace
}  // namespace dirsync
