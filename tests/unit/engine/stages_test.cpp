// Single stages, from values.
#include "sync/engine/run/stages.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/run.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct GivenAStage : testing::Test {
  Plant plant;
  Reads reads;

  RunContext context() {
    return {.setup = plant.setup,
            .request = plant.request,
            .start = {},
            .run = RunId{plant.request.apply ? 1 : 0},
            .stop = {},
            .begun = std::chrono::steady_clock::now()};
  }
};

/// A judged plan of one change.
struct GivenAPlanToDecideOn : GivenAStage {
  Judged judged;

  void SetUp() override {
    judged.plan.digest = PlanDigest{"abc"};
    judged.plan.changes.emplace_back().target = "vault";
    judged.plan.targets["vault"].verdict = Verdict::run;
    ASSERT_TRUE(plant.journal.begin_run({}));
  }
  void hold() {
    judged.plan.held = true;
    judged.plan.reasons.push_back({"removals", "too many", "", "", "", std::nullopt, std::nullopt});
  }
  Decision decided() { return decide(context(), reads, judged).value(); }
  std::size_t waiting() { return plant.journal.held_plans().value().size(); }
};

TEST_F(GivenAPlanToDecideOn, WhenNothingHoldsItThenApplied) {
  EXPECT_EQ(decided(), Decision::apply);
  plant.request.apply = false;
  EXPECT_EQ(decided(), Decision::plan_only);
}

TEST_F(GivenAPlanToDecideOn, WhenThePersonSaysNoThenDeclined) {
  plant.request.proceed = [](Plan const&) { return false; };
  EXPECT_EQ(decided(), Decision::declined);
  judged.plan.changes.clear();  // nothing to ask about
  EXPECT_EQ(decided(), Decision::apply);
}

TEST_F(GivenAPlanToDecideOn, WhenHeldThenItWaitsAndARowSaysWhy) {
  hold();
  EXPECT_EQ(decided(), Decision::held);
  EXPECT_EQ(waiting(), 1U);
  EXPECT_THAT(plant.audit("hold"), ElementsAre("held"));
  EXPECT_EQ(plant.journal.audit.back().detail, "removals: too many");
}

TEST_F(GivenAPlanToDecideOn, WhenAllItsChangesWaitForReadsThenThereIsNothingToApprove) {
  hold();
  judged.plan.changes[0].unconfirmed = true;
  EXPECT_EQ(decided(), Decision::apply);
  EXPECT_EQ(waiting(), 0U);
}

TEST_F(GivenAPlanToDecideOn, WhenApprovedInTimeThenAppliedElseItWaitsAgain) {
  hold();
  decided();
  ASSERT_TRUE(
      plant.journal.decide_plan({.digest = judged.plan.digest, .actor = "alice", .time = plant.clock.time}));
  EXPECT_EQ(decided(), Decision::apply);
  plant.clock.time += plant.setup.limits.approval_ttl;
  EXPECT_EQ(waiting(), 0U);
  EXPECT_EQ(decided(), Decision::held);
  EXPECT_EQ(waiting(), 1U);
}

TEST_F(GivenAPlanToDecideOn, WhenAnotherOneIsApprovedThenStaleAndThisOneWaits) {
  hold();
  plant.request.approve = PlanDigest{"other"};
  EXPECT_EQ(decided(), Decision::approval_stale);
  EXPECT_EQ(waiting(), 1U);
}

TEST_F(GivenAPlanToDecideOn, WhenWhatWasApprovedIsAReadThenThePlanStillWaits) {
  hold();
  plant.request.approve = PlanDigest{"a-read"};
  reads.used_approvals.insert(PlanDigest{"a-read"});
  EXPECT_EQ(decided(), Decision::held);
}

/// corp was read, the Vault was, the console was not.
struct GivenReadsOfOneTarget : GivenAStage {
  void SetUp() override {
    plant.people({"ann"});
    plant.corp.world.group("ops", {"ann"});
    plant.console.read_failure = Error{make_error_code(boost::system::errc::timed_out), "down"};
    reads = test::run(plant.io, read(context())).value();
  }
  LinedUp lined_up() {
    auto ours = test::run(plant.io, recover(context(), reads)).value();
    return line_up(context(), reads, std::move(ours)).value();
  }
};

