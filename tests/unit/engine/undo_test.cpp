// A run takes another one back, and the next one does not do it again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// ops holds ann and bob; then the run `bad` takes bob out and lets cid in, on both targets.
struct GivenARunThatWasWrong : testing::Test {
  Plant plant;
  RunId bad;

  void SetUp() override {
    plant.people({"ann", "bob", "cid"});
    plant.corp.world.group("ops", {"ann", "bob"});
    plant.run();
    plant.corp.world.leave("ops", "bob");
    plant.corp.world.join("ops", "cid");
    auto const report = plant.run();
    EXPECT_EQ(report.exit, Exit::done);
    EXPECT_THAT(members(), UnorderedElementsAre("ann", "cid"));
    bad = report.run;
    plant.forget_calls();
    plant.journal.audit.clear();
  }
  std::set<std::string> members() { return plant.vault.world.members("ops"); }
  Result<Report> undo_once(RunId run, std::optional<PlanDigest> approve) {
    auto const ordinary = plant.request;
    plant.request.undo = run;
    plant.request.trigger = "undo";
    plant.request.approve = std::move(approve);
    auto report = plant.run_once();
    plant.request = ordinary;
    return report;
  }
  Report undo(RunId run, std::optional<PlanDigest> approve = std::nullopt) {
    auto report = undo_once(run, std::move(approve));
    EXPECT_TRUE(report.has_value()) << (report ? "" : text(report.error()));
    return report ? std::move(*report) : Report{};
  }
  /// Looked at, and then approved.
  Report undone(RunId run) {
    auto const held = undo(run);
    EXPECT_EQ(held.exit, Exit::held);
    return undo(run, held.plan.digest);
  }
  static std::set<std::string> codes(Report const& report) {
    std::set<std::string> codes;
    for (auto const& reason : report.plan.reasons) codes.insert(reason.code);
    return codes;
  }
};

TEST_F(GivenARunThatWasWrong, WhenItIsUndoneThenAPersonMustApproveIt) {
  auto const held = undo(bad);
  EXPECT_EQ(held.exit, Exit::held);
  EXPECT_EQ(held.plan.undoes, bad);
  EXPECT_THAT(codes(held), ElementsAre("undo"));
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.journal.undone("vault").value(), IsEmpty());
  EXPECT_EQ(plant.journal.find_plan(held.plan.digest).value()->state, StoredPlan::State::held);
}

TEST_F(GivenARunThatWasWrong, WhenItTakesTwoPeopleThenARunBetweenThemLosesNoApproval) {
  plant.setup.limits.approvals = 2;
  auto const digest = undo(bad).plan.digest;
  plant.request.actor = "uid:1 (jane)";
  EXPECT_TRUE(undo(bad, digest).approval_short);
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "cid"));
  plant.request.actor = "uid:2 (jim)";
  EXPECT_EQ(undo(bad, digest).exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob"));
}

TEST_F(GivenARunThatWasWrong, WhenOnlyLookedAtThenNothingIsKept) {
  plant.request.apply = false;
  auto const report = undo(bad);
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_THAT(report.plan.changes, SizeIs(4));
  EXPECT_THAT(plant.journal.held_plans().value(), IsEmpty());
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenARunThatWasWrong, WhenApprovedThenAllIsAsBeforeOnBothTargets) {
  auto const report = undone(bad);
  EXPECT_EQ(report.exit, Exit::done);
  for (auto* target : {&plant.vault, &plant.console})
    EXPECT_THAT(target->world.members("ops"), UnorderedElementsAre("ann", "bob"));
  EXPECT_THAT(plant.audit("approve"), ElementsAre("approved"));
  EXPECT_THAT(plant.audit("run"), Contains("undo begun"));
  EXPECT_THAT(plant.audit("change"), Contains("vault add ops bob done"));
  EXPECT_THAT(plant.audit("change"), Contains("vault remove ops cid done"));
  EXPECT_THAT(plant.journal.undone("vault").value(), SizeIs(2));
  EXPECT_EQ(plant.journal.runs.back().start.trigger, "undo");
}

TEST_F(GivenARunThatWasWrong, WhenItIsUndoneThenTheNextRunWaitsForAPerson) {
  undone(bad);
  plant.forget_calls();
  for (auto again = 0; again < 2; ++again) {
    auto const held = plant.run();
    EXPECT_EQ(held.exit, Exit::held);
    EXPECT_THAT(codes(held), ElementsAre("undone"));
  }
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob"));
}

