// What must hold on a Vault and on a console alike.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::SizeIs;

/// Twenty people in ops, in sync on both targets.
struct GivenTwentyInSync : testing::Test {
  Plant plant;
  fake::DirectoryWorld& corp = plant.corp.world;
  fake::FakeTarget* const targets[2] = {&plant.vault, &plant.console};

  static std::string uid(int n) { return "p" + std::to_string(100 + n); }
  void SetUp() override {
    auto& ops = corp.group("ops");
    for (int n = 0; n < 20; ++n) {
      plant.people({uid(n)});
      ops.values.push_back(fake::dn_of_person(uid(n)));
    }
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
    plant.setup.directories[0].policy.band.at_least = 1000;
  }
  /// Their entries are there, and no read and no look shows them.
  void hide(int count) {
    for (int n = 0; n < count; ++n) {
      corp.hidden.insert(fake::dn_of_person(uid(n)));
      plant.corp.presences[EntryId{"p-" + uid(n)}] = Presence::unknown;
    }
  }
  void expect_members(std::size_t count) {
    for (auto* target : targets) EXPECT_THAT(target->world.members("ops"), SizeIs(count));
  }
};

/// A rule's first plan is approved while people who are hidden wait to be confirmed as gone.
TEST_F(GivenTwentyInSync, WhenAFirstPlanIsApprovedWhileManyWaitThenTheyAreNotSentUnderThatApproval) {
  plant.hold_first_plans();
  plant.setup.limits.removals = PercentLimit::exactly(5);
  for (auto const* name : {"vault", "console"}) {
    auto fresh = plant.rule(name);
    fresh.name += "-fresh";
    fresh.group_name = fake::name_template("{cn}-fresh");
    fresh.create_groups = true;
    plant.setup.rules.push_back(std::move(fresh));
  }
  hide(18);
  auto const waits = plant.run();
  ASSERT_EQ(waits.exit, Exit::held);
  EXPECT_EQ(std::ranges::count_if(waits.plan.changes, &Change::unconfirmed), 36);
  plant.request.approve = waits.plan.digest;
  plant.run();
  plant.request.approve.reset();
  EXPECT_EQ(plant.run().exit, Exit::held);
  expect_members(20);
}

TEST_F(GivenTwentyInSync, WhenATargetIsDownInBetweenThenTheCountOfAnAbsenceGoesOn) {
  hide(1);
  EXPECT_EQ(plant.run().exit, Exit::pending);
  plant.console.read_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_THAT(plant.vault.world.members("ops"), SizeIs(19U));
  EXPECT_THAT(plant.console.world.members("ops"), SizeIs(20U));
  plant.console.read_failure.reset();
  EXPECT_EQ(plant.run().exit, Exit::done);
  expect_members(19);
}

/// Of a user who has no rights to be used any more nothing is left on either side.
TEST_F(GivenTwentyInSync, WhenSomebodyIsDisabledAndAnotherLeftThenBothLoseBoth) {
  corp.disable(uid(3));
  corp.leave("ops", uid(4));
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  for (auto const* target : {"vault", "console"})
    EXPECT_THAT(outcomes(report), IsSupersetOf({target + std::string{" remove ops p103: done"},
                                                target + std::string{" remove ops p104: done"}}));
  expect_members(18);
}

/// Two entries bear a user name by which a group names somebody.
TEST_F(GivenTwentyInSync, WhenATwinOfAMemberAppearsThenTheMemberKeepsAndTheTwinGetsNothing) {
  corp.group("nis");
  corp.groups.at("nis").uids = {uid(1), uid(2)};
  for (auto& rule : plant.setup.rules) rule.create_groups = true;
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.forget_calls();
  corp.person("twin").attributes["uid"] = uid(1);
  for (int again = 0; again < 3; ++again) {
    auto const report = plant.run();
    for (auto const* target : {"vault", "console"}) {
      auto const& notices = report.plan.targets.at(target).notices;
      EXPECT_TRUE(std::ranges::any_of(notices, [](auto const& one) { return one.code == "ambiguous"; }));
    }
  }
  EXPECT_EQ(plant.writes(), 0U);
  for (auto* target : targets) EXPECT_THAT(target->world.members("nis"), SizeIs(2U));
}

/// A rule and the directory's only other user of a group are taken out of the file.
TEST_F(GivenTwentyInSync, WhenARuleIsTakenOutWhileAnotherFeedsTheGroupThenItIsHeld) {
  corp.group("guests", {uid(0)});
  plant.people({"zoe"});
  corp.groups.at("guests").values = {fake::dn_of_person("zoe")};
  for (auto const* name : {"vault", "console"}) {
    plant.rule(name).selection = MatchingGroups{"(cn=ops)"};
    auto other = plant.rule(name);
    other.name += "-guests";
    other.selection = MatchingGroups{"(cn=guests)"};
    other.group_name = fake::name_template("ops");
    plant.setup.rules.push_back(std::move(other));
  }
  for (auto& rule : plant.setup.rules) rule.on_collision = OnCollision::unite;
  plant.accept_settings();
  EXPECT_EQ(plant.run().exit, Exit::done);
  expect_members(21);
  std::erase_if(plant.setup.rules, [](Rule const& rule) { return rule.name.ends_with("-guests"); });
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  EXPECT_TRUE(std::ranges::all_of(held.plan.reasons,
                                  [](Reason const& reason) { return reason.code == "rule-gone"; }));
  expect_members(21);
}

TEST_F(GivenTwentyInSync, WhenTheSourceIsGoneThenWhoIsDisabledOrGoneLeavesAndTheRestStays) {
  corp.group("web", {uid(0)});
  EXPECT_EQ(plant.run().exit, Exit::done);
  corp.drop_group("ops");
  auto const orphaned = plant.run();
  for (auto const* target : {"vault", "console"})
    EXPECT_THAT(orphaned.plan.targets.at(target).notices,
                Contains(testing::Field(&Notice::code, "orphaned")));
  expect_members(20);
  corp.disable(uid(3));
  corp.drop_person(uid(4));
  EXPECT_EQ(plant.run().exit, Exit::done);
  expect_members(18);
  for (auto* target : targets)
    EXPECT_THAT(target->world.members("ops"), AllOf(Not(Contains(uid(3))), Not(Contains(uid(4)))));
}

}  // namespace
}  // namespace dirsync::engine
