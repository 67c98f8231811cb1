// A membership that is changed to and fro stays as it is for a while.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

/// ops is to get ann and to lose bob; ann's membership was changed three times in the last hour.
struct GivenAFlappingMembership : testing::Test {
  fake::Scene scene;
  Flips flips{.group = "OPS", .principal = "ann", .id = EntryId{"p-ann"}, .times = {}};

  void SetUp() override {
    scene.corp().people_named({"ann", "bob"});
    scene.corp().group("ops", {"ann"});
    scene.granted("ops", {"bob"});
    scene.vault().world.ldap_user("ann");
    scene.facts.now = *parse_rfc3339("2026-01-02T09:00:00Z");
    scene.limits.flaps = Limits::Flaps{.count = 3, .within = std::chrono::hours{6}};
    for (auto const minutes : {10, 20, 30})
      flips.times.push_back(scene.facts.now - std::chrono::minutes{minutes});
  }
  std::unique_ptr<fake::Planned> planned() {
    scene.facts.flips["vault"] = {flips};
    return scene.plan();
  }
};

TEST_F(GivenAFlappingMembership, WhenItIsToBeChangedOnceMoreThenThatAloneIsBlocked) {
  auto const plan = planned();
  EXPECT_THAT(plan->changes(), ElementsAre("vault: add ops ann!", "vault: remove ops bob"));
  auto const& blocked = *plan->plan().changes[0].blocked;
  EXPECT_EQ(blocked.code, "flapping");
  EXPECT_THAT(blocked.text, HasSubstr("2026-01-02T08:30:00.000Z")) << "the third one back";
  EXPECT_THAT(blocked.text, HasSubstr("2026-01-02T14:30:00.000Z")) << "when it is six hours old";
  EXPECT_FALSE(plan->plan().held) << "the rest goes on";
  ASSERT_EQ(plan->draft.groups.size(), 1U);
  EXPECT_EQ(plan->draft.groups[0].additions, 0) << "it counts in no limit";
}

TEST_F(GivenAFlappingMembership, WhenItWasChangedLessOftenThenItIsChanged) {
  flips.times.pop_back();
  EXPECT_THAT(planned()->changes(), ElementsAre("vault: add ops ann", "vault: remove ops bob"));
}

TEST_F(GivenAFlappingMembership, WhenAClockWasAheadThenTimesThatHaveNotComeDoNotCount) {
  flips.times.front() += std::chrono::hours{24 * 365};
  EXPECT_THAT(planned()->changes(), ElementsAre("vault: add ops ann", "vault: remove ops bob"));
}

TEST_F(GivenAFlappingMembership, WhenThereIsNoLimitThenItIsChanged) {
  scene.limits.flaps.reset();
  EXPECT_THAT(planned()->changes(), ElementsAre("vault: add ops ann", "vault: remove ops bob"));
}

TEST_F(GivenAFlappingMembership, WhenAnotherMembershipFlapsThenThisOneIsChanged) {
  flips.group = "web";
  EXPECT_THAT(planned()->changes(), ElementsAre("vault: add ops ann", "vault: remove ops bob"));
}

TEST_F(GivenAFlappingMembership, WhenTheMemberLeavesTheGroupThenTheyStay) {
  flips.principal = "bob";
  flips.id = EntryId{"p-bob"};
  EXPECT_THAT(planned()->changes(), ElementsAre("vault: add ops ann", "vault: remove ops bob!"));
}

TEST_F(GivenAFlappingMembership, WhenTheMemberIsDisabledThenTheyLeave) {
  flips.principal = "bob";
  flips.id = EntryId{"p-bob"};
  scene.corp().disable("bob");
  EXPECT_THAT(planned()->changes(), ElementsAre("vault: remove ops bob", "vault: add ops ann"));
}

}  // namespace
}  // namespace dirsync::plan
