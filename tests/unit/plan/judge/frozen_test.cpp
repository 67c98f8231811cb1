#include "sync/plan/judge/frozen.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/plan/document.hpp"
#include "sync/plan/judge/cut.hpp"
#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A group of ten in which p0 is disabled, p1 has left and "new" has come.
struct GivenFreeze : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  void SetUp() override {
    scene.in_sync("ops", {"p0", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8", "p9"});
    scene.remember();
    scene.corp().disable("p0");
    scene.corp().leave("ops", "p1");
    scene.corp().person("new");
    scene.corp().join("ops", "new");
    scene.vault().world.ldap_user("new");
  }
  void freeze(std::string target, bool removals_alone = false) {
    scene.freezes.push_back({.target = std::move(target),
                             .removals_alone = removals_alone,
                             .reason = "an audit",
                             .actor = "uid:1000 (ann)",
                             .since = scene.now});
  }
  Plan const& plan() {
    planned = scene.plan();
    return planned->plan();
  }
  /// "frozen remove p0", "sent add new".
  std::vector<std::string> changes() {
    std::vector<std::string> words;
    for (auto const& change : plan().changes)
      words.push_back(std::string{change.frozen ? "frozen " : "sent "} + to_text(change.verb) + " " +
                      change.principal);
    return words;
  }
};

TEST_F(GivenFreeze, WhenOfAllTargetsThenNothingIsSentAndNoApprovalIsAskedFor) {
  freeze("");
  EXPECT_THAT(changes(), ElementsAre("frozen remove p0", "frozen add new", "frozen remove p1"));
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
  EXPECT_EQ(planned->plan().targets.at("vault").verdict, Verdict::hold);
  EXPECT_FALSE(planned->plan().held);
  auto const& reason = *planned->reason("frozen");
  EXPECT_EQ(reason.target, "vault");
  EXPECT_EQ(reason.count, 3);
  EXPECT_THAT(reason.text,
              AllOf(HasSubstr("uid:1000 (ann)"), HasSubstr("an audit"), HasSubstr("dirsyncd thaw")));
}

TEST_F(GivenFreeze, WhenItHoldsLeaversThenItSaysHowManyKeepTheirAccess) {
  freeze("", true);
  plan();
  EXPECT_THAT(planned->reason("frozen")->text,
              HasSubstr("1 is the removal of people who are gone or disabled"));
}

TEST_F(GivenFreeze, WhenOfRemovalsThenAdditionsGoOnUnderALimitThatTheRemovalsWouldPass) {
  scene.limits.removals = PercentLimit::exactly(0);
  EXPECT_THAT(changes(), Contains("sent remove p1"));
  EXPECT_THAT(planned->reasons(), Contains("removals"));
  freeze("", true);
  EXPECT_THAT(changes(), ElementsAre("frozen remove p0", "sent add new", "frozen remove p1"));
  EXPECT_THAT(planned->reasons(), ElementsAre("frozen"));
  EXPECT_FALSE(planned->plan().held);
  EXPECT_EQ(planned->plan().verdict, Verdict::hold) << "a person must end it";
}

TEST_F(GivenFreeze, WhenFrozenThenTheDigestIsOfTheRestAlone) {
  auto const whole = plan().digest;
  freeze("", true);
  auto const additions = plan().digest;
  EXPECT_NE(additions, whole) << "what was approved before is not what would be sent";
  scene.corp().enable("p0");
  EXPECT_EQ(plan().digest, additions);
}

TEST_F(GivenFreeze, WhenOfAnotherTargetThenThisOneGoesOn) {
  freeze("console");
  EXPECT_THAT(changes(), Each(testing::StartsWith("sent ")));
  EXPECT_EQ(planned->plan().verdict, Verdict::run) << "no plan has a target of that name";
  EXPECT_THAT(planned->plan().freezes, IsEmpty());
  EXPECT_THAT(planned->reasons(), Not(Contains("frozen")));
}

TEST_F(GivenFreeze, WhenNothingIsDueThenHeldAllTheSame) {
  fake::Scene quiet;
  quiet.in_sync("ops", {"ann"});
  quiet.remember();
  EXPECT_EQ(quiet.plan()->plan().verdict, Verdict::in_sync);
  quiet.freezes = {{.target = "", .reason = "x", .actor = "ann", .since = quiet.now}};
  auto const frozen = quiet.plan();
  EXPECT_EQ(frozen->plan().verdict, Verdict::hold);
  EXPECT_EQ(frozen->reason("frozen")->count, 0);
}

TEST_F(GivenFreeze, WhenItsSettingsChangedThenWhatTheyCauseStaysUnsettled) {
  scene.rule().exclude_people = fake::filter("(uid=p2)");
  freeze("", true);
  plan();
  EXPECT_THAT(planned->reasons(), Not(Contains("configuration-changed"))) << "nothing of it is sent";
  auto const input = scene.input(*planned);
  auto const settings = compare_with_kept(input, planned->desired, planned->draft, {{"vault", true}});
  EXPECT_TRUE(settings.rules.at("all").waits);
}

TEST_F(GivenFreeze, WhenAPartWithoutFrozenChangesIsAskedForThenItRuns) {
  freeze("", true);
  auto const part = cut(plan(), {.rule = "", .group = "", .user = "new"});
  EXPECT_EQ(part.verdict, Verdict::run);
  EXPECT_THAT(part.freezes, IsEmpty());
  EXPECT_EQ(cut(plan(), {.rule = "", .group = "", .user = "p1"}).verdict, Verdict::hold);
}

TEST_F(GivenFreeze, WhenShownAsJsonThenTheFreezeAndEachChangeThatItKeepsBack) {
  auto const before = plan_json(plan(), std::nullopt);
  EXPECT_THAT(before, Not(HasSubstr("frozen")));
  freeze("vault", true);
  auto const shown = plan_json(plan(), std::nullopt);
  EXPECT_THAT(shown, AllOf(HasSubstr(R"("frozen":[{"target":"vault","removals":true,"reason":"an audit",)"),
                           HasSubstr(R"("until":null)"), HasSubstr(R"("frozen":true)")));
}

TEST(GivenFreezes, WhenTheCommandThatEndsThemIsNamedThenItEndsNoOther) {
  Freeze const all{.target = "", .reason = "", .actor = ""},
      vault{.target = "the vault", .reason = "", .actor = ""};
  EXPECT_EQ(thaw_command({&all, 1}), "thaw");
  EXPECT_EQ(thaw_command({&vault, 1}), "thaw --target 'the vault'");
  EXPECT_EQ(thaw_command(std::vector{all, vault}), "thaw");
}

}  // namespace
}  // namespace dirsync::plan
