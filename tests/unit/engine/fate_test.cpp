// What becomes of calls that fail, get lost, or lie.
#include "tests/unit/engine/given_vault.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

TEST_F(GivenVault, WhenACallFailsThenTheOthersGoOnAndItIsSetAside) {
  plant.corp.world.join("ops", "cid");
  plant.corp.world.leave("ops", "bob");
  fate_of("add ops cid", Fate::fails);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(outcomes(report), ElementsAre("vault add ops cid: failed", "vault remove ops bob: done"));
  EXPECT_EQ(grants(), 1U);
  EXPECT_THAT(plant.journal.runs.back().succeeded, IsEmpty());
  auto const aside = plant.journal.set_aside("vault").value();
  ASSERT_EQ(aside.size(), 1U);
  EXPECT_EQ(aside[0].principal, "cid");
  EXPECT_EQ(aside[0].attempts, 1);
  EXPECT_EQ(aside[0].reason, "refused by the fake");
  EXPECT_EQ(aside[0].next_try, plant.clock.time + std::chrono::minutes{1});
}

TEST_F(GivenVault, WhenSetAsideThenTheDaemonBacksOffAndAPersonDoesNot) {
  plant.corp.world.join("ops", "cid");
  fate_of("add ops cid", Fate::fails);
  plant.request.trigger = "daemon";
  plant.run();
  plant.forget_calls();
  auto const waits = plant.run();
  EXPECT_THAT(outcomes(waits), ElementsAre("vault add ops cid: skipped"));
  EXPECT_THAT(waits.outcomes[0].detail,
              HasSubstr("set aside until 2026-01-02T03:05:05.000Z after 1 attempts"));
  EXPECT_EQ(waits.exit, Exit::failed);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.audit("change"), SizeIs(1));
  plant.clock.time += std::chrono::minutes{1};
  plant.run();
  EXPECT_EQ(plant.writes(), 1U);
  EXPECT_EQ(plant.journal.set_aside("vault").value().at(0).next_try,
            plant.clock.time + std::chrono::minutes{2});
  plant.request.trigger = "sync";
  all_work();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.journal.set_aside("vault").value(), IsEmpty());
}

TEST_F(GivenVault, WhenARunWasAskedForAnotherPersonThenWhatItDidNotTryStaysSetAside) {
  plant.corp.world.join("ops", "cid");
  fate_of("add ops cid", Fate::fails);
  plant.run();
  plant.corp.world.leave("ops", "bob");
  plant.request.cut.user = "bob";
  plant.run();
  EXPECT_THAT(vault.world.members("ops"), testing::UnorderedElementsAre("ann"));
  ASSERT_THAT(plant.journal.set_aside("vault").value(), SizeIs(1));
  EXPECT_EQ(plant.journal.set_aside("vault").value()[0].principal, "cid");
}

TEST_F(GivenVault, WhenACreationIsSetAsideThenItsMembersWaitWithIt) {
  plant.corp.world.group("web", {"cid"});
  fate_of("create-group web", Fate::fails);
  plant.request.trigger = "daemon";
  auto const first = plant.run();
  EXPECT_THAT(outcomes(first), ElementsAre("vault create-group web: failed", "vault add web cid: skipped"));
  EXPECT_THAT(first.outcomes[1].detail, HasSubstr("the group could not be created: refused by the fake"));
  plant.forget_calls();
  auto const second = plant.run();
  EXPECT_THAT(outcomes(second), ElementsAre("vault create-group web: skipped", "vault add web cid: skipped"));
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenVault, WhenAnAnswerIsLostAndALookShowsTheEffectThenDone) {
  plant.corp.world.join("ops", "cid");
  fate_of("add ops cid", Fate::lost_but_done);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_EQ(report.outcomes[0].detail, "no answer; a look showed that it was done");
  EXPECT_THAT(vault.calls, SizeIs(1));
  EXPECT_EQ(grants(), 3U);
  EXPECT_THAT(open(), IsEmpty());
}

TEST_F(GivenVault, WhenARequestIsLostAndALookShowsNoEffectThenFailed) {
  plant.corp.world.leave("ops", "bob");
  fate_of("remove ops bob", Fate::lost_not_done);
  EXPECT_EQ(plant.run().exit, Exit::failed);
  EXPECT_THAT(vault.calls, SizeIs(1));
  EXPECT_EQ(grants(), 2U);
  EXPECT_THAT(open(), IsEmpty());
}

