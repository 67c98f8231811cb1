// While additions of a group are missing, its removals do not go on as if they were there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using Fate = fake::FakeTarget::Fate;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// Of one target, whose rule forbids empty groups and, where a test says so, many removals in one group.
struct GivenATeamOfTwo : testing::Test {
  Plant plant;

  void SetUp() override {
    plant.people({"ann", "bob", "cid", "dan"});
    plant.corp.world.group("team", {"ann", "bob"});
    EXPECT_EQ(plant.run().exit, Exit::done);
    forbid(Limits::OnEmpty::hold, fake::no_limits().removals_per_group);
    plant.setup.directories[0].policy.band = {1000, 1000, 1000};
    plant.forget_calls();
  }
  void forbid(Limits::OnEmpty on_empty, PercentLimit const& per_group) {
    for (auto& rule : plant.setup.rules) {
      rule.limits.empty_group = on_empty;
      rule.limits.removals_per_group = per_group;
    }
  }
  void replace_both() {
    for (auto const* uid : {"ann", "bob"}) plant.corp.world.leave("team", uid);
    for (auto const* uid : {"cid", "dan"}) plant.corp.world.join("team", uid);
  }
  void refuse_additions() {
    for (auto* target : {&plant.vault, &plant.console})
      target->fate = [](Change const& change) {
        return change.verb == Verb::add ? Fate::fails : Fate::works;
      };
  }
  static std::size_t count(Report const& report, std::string const& target, Verb verb, Outcome outcome) {
    return static_cast<std::size_t>(std::ranges::count_if(report.outcomes, [&](Settled const& settled) {
      return settled.change.target == target && settled.change.verb == verb && settled.outcome == outcome;
    }));
  }
};

TEST_F(GivenATeamOfTwo, WhenTheTargetRefusesBothSuccessorsThenOneStays) {
  replace_both();
  refuse_additions();
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  for (auto const* target : {"vault", "console"}) {
    EXPECT_EQ(count(report, target, Verb::remove, Outcome::done), 1U) << target;
    EXPECT_EQ(count(report, target, Verb::remove, Outcome::skipped), 1U) << target;
  }
  EXPECT_THAT(plant.vault.world.members("team"), SizeIs(1));
  EXPECT_THAT(plant.console.world.members("team"), SizeIs(1));
  auto const skipped = std::ranges::find(report.outcomes, Outcome::skipped, &Settled::outcome);
  EXPECT_EQ(
      skipped->detail,
      "not sent: 2 additions to team were not achieved, and without them it would lose its last managed "
      "member; mend what keeps the additions out, or set empty_group = \"allow\", and run again");
}

TEST_F(GivenATeamOfTwo, WhenTheSuccessorsGetInLaterThenTheRestIsRemoved) {
  replace_both();
  refuse_additions();
  plant.run();
  for (auto* target : {&plant.vault, &plant.console})
    target->fate = [](Change const&) { return Fate::works; };
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.world.members("team"), UnorderedElementsAre("cid", "dan"));
  EXPECT_THAT(plant.console.world.members("team"), UnorderedElementsAre("cid", "dan"));
}

TEST_F(GivenATeamOfTwo, WhenOneSuccessorGetsInThenBothLeave) {
  replace_both();
  plant.vault.fate = [](Change const& change) {
    return change.principal == "cid" ? Fate::fails : Fate::works;
  };
  plant.run();
  EXPECT_THAT(plant.vault.world.members("team"), UnorderedElementsAre("dan"));
}

TEST_F(GivenATeamOfTwo, WhenTheFateOfAnAdditionIsUnknownThenItCountsAsMissing) {
  replace_both();
  plant.vault.fate = [](Change const& change) {
    return change.verb == Verb::add ? Fate::lost_not_done : Fate::works;
  };
  plant.vault.look_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  auto const report = plant.run();
  EXPECT_EQ(count(report, "vault", Verb::remove, Outcome::skipped), 1U);
}

