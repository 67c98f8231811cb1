// The line that tells a waiting person how far a run has come.
#include "daemon/cli/progress_line.hpp"

#include <gmock/gmock.h>

namespace dirsync::cli {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct GivenAProgressLine : testing::Test {
  ProgressLine::Time now{};
  ProgressLine line{true, [this] { return now; }};

  template <class Act>
  static std::string written_by(Act act) {
    testing::internal::CaptureStderr();
    act();
    return testing::internal::GetCapturedStderr();
  }
  std::string tick() {
    return written_by([this] { line.tick(); });
  }
};

TEST_F(GivenAProgressLine, WhenASecondHasNotPassedThenNothingIsDrawn) {
  line.set("planning", 0, 0);
  now += 900ms;
  EXPECT_THAT(tick(), IsEmpty());
  now += 200ms;
  EXPECT_EQ(tick(), "\r\033[Kplanning, 1 s");
}

TEST_F(GivenAProgressLine, WhenHiddenForALogLineThenTheNextTickDrawsItAgain) {
  line.set("planning", 0, 0);
  now += 2s;
  tick();
  auto const hide = [this] { line.hide(); };
  EXPECT_EQ(written_by(hide), "\r\033[K");
  EXPECT_THAT(written_by(hide), IsEmpty());
  EXPECT_THAT(tick(), HasSubstr("planning"));
  EXPECT_EQ(written_by([this] { line.clear(); }), "\r\033[K");
  EXPECT_THAT(tick(), IsEmpty());
}

TEST_F(GivenAProgressLine, WhenSomethingElseBeginsThenRatesAreItsOwn) {
  line.set("reading", 0, 0);
  now += 2s;
  line.set_read({{"corp", 16'000}, {"hr", 0}});
  EXPECT_THAT(tick(), AllOf(EndsWith("reading corp: 16,000 entries, 8,000/s"), Not(HasSubstr("hr"))));
  line.set("applying changes", 0, 100);
  now += 2s;
  line.set("applying changes", 20, 100);
  EXPECT_THAT(tick(), EndsWith("applying changes: 20 of 100, 10/s, 8 s left"));
  line.set("planning", 0, 0);
  EXPECT_THAT(tick(), EndsWith("planning, 0 s"));
  line.set_read({{"corp", 16'003}, {"hr", 0}});
  EXPECT_THAT(tick(), EndsWith("reading corp: 3 entries"));
}

TEST(GivenNoTerminal, WhenTimePassesThenNothingIsDrawn) {
  ProgressLine::Time now{};
  ProgressLine line{false, [&now] { return now; }};
  line.set("planning", 0, 0);
  now += 10s;
  testing::internal::CaptureStderr();
  line.tick();
  line.hide();
  line.clear();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), IsEmpty());
}

}  // namespace
}  // namespace dirsync::cli