TEST_F(GivenReadsOfOneTarget, WhenReadThenTheOtherIsRefusedAndARowSaysSo) {
  EXPECT_THAT(reads.refused, SizeIs(1));
  EXPECT_TRUE(reads.refused.contains("console"));
  EXPECT_THAT(plant.audit("read"), ElementsAre("console refused"));
}

TEST_F(GivenReadsOfOneTarget, WhenLinedUpThenTheOtherHasNoPart) {
  auto const input = lined_up();
  EXPECT_THAT(input.rules, SizeIs(1));
  EXPECT_THAT(input.input.targets, SizeIs(1));
  EXPECT_EQ(input.input.targets[0].name, "vault");
  EXPECT_THAT(input.ours, SizeIs(1));
}

TEST_F(GivenReadsOfOneTarget, WhenCutThenThePlanIsThePartAndTheWholeIsCounted) {
  plant.corp.world.group("web", {"ann"});
  reads = test::run(plant.io, read(context())).value();
  plant.request.cut.group = "web";
  auto drafted = test::run(plant.io, draft(context(), lined_up())).value();
  auto const judged = judge(context(), reads, std::move(drafted));
  EXPECT_EQ(judged.whole_changes.at("vault"), 4);
  EXPECT_THAT(judged.plan.changes, SizeIs(2));
  EXPECT_EQ(judged.plan.targets.at("console").verdict, Verdict::refuse);
}

TEST_F(GivenReadsOfOneTarget, WhenNotDecidedToApplyThenNothingIsWrittenOrSent) {
  auto drafted = test::run(plant.io, draft(context(), lined_up())).value();
  auto const judged = judge(context(), reads, std::move(drafted));
  auto const rows = plant.journal.audit.size();
  for (auto const decision :
       {Decision::plan_only, Decision::held, Decision::approval_stale, Decision::declined}) {
    auto const written = test::run(plant.io, apply(context(), reads, judged, decision)).value();
    EXPECT_THAT(written.outcomes, IsEmpty());
  }
  EXPECT_EQ(plant.journal.audit.size(), rows);
  EXPECT_EQ(plant.writes(), 0U);
}

/// ops of five in the Vault; the next read lacks some of them, and no group names them any more.
struct GivenLostPeople : GivenAStage {
  void SetUp() override {
    plant.people({"ann", "bob", "cid", "dan", "eve"});
    plant.corp.world.group("ops", {"ann", "bob", "cid", "dan", "eve"});
    ASSERT_EQ(plant.run().exit, Exit::done);
    plant.setup.directories[0].policy.band = {.groups = 1000, .users = 1000, .values = 1000};
  }
  plan::Facts facts() {
    reads = test::run(plant.io, read(context())).value();
    auto ours = test::run(plant.io, recover(context(), reads)).value();
    auto lined_up = line_up(context(), reads, std::move(ours)).value();
    return test::run(plant.io, draft(context(), std::move(lined_up))).value().lined_up.input.facts;
  }
};

TEST_F(GivenLostPeople, WhenLookedForThenThePlannerIsToldWhoIsThere) {
  plant.corp.world.drop_person("bob");
  plant.corp.world.leave("ops", "cid");
  plant.corp.world.hidden.insert(fake::dn_of_person("cid"));
  auto const told = facts();
  EXPECT_THAT(told.confirmed_gone, ElementsAre(EntryId{"p-bob"}));
  EXPECT_THAT(told.found_by_look, ElementsAre(EntryId{"p-cid"}));
}

TEST_F(GivenLostPeople, WhenTheyAreManyThenOnlySoManyAreLookedFor) {
  plant.setup.limits.confirm.removals_above = 2;
  for (auto const* uid : {"bob", "cid", "dan"}) plant.corp.world.drop_person(uid);
  EXPECT_THAT(facts().confirmed_gone, SizeIs(2));
  EXPECT_THAT(plant.corp.probes, SizeIs(2));
}

TEST_F(GivenLostPeople, WhenTheirDirectoryIsNoLongerConfiguredThenNoOtherIsAsked) {
  fake::FakeDirectory lab;
  lab.world.name = "lab";
  lab.world.person("ann");
  lab.world.group("ops", {"ann"});
  plant.setup.directories = {{.name = "lab", .directory = &lab, .normalized_base = fake::kBase}};
  for (auto& rule : plant.setup.rules) rule.directory = "lab";
  EXPECT_THAT(facts().confirmed_gone, IsEmpty());
  EXPECT_THAT(lab.probes, IsEmpty());
}

}  // namespace
}  // namespace dirsync::engine
