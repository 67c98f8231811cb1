#include "daemon/control/health.hpp"

#include <gmock/gmock.h>

namespace dirsync::control {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct GivenTwoTargets : testing::Test {
  Time const now = *parse_rfc3339("2026-01-02T03:00:00Z");
  Health health;
  GivenTwoTargets() { health.set_expected(std::chrono::minutes{5}, {"console", "vault"}); }
};

TEST_F(GivenTwoTargets, WhenNoRunHasEndedThenNeitherIsReady) {
  EXPECT_THAT(health.reasons(now), ElementsAre(HasSubstr("target console"), HasSubstr("target vault")));
}

TEST_F(GivenTwoTargets, WhenALastSuccessIsThreeIntervalsOldThenThatTargetIsNamedWithItsTime) {
  health.note_success("console", now - std::chrono::minutes{14});
  health.note_success("vault", now - std::chrono::minutes{15});
  EXPECT_THAT(health.reasons(now),
              ElementsAre(testing::AllOf(HasSubstr("target vault"), HasSubstr("2026-01-02T02:45:00"))));
  health.note_success("vault", now);
  EXPECT_THAT(health.reasons(now), IsEmpty());
}

TEST_F(GivenTwoTargets, WhenATargetIsConfiguredNoMoreThenItIsNotAwaited) {
  health.set_expected(std::chrono::minutes{5}, {"vault"});
  health.note_success("vault", now);
  EXPECT_THAT(health.reasons(now), IsEmpty());
}

}  // namespace
}  // namespace dirsync::control