TEST_F(GivenVault, WhenARenameOrDeletionIsLostThenALookTells) {
  plant.rule("vault").delete_groups = DeleteGroups::when_empty;
  plant.corp.world.group("empty");
  plant.run();
  plant.corp.world.groups.at("ops").attributes["cn"] = "operations";
  plant.corp.world.drop_group("empty");
  vault.fate = [](Change const&) { return Fate::lost_but_done; };
  auto const report = plant.run();
  EXPECT_THAT(outcomes(report),
              ElementsAre("vault delete-group empty: done", "vault rename-group ops: done"));
  EXPECT_EQ(vault.world.find_group("empty"), nullptr);
}

TEST_F(GivenVault, WhenEvenTheLookFailsThenUnknownAndLookedUpInTheNextRun) {
  plant.corp.world.join("ops", "cid");
  fate_of("add ops cid", Fate::lost_but_done);
  vault.look_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  auto const first = plant.run();
  EXPECT_EQ(first.exit, Exit::failed);
  EXPECT_THAT(outcomes(first), ElementsAre("vault add ops cid: unknown"));
  EXPECT_THAT(open(), SizeIs(1));
  EXPECT_THAT(plant.audit("change"), IsEmpty());
  vault.look_failure.reset();
  plant.forget_calls();
  auto const second = plant.run();
  EXPECT_EQ(second.exit, Exit::done);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops cid done"));
  EXPECT_EQ(grants(), 3U);
}

TEST_F(GivenVault, WhenACreationsAnswerIsLostThenNothingIsAddedAndTheNextRunFinishesIt) {
  plant.corp.world.group("web", {"cid"});
  fate_of("create-group web", Fate::lost_but_done);
  EXPECT_THAT(outcomes(plant.run()),
              ElementsAre("vault create-group web: unknown", "vault add web cid: skipped"));
  all_work();
  auto const second = plant.run();
  EXPECT_THAT(outcomes(second), ElementsAre("vault add web cid: done"));
  EXPECT_EQ(second.exit, Exit::done);
  EXPECT_TRUE(plant.journal.managed("vault").value().groups.back().created_by_us);
}

TEST_F(GivenVault, WhenAGroupCannotBeReadBackThenEachOfItsChangesSaysSo) {
  plant.corp.world.join("ops", "cid");
  plant.corp.world.leave("ops", "bob");
  vault.look_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(plant.audit("change"),
              testing::UnorderedElementsAre("vault add ops cid done", "vault remove ops bob done"));
  for (auto const& row : plant.journal.audit) {
    if (row.phase != "change") continue;
    EXPECT_THAT(row.detail, HasSubstr("unverified: the group could not be read back"));
  }
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_EQ(grants(), 2U);
  ASSERT_THAT(report.outcomes, SizeIs(2));
  for (auto const& settled : report.outcomes) {
    EXPECT_EQ(settled.outcome, Outcome::done);
    EXPECT_THAT(settled.detail, HasSubstr("unverified: the group could not be read back"));
  }
}

TEST_F(GivenVault, WhenStopWasAskedForBeforeTheRunThenNothingIsSent) {
  plant.corp.world.join("ops", "cid");
  plant.stop.request_stop();
  auto const report = plant.run();
  EXPECT_TRUE(report.stopped);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(outcomes(report), ElementsAre("vault add ops cid: skipped"));
}

TEST_F(GivenVault, WhenAnAdditionHadNoEffectThenFailedAndTriedAgain) {
  plant.corp.world.join("ops", "cid");
  fate_of("add ops cid", Fate::lies);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(report.outcomes[0].detail, HasSubstr("shows no effect"));
  EXPECT_THAT(plant.audit("change"), ElementsAre("vault add ops cid failed"));
  EXPECT_EQ(grants(), 2U);
  all_work();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(vault.world.members("ops"), Contains("cid"));
}

TEST_F(GivenVault, WhenARemovalHadNoEffectThenTheMembershipStaysOursAndIsRemovedNextTime) {
  plant.corp.world.leave("ops", "bob");
  fate_of("remove ops bob", Fate::lies);
  EXPECT_EQ(plant.run().exit, Exit::failed);
  EXPECT_EQ(grants(), 2U);
  all_work();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(vault.world.members("ops"), Not(Contains("bob")));
}

TEST_F(GivenVault, WhenTheProcessEndsBeforeTheReadingBackThenTheNextRunFindsWhatWasDone) {
  plant.corp.world.join("ops", "cid");
  vault.on_look = [this] {
    EXPECT_THAT(plant.audit("change"), IsEmpty());
    plant.journal.fail_from(1);
  };
  EXPECT_FALSE(plant.run_once());
  plant.journal.fail_from(0);
  vault.on_look = [] {};
  EXPECT_THAT(open(), SizeIs(1));
  EXPECT_THAT(plant.audit("change"), IsEmpty());
  plant.forget_calls();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.audit("recovered"), ElementsAre("vault add ops cid done"));
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(grants(), 3U);
}