TEST_F(GivenARunThatWasWrong, WhenAPersonApprovesItThenItIsDoneAgainAndForgotten) {
  undone(bad);
  plant.request.approve = plant.run().plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.request.approve.reset();
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "cid"));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.journal.undone("vault").value(), IsEmpty());
}

TEST_F(GivenARunThatWasWrong, WhenTheDirectoryIsCorrectedThenNothingWaits) {
  undone(bad);
  plant.corp.world.leave("ops", "cid");
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().plan.verdict, Verdict::in_sync);
  EXPECT_THAT(plant.journal.undone("vault").value(), IsEmpty());
  plant.corp.world.leave("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done) << "what the directory says anew is done";
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

TEST_F(GivenARunThatWasWrong, WhenSomebodyIsDisabledAfterwardsThenTheyLeaveThoughThePlanWaits) {
  undone(bad);
  plant.corp.world.disable("bob");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::held) << "cid is still wanted";
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

TEST_F(GivenARunThatWasWrong, WhenALaterRunOrSomebodyElseChangedItThenThatIsLeft) {
  plant.corp.world.join("ops", "bob");
  plant.run();
  plant.vault.world.remove("ops", "cid");
  auto const report = undone(bad);
  EXPECT_EQ(report.exit, Exit::done);
  std::vector<std::string> left;
  for (auto const& [change, code, because] : report.plan.left)
    left.push_back(change.target + " " + change.principal + " " + code);
  EXPECT_THAT(left, UnorderedElementsAre("vault cid changed-by-others", "vault bob changed-by-run",
                                         "console bob changed-by-run"));
  EXPECT_THAT(plant.console.world.members("ops"), UnorderedElementsAre("ann", "bob"));
}

TEST_F(GivenARunThatWasWrong, WhenTheUndoIsUndoneThenItIsAsTheRunHadLeftItAndNothingWaits) {
  auto const undo_run = undone(bad).run;
  EXPECT_EQ(undone(undo_run).exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "cid"));
  EXPECT_EQ(plant.run().plan.verdict, Verdict::in_sync);
}

TEST_F(GivenARunThatWasWrong, WhenUndoneTwiceThenNothingIsLeftToTakeBack) {
  undone(bad);
  auto const again = undo(bad);
  EXPECT_EQ(again.exit, Exit::done);
  EXPECT_THAT(again.plan.changes, IsEmpty());
  EXPECT_THAT(again.plan.left, SizeIs(4));
}

TEST_F(GivenARunThatWasWrong, WhenAnotherPlanIsApprovedThenNothingIsSent) {
  auto const report = undo(bad, PlanDigest{std::string(64, 'a')});
  EXPECT_TRUE(report.approval_stale);
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenARunThatWasWrong, WhenATargetCannotBeReadThenItsPartIsLeft) {
  plant.console.read_failure = Error{make_error_code(boost::system::errc::connection_refused), "no console"};
  auto const held = undo(bad);
  auto const report = undo(bad, held.plan.digest);
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_THAT(report.plan.left, SizeIs(2));
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob"));
}

TEST_F(GivenARunThatWasWrong, WhenARemovalOfTheUndoFailsThenThatMayBeDoneAgain) {
  plant.vault.fate = [](Change const& change) {
    return change.verb == Verb::remove ? fake::FakeTarget::Fate::fails : fake::FakeTarget::Fate::works;
  };
  EXPECT_EQ(undone(bad).exit, Exit::failed);
  auto const kept = plant.journal.undone("vault").value();
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].change.principal, "bob");
}

/// Wherever the undo ends, what it took back is not simply done again.
TEST_F(GivenARunThatWasWrong, WhenTheUndoIsCutOffAnywhereThenTheNextRunDoesNotDoItAgain) {
  auto const digest = undo(bad).plan.digest;
  auto const journal = plant.journal;
  auto const vault = plant.vault.world, console = plant.console.world;
  auto whole = 0;
  for (int step = 1;; ++step) {
    plant.journal.fail_from(step);
    (void)undo_once(bad, digest);
    if (!plant.journal.failed()) break;
    plant.journal.fail_from(0);
    auto const before = members();
    plant.run();
    // What was taken back by then, and only that.
    if (before.contains("bob")) {
      EXPECT_TRUE(members().contains("bob")) << "step " << step;
    }
    if (!before.contains("cid")) {
      EXPECT_FALSE(members().contains("cid")) << "step " << step;
    }
    whole += before == std::set<std::string>{"ann", "bob"} ? 1 : 0;
    plant.journal = journal;
    plant.vault.world = vault;
    plant.console.world = console;
  }
  EXPECT_GT(whole, 0) << "it was cut off also after everything was sent";
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob"));
}