TEST_F(GivenATeamOfTwo, WhenAnEmptyGroupIsAllowedThenBothLeave) {
  forbid(Limits::OnEmpty::allow, fake::no_limits().removals_per_group);
  replace_both();
  refuse_additions();
  plant.run();
  EXPECT_THAT(plant.vault.world.members("team"), IsEmpty());
}

TEST_F(GivenATeamOfTwo, WhenMoreWouldLeaveThanTheGroupMayLoseThenOnlySoManyDo) {
  forbid(Limits::OnEmpty::allow, {.off = false, .percent = 50, .at_least = 1, .at_most = std::nullopt});
  plant.request.approve = std::nullopt;
  replace_both();
  refuse_additions();
  auto const held = plant.run();
  ASSERT_EQ(held.exit, Exit::held);
  plant.request.approve = held.plan.digest;
  auto const report = plant.run();
  EXPECT_EQ(count(report, "vault", Verb::remove, Outcome::done), 1U);
  auto const skipped = std::ranges::find(report.outcomes, Outcome::skipped, &Settled::outcome);
  ASSERT_NE(skipped, report.outcomes.end());
  EXPECT_THAT(skipped->detail, HasSubstr("without them it may lose no more than 1 member"));
}

TEST_F(GivenATeamOfTwo, WhenTheyAreDisabledThenTheyLeaveWhateverBecomesOfTheSuccessors) {
  replace_both();
  for (auto const* uid : {"ann", "bob"}) plant.corp.world.disable(uid);
  refuse_additions();
  plant.run();
  EXPECT_THAT(plant.vault.world.members("team"), IsEmpty());
  EXPECT_THAT(plant.console.world.members("team"), IsEmpty());
}

TEST_F(GivenATeamOfTwo, WhenTheyAreOnlyLockedThenTheGroupIsNotEmptied) {
  auto& policy = plant.setup.directories[0].policy;
  policy.disabled.reset();
  policy.account_states.locked = true;
  plant.corp.world.account_rules.scheme = AccountScheme::openldap;
  for (auto const* uid : {"ann", "bob"})
    plant.corp.world.people.at(uid).attributes["pwdAccountLockedTime"] = "20260101000000Z";
  for (auto const* uid : {"cid", "dan"}) plant.corp.world.join("team", uid);
  refuse_additions();
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(plant.vault.world.members("team"), SizeIs(1));
  EXPECT_THAT(plant.console.world.members("team"), SizeIs(1));
}

TEST_F(GivenATeamOfTwo, WhenTheDaemonLeavesTheSuccessorsAloneThenOneStays) {
  replace_both();
  refuse_additions();
  plant.request.trigger = "daemon";
  plant.run();
  EXPECT_THAT(plant.vault.world.members("team"), SizeIs(1));
  plant.run();
  EXPECT_THAT(plant.vault.world.members("team"), SizeIs(1));
}

TEST_F(GivenATeamOfTwo, WhenOnlyTheLeaversAreAskedForThenTheGroupIsNotEmptied) {
  replace_both();
  for (auto const* uid : {"ann", "bob"}) {
    plant.request.cut.user = uid;
    plant.run();
  }
  EXPECT_THAT(plant.vault.world.members("team"), SizeIs(1));
  EXPECT_THAT(plant.console.world.members("team"), SizeIs(1));
}

/// Each leaves the group that the other one joins; a console is told all of a person in one call.
TEST_F(GivenATeamOfTwo, WhenTwoTeamsOfOneSwapAndOneIsRefusedThenNoneIsEmptied) {
  plant.corp.world.leave("team", "bob");
  plant.corp.world.group("other", {"bob"});
  ASSERT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.leave("team", "ann");
  plant.corp.world.join("other", "ann");
  plant.corp.world.leave("other", "bob");
  plant.corp.world.join("team", "bob");
  plant.console.fate = [](Change const& change) {
    return change.verb == Verb::add && change.principal == "bob" ? Fate::fails : Fate::works;
  };
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(plant.console.world.members("team"), Contains("ann"));
  EXPECT_THAT(plant.console.world.members("other"), UnorderedElementsAre("ann"));
}

}  // namespace
}  // namespace dirsync::engine
