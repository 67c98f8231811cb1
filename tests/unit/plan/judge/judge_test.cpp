#include "sync/plan/judge/judge.hpp"
#include "sync/plan/judge/cut.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fakes/scene.hpp"

namespace dirsync::plan {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct GivenJudge : testing::Test {
  fake::Scene scene;
  std::unique_ptr<fake::Planned> planned;

  /// ours: u0 ... in sync on both sides, in group `group`.
  void members(std::string const& group, int count) {
    std::vector<std::string> uids;
    for (int n = 0; n < count; ++n) uids.push_back(uid(group, n));
    scene.in_sync(group, uids);
  }
  static std::string uid(std::string const& group, int n) { return group + "-" + std::to_string(100 + n); }
  void leave(std::string const& group, int count) {
    for (int n = 0; n < count; ++n) scene.corp().leave(group, uid(group, n));
  }
  void disable(std::string const& group, int from, int count) {
    for (int n = from; n < from + count; ++n) scene.corp().disable(uid(group, n));
  }
  void join(std::string const& group, int count) {
    for (int n = 0; n < count; ++n) {
      auto const name = uid(group + "-new", n);
      if (scene.corp().people.contains(name)) continue;
      scene.corp().person(name);
      scene.corp().join(group, name);
      scene.vault().world.ldap_user(name);
    }
  }
  std::set<std::string> reasons() {
    planned = scene.plan();
    auto const holds = [](Reason const& reason) {
      return reason.code != "unconfirmed" && reason.code != "read-failed";
    };
    EXPECT_EQ(planned->plan().held, std::ranges::any_of(planned->plan().reasons, holds));
    return planned->reasons();
  }
};

TEST_F(GivenJudge, WhenRemovalsReachTheLimitThenRunAndOneMoreIsHeld) {
  members("ops", 40);
  scene.limits.removals = {false, 10, 2, 500};
  leave("ops", 4);
  EXPECT_THAT(reasons(), IsEmpty());
  EXPECT_EQ(planned->plan().verdict, Verdict::run);
  leave("ops", 5);
  EXPECT_THAT(reasons(), ElementsAre("removals"));
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
  EXPECT_EQ(planned->plan().targets.at("vault").verdict, Verdict::hold);
  auto const& reason = *planned->reason("removals");
  EXPECT_EQ(reason.count, 5);
  EXPECT_EQ(reason.allowed, 4);
}

TEST_F(GivenJudge, WhenRemovalsAreUnlimitedThenOff) {
  members("ops", 10);
  leave("ops", 9);
  scene.limits.removals.off = true;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenJudge, WhenRemovalsWaitForConfirmationThenTheyDoNotCount) {
  members("ops", 40);
  scene.limits.removals = PercentLimit::exactly(0);
  leave("ops", 11);
  EXPECT_THAT(reasons(), ElementsAre("unconfirmed"));
  EXPECT_FALSE(planned->plan().held);
  EXPECT_EQ(planned->plan().verdict, Verdict::wait);
}

TEST_F(GivenJudge, WhenAdditionsReachTheLimitThenRunAndOneMoreIsHeld) {
  members("ops", 20);
  scene.limits.additions = {false, 25, 2, std::nullopt};
  join("ops", 5);
  EXPECT_THAT(reasons(), IsEmpty());
  join("ops", 6);
  EXPECT_THAT(reasons(), ElementsAre("additions"));
  EXPECT_EQ(planned->reason("additions")->allowed, 5);
}

TEST_F(GivenJudge, WhenRemovalsPerGroupReachTheLimitThenRunAndOneMoreIsHeld) {
  members("ops", 10);
  members("web", 100);
  scene.rule().limits.removals_per_group = {false, 50, 3, std::nullopt};
  leave("ops", 5);
  EXPECT_THAT(reasons(), IsEmpty());
  leave("ops", 6);
  EXPECT_THAT(reasons(), ElementsAre("removals-per-group"));
  EXPECT_EQ(planned->reason("removals-per-group")->group, "ops");
  EXPECT_EQ(planned->reason("removals-per-group")->allowed, 5);
}

TEST_F(GivenJudge, WhenGroupsCreatedReachTheLimitThenRunAndOneMoreIsHeld) {
  scene.limits.groups_created = 2;
  scene.corp().person("ann");
  scene.corp().group("a");
  scene.corp().group("b");
  EXPECT_THAT(reasons(), IsEmpty());
  scene.corp().group("c");
  EXPECT_THAT(reasons(), ElementsAre("groups-created"));
}

TEST_F(GivenJudge, WhenGroupsDeletedReachTheLimitThenRunAndOneMoreIsHeld) {
  scene.limits.groups_deleted = 1;
  members("ops", 1);
  scene.rule().delete_groups = DeleteGroups::when_empty;
  for (auto const* group : {"a", "b"}) {
    members(group, 0);
    scene.corp().drop_group(group);
    scene.absent_before(group_key_of(EntryId{std::string{"g-"}.append(group)}), 1);
    if (*group == 'a') {
      EXPECT_THAT(reasons(), IsEmpty());
    }
  }
  EXPECT_THAT(reasons(), ElementsAre("groups-deleted"));
}

TEST_F(GivenJudge, WhenATargetOrRuleIsStricterThenItsFigureHolds) {
  members("ops", 40);
  leave("ops", 3);
  scene.target_limits["vault"] = fake::no_limits();
  scene.target_limits["vault"].removals = PercentLimit::exactly(2);
  EXPECT_THAT(reasons(), ElementsAre("removals"));
  EXPECT_EQ(planned->reason("removals")->target, "vault");
  EXPECT_EQ(planned->reason("removals")->rule, "");
  scene.target_limits.clear();
  scene.rule().limits.removals = PercentLimit::exactly(2);
  EXPECT_THAT(reasons(), ElementsAre("removals"));
  EXPECT_EQ(planned->reason("removals")->rule, "all");
}

TEST_F(GivenJudge, WhenAGroupLosesItsLastManagedMemberThenHeld) {
  scene.rule().limits.empty_group = Limits::OnEmpty::hold;
  members("ops", 2);
  leave("ops", 1);
  EXPECT_THAT(reasons(), IsEmpty());
  leave("ops", 2);
  EXPECT_THAT(reasons(), ElementsAre("empty-group"));
  join("ops", 1);
  EXPECT_THAT(reasons(), IsEmpty());
  scene.corp().leave("ops", uid("ops-new", 0));
  scene.rule().limits.empty_group = Limits::OnEmpty::allow;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenJudge, WhenForeignMembersGoThenTheManagedOnesDecideWhetherAGroupIsEmpty) {
  scene.rule().limits.empty_group = Limits::OnEmpty::hold;
  scene.rule().foreign_members = ForeignMembers::remove;
  members("ops", 2);
  for (auto const* eve : {"eve1", "eve2"}) {
    scene.corp().person(eve);
    scene.vault().world.ldap_user(eve);
    scene.vault().world.add("ops", eve);
  }
  EXPECT_THAT(reasons(), IsEmpty());
  EXPECT_EQ(planned->plan().changes.size(), 2U);
  leave("ops", 2);
  EXPECT_THAT(reasons(), ElementsAre("empty-group"));
}

TEST_F(GivenJudge, WhenOnlyLeaversEmptyAGroupThenNotHeldWhateverThePerGroupLimit) {
  scene.rule().limits.empty_group = Limits::OnEmpty::hold;
  scene.rule().limits.removals_per_group = PercentLimit::exactly(0);
  members("ops", 2);
  disable("ops", 0, 1);
  scene.corp().drop_person(uid("ops", 1));
  scene.facts.confirmed_gone.insert(EntryId{"p-" + uid("ops", 1)});
  EXPECT_THAT(reasons(), IsEmpty());
  EXPECT_EQ(planned->plan().changes.size(), 2U);
  scene.limits.removals = PercentLimit::exactly(1);
  EXPECT_THAT(reasons(), ElementsAre("removals"));
}

TEST_F(GivenJudge, WhenOneOfThoseWhoEmptyAGroupIsNoLeaverThenHeld) {
  scene.rule().limits.empty_group = Limits::OnEmpty::hold;
  members("ops", 2);
  disable("ops", 1, 1);
  leave("ops", 1);
  EXPECT_THAT(reasons(), ElementsAre("empty-group"));
}

TEST_F(GivenJudge, WhenPrivilegedGroupsChangeThenTheirFiguresTogether) {
  scene.limits.privileged = {{"TIER0", "tier1"}, 1, 1};
  members("tier0", 10);
  members("tier1", 10);
  members("ops", 10);
  leave("ops", 5);
  join("ops", 5);
  leave("tier0", 1);
  join("tier0", 1);
  EXPECT_THAT(reasons(), IsEmpty());
  leave("tier1", 1);
  EXPECT_THAT(reasons(), ElementsAre("privileged"));
  EXPECT_EQ(planned->reason("privileged")->count, 2);
  EXPECT_EQ(planned->reason("privileged")->allowed, 1);
}

TEST_F(GivenJudge, WhenAPrivilegedGroupGainsTooManyThenHeld) {
  scene.rule().limits.privileged = {{"tier0"}, 0, 1};
  members("tier0", 10);
  join("tier0", 1);
  EXPECT_THAT(reasons(), IsEmpty());
  join("tier0", 2);
  EXPECT_THAT(reasons(), ElementsAre("privileged"));
  EXPECT_EQ(planned->reason("privileged")->rule, "all");
}

TEST_F(GivenJudge, WhenARuleHasNoMemoryThenItsFirstPlanIsHeldUnlessAllowed) {
  scene.rule().limits.first_plan = Limits::FirstPlan::hold;
  members("ops", 3);
  EXPECT_THAT(reasons(), IsEmpty());
  join("ops", 1);
  EXPECT_THAT(reasons(), ElementsAre("first-plan"));
  scene.remember();
  EXPECT_THAT(reasons(), IsEmpty());
  scene.facts.rules.clear();
  scene.rule().limits.first_plan = Limits::FirstPlan::apply;
  EXPECT_THAT(reasons(), IsEmpty());
}

TEST_F(GivenJudge, WhenTheFirstPlanMayRunThenLimitsStillHold) {
  scene.limits.additions = PercentLimit::exactly(1);
  members("ops", 3);
  join("ops", 2);
  EXPECT_THAT(reasons(), ElementsAre("additions"));
}

struct GivenTwoTargets : GivenJudge {
  void SetUp() override {
    scene.console();
    members("ops", 10);
    scene.granted("ops", {}, "console");
    for (auto const& user : scene.vault().world.observed.users) {
      scene.console().world.user(user.name, "", UserSource::unknown);
      scene.console().world.add("ops", user.name);
      scene.console().managed.grants.push_back(
          fake::grant(scene.console().world, "ops", user.name, "console"));
    }
  }
  Verdict verdict(std::string const& target) const { return planned->plan().targets.at(target).verdict; }
};

TEST_F(GivenTwoTargets, WhenOnlyTogetherTheyAreOverTheLimitThenBothAreHeld) {
  leave("ops", 2);
  scene.limits.removals = PercentLimit::exactly(4);
  EXPECT_THAT(reasons(), IsEmpty());
  EXPECT_EQ(planned->plan().verdict, Verdict::run);
  scene.limits.removals = PercentLimit::exactly(3);
  EXPECT_THAT(reasons(), ElementsAre("removals"));
  EXPECT_EQ(verdict("vault"), Verdict::hold);
  EXPECT_EQ(verdict("console"), Verdict::hold);
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
}

TEST_F(GivenTwoTargets, WhenOneIsOverItsLimitThenTheWholePlanIsHeld) {
  leave("ops", 2);
  scene.rule("console").limits.removals = PercentLimit::exactly(1);
  EXPECT_THAT(reasons(), ElementsAre("removals"));
  EXPECT_EQ(verdict("vault"), Verdict::run);
  EXPECT_EQ(verdict("console"), Verdict::hold);
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
  EXPECT_TRUE(planned->plan().held);
}

TEST_F(GivenTwoTargets, WhenOneIsRefusedThenTheWorstIsOnTopAndTheOtherKeepsItsOwn) {
  auto const console = scene.targets.at("console");
  scene.targets.erase("console");
  scene.rules.pop_back();
  scene.refused["console"] = {"pulse-console", {{"read-failed", "no answer", "console", "", "", {}, {}}}};
  EXPECT_EQ((reasons(), verdict("console")), Verdict::refuse);
  EXPECT_EQ(verdict("vault"), Verdict::in_sync);
  EXPECT_EQ(planned->plan().verdict, Verdict::refuse);
  leave("ops", 1);
  planned = scene.plan();
  EXPECT_EQ(verdict("vault"), Verdict::run);
  EXPECT_FALSE(planned->plan().held);
  EXPECT_EQ(planned->plan().targets.at("console").kind, "pulse-console");
}

TEST_F(GivenTwoTargets, WhenOneHasNothingToDoThenInSync) {
  scene.console().world.remove("ops", uid("ops", 0));
  scene.console().managed.grants.erase(scene.console().managed.grants.begin());
  leave("ops", 1);
  EXPECT_THAT(reasons(), IsEmpty());
  EXPECT_EQ(verdict("console"), Verdict::in_sync);
  EXPECT_EQ(verdict("vault"), Verdict::run);
  EXPECT_EQ(planned->plan().verdict, Verdict::run);
}

TEST_F(GivenTwoTargets, WhenCutToTheHarmlessOneThenStillHeld) {
  leave("ops", 2);
  scene.rule("console").limits.removals = PercentLimit::exactly(1);
  planned = scene.plan();
  planned->judged = cut(planned->judged, {"all", "", ""});
  EXPECT_EQ(planned->plan().changes.size(), 2U);
  EXPECT_EQ(verdict("console"), Verdict::in_sync);
  EXPECT_EQ(verdict("vault"), Verdict::hold);
  EXPECT_EQ(planned->plan().verdict, Verdict::hold);
  EXPECT_TRUE(planned->plan().held);
}

}  // namespace
}  // namespace dirsync::plan