/// web is made for cid and dan by one run.
struct GivenARunThatMadeAGroup : GivenARunThatWasWrong {
  RunId made;
  void SetUp() override {
    GivenARunThatWasWrong::SetUp();
    plant.people({"dan"});
    plant.corp.world.group("web", {"cid", "dan"});
    made = plant.run().run;
    EXPECT_THAT(plant.vault.world.members("web"), UnorderedElementsAre("cid", "dan"));
    plant.forget_calls();
  }
};

TEST_F(GivenARunThatMadeAGroup, WhenUndoneThenItIsGoneAndNotMadeAgain) {
  EXPECT_EQ(undone(made).exit, Exit::done);
  EXPECT_EQ(plant.vault.world.find_group("web"), nullptr);
  EXPECT_EQ(plant.console.world.find_group("web"), nullptr);
  auto const held = plant.run();
  EXPECT_EQ(held.exit, Exit::held);
  EXPECT_THAT(codes(held), ElementsAre("undone"));
  EXPECT_EQ(plant.vault.world.find_group("web"), nullptr);
}

TEST_F(GivenARunThatMadeAGroup, WhenSomebodyCannotBeTakenOutThenTheGroupStays) {
  plant.vault.fate = [](Change const& change) {
    auto const is_it = change.verb == Verb::remove && change.principal == "dan";
    return is_it ? fake::FakeTarget::Fate::fails : fake::FakeTarget::Fate::works;
  };
  auto const report = undone(made);
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(outcomes(report), Contains("vault delete-group web: skipped"));
  EXPECT_THAT(plant.vault.world.members("web"), ElementsAre("dan"));
}

/// Half of the run failed.
TEST_F(GivenARunThatWasWrong, WhenOnlyHalfOfARunWasDoneThenThatIsTakenBack) {
  plant.corp.world.join("ops", "bob");
  plant.corp.world.leave("ops", "cid");
  plant.vault.fate = [](Change const& change) {
    return change.verb == Verb::remove ? fake::FakeTarget::Fate::fails : fake::FakeTarget::Fate::works;
  };
  auto const half = plant.run();
  EXPECT_EQ(half.exit, Exit::failed);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob", "cid"));
  plant.vault.fate = [](Change const&) { return fake::FakeTarget::Fate::works; };
  EXPECT_EQ(undone(half.run).exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "cid"));
}

/// ann's membership was changed four times within an hour.
TEST_F(GivenARunThatWasWrong, WhenAMembershipFlapsThenItStaysAndIsTold) {
  plant.setup.limits.flaps = Limits::Flaps{.count = 3, .within = std::chrono::hours{6}};
  plant.corp.world.leave("ops", "ann");  // the second change of it
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.join("ops", "ann");
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.leave("ops", "ann");
  plant.corp.world.join("ops", "bob");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed) << "somebody must look";
  EXPECT_THAT(outcomes(report), Contains("vault remove ops ann: blocked"));
  EXPECT_THAT(members(), UnorderedElementsAre("ann", "bob", "cid")) << "all else goes on";
  ASSERT_THAT(plant.journal.blocked("vault").value(), SizeIs(1));
  EXPECT_EQ(plant.journal.blocked("vault").value()[0].code, "flapping");
  plant.clock.time += std::chrono::hours{7};
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("bob", "cid"));
}

TEST_F(GivenARunThatWasWrong, WhenAPersonFlipsAMembershipByUndoingThenThatDoesNotCount) {
  plant.setup.limits.flaps = Limits::Flaps{.count = 3, .within = std::chrono::hours{6}};
  auto const undo_run = undone(bad).run;
  EXPECT_EQ(undone(undo_run).exit, Exit::done);
  plant.corp.world.leave("ops", "cid");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(members(), UnorderedElementsAre("ann"));
}

}  // namespace
}  // namespace dirsync::engine