TEST_F(GivenVault, WhenVerifiedThenEachChangedGroupIsReadOnce) {
  plant.corp.world.group("web", {"ann", "bob"});
  plant.corp.world.join("ops", "cid");
  plant.corp.world.leave("ops", "bob");
  plant.run();
  EXPECT_EQ(vault.looks, 2);
  EXPECT_THAT(vault.looked_at, SizeIs(2));
}

TEST_F(GivenVault, WhenARenameHadNoEffectThenFailedAndTriedAgain) {
  plant.corp.world.groups.at("ops").attributes["cn"] = "operations";
  fate_of("rename-group ops", Fate::lies);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_THAT(plant.audit("change"), ElementsAre("vault rename-group ops failed"));
  EXPECT_THAT(report.outcomes[0].detail, HasSubstr("shows no effect"));
  all_work();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_NE(vault.world.find_group("operations"), nullptr);
}

TEST_F(GivenVault, WhenARenamedGroupHasOtherChangesThenItIsReadBackOnce) {
  plant.corp.world.groups.at("ops").attributes["cn"] = "operations";
  plant.corp.world.join("ops", "cid");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(vault.looks, 1);
}

TEST_F(GivenVault, WhenADeletionHadNoEffectThenTheGroupStaysOursAndIsDeletedNextTime) {
  plant.rule("vault").delete_groups = DeleteGroups::when_empty;
  plant.corp.world.group("empty");
  plant.run();
  plant.corp.world.drop_group("empty");
  fate_of("delete-group empty", Fate::lies);
  EXPECT_EQ(plant.run().exit, Exit::failed);
  EXPECT_THAT(plant.audit("change"), Contains("vault delete-group empty failed"));
  all_work();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(vault.world.find_group("empty"), nullptr);
}

TEST_F(GivenVault, WhenTheTargetGoesDownThenNoFurtherCall) {
  vault.world.user("x", "");
  plant.corp.world.group("aaa", {"ann"});
  plant.corp.world.group("web", {"ann"});
  plant.setup.targets[0].target = &vault;
  vault.fate = [](Change const& change) {
    return change.verb == Verb::create_group ? Fate::works : Fate::target_down;
  };
  plant.corp.world.leave("ops", "bob");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  auto const& reasons = report.plan.targets.at("vault").reasons;
  EXPECT_THAT(reasons, ElementsAre(Field(&Reason::code, "ended-early")));
  EXPECT_EQ(report.plan.reasons, reasons);
  EXPECT_EQ(report.plan.verdict, Verdict::run);
  EXPECT_THAT(outcomes(report), Contains("vault remove ops bob: skipped"));
  EXPECT_THAT(vault.sent(), Not(Contains("remove ops bob")));
  EXPECT_EQ(vault.looks, 0);
  EXPECT_THAT(plant.audit("change"), Contains("vault remove ops bob skipped"));
}

TEST_F(GivenVault, WhenAskedToStopThenWhatIsInHandIsRecordedAndTheRestSkipped) {
  for (int n = 0; n < 8; ++n) plant.corp.world.group("new" + std::to_string(n));
  auto const at_once = static_cast<std::size_t>(vault.traits().concurrency);
  vault.on_send = [this, at_once](Change const&) {
    if (vault.log.size() == at_once) plant.stop.request_stop();
  };
  auto const report = plant.run();
  EXPECT_TRUE(report.stopped);
  EXPECT_EQ(report.exit, Exit::failed);
  EXPECT_EQ(at_once, 4U);
  EXPECT_EQ(vault.sent().size(), at_once);
  auto const words = outcomes(report);
  EXPECT_EQ(std::ranges::count_if(words, [](auto const& one) { return one.ends_with("done"); }), 4);
  EXPECT_EQ(std::ranges::count_if(words, [](auto const& one) { return one.ends_with("skipped"); }), 4);
  EXPECT_THAT(open(), IsEmpty());
  EXPECT_THAT(plant.audit("change"), SizeIs(4));
  EXPECT_THAT(plant.audit("run"), ElementsAre("vault skipped", "run")) << "one row for all that was not sent";
  EXPECT_TRUE(plant.journal.runs.back().finished);
}

}  // namespace
}  // namespace dirsync::engine
