#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct GivenPlant : testing::Test {
  Plant plant;

  void SetUp() override {
    plant.people({"ann", "bob", "cid"});
    plant.corp.world.group("ops", {"ann", "bob"});
  }
  /// Both targets hold what the rules want.
  void settle() {
    EXPECT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
  }
};

TEST_F(GivenPlant, WhenOnlyPlannedThenNothingIsWritten) {
  auto const report = plant.plan_only();
  EXPECT_EQ(report.plan.changes.size(), 6U);
  EXPECT_EQ(report.exit, Exit::pending);
  EXPECT_EQ(report.run, RunId{});
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.journal.audit, IsEmpty());
  EXPECT_THAT(plant.journal.runs, IsEmpty());
  EXPECT_FALSE(plant.journal.last_counts("corp").value());
  EXPECT_THAT(plant.journal.managed("vault").value().groups, IsEmpty());
}

TEST_F(GivenPlant, WhenRunThenBothTargetsEqualTheDirectoryAndTheNextRunWritesNothing) {
  auto const first = plant.run();
  EXPECT_EQ(first.exit, Exit::done);
  EXPECT_TRUE(first.applied);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"ann", "bob"}));
  EXPECT_EQ(plant.console.world.members("ops"), (std::set<std::string>{"ann", "bob"}));
  EXPECT_THAT(plant.audit("change"), SizeIs(6));
  EXPECT_THAT(plant.journal.runs.at(0).succeeded, ElementsAre("console", "vault"));
  EXPECT_EQ(plant.journal.runs.at(0).done, 6);

  plant.forget_calls();
  auto const second = plant.run();
  EXPECT_EQ(second.exit, Exit::done);
  EXPECT_EQ(second.plan.verdict, Verdict::in_sync);
  EXPECT_FALSE(second.applied);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.journal.runs.at(1).succeeded, ElementsAre("console", "vault"));
}

TEST_F(GivenPlant, WhenPlannedAndRunThenTheSameDigest) {
  auto const planned = plant.plan_only();
  EXPECT_EQ(plant.run().plan.digest, planned.plan.digest);
}

TEST_F(GivenPlant, WhenAPersonIsGoneThenALookConfirmsAndTheyAreRevokedAtOnce) {
  settle();
  plant.corp.world.drop_person("bob");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(outcomes(report), ElementsAre("console remove ops bob: done", "vault remove ops bob: done"));
  ASSERT_EQ(plant.corp.probes.size(), 1U);
  EXPECT_EQ(plant.corp.probes[0].last_dn, fake::dn_of_person("bob"));
}

TEST_F(GivenPlant, WhenALookDoesNotTellThenTheSecondRunRemoves) {
  settle();
  plant.corp.world.drop_person("bob");
  plant.corp.presences[EntryId{"p-bob"}] = Presence::unknown;
  auto const first = plant.run();
  EXPECT_EQ(first.exit, Exit::pending);
  EXPECT_THAT(outcomes(first),
              ElementsAre("console remove ops bob: unconfirmed", "vault remove ops bob: unconfirmed"));
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.audit("change"), Contains("vault remove ops bob unconfirmed"));
  EXPECT_THAT(plant.journal.runs.back().succeeded, IsEmpty());
  auto const second = plant.run();
  EXPECT_EQ(second.exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"ann"}));
}

TEST_F(GivenPlant, WhenTwoRunsAreTooNearThenTheyCountAsOne) {
  plant.setup.limits.confirm.apart = std::chrono::minutes{1};
  settle();
  plant.corp.world.drop_person("bob");
  plant.corp.presences[EntryId{"p-bob"}] = Presence::unknown;
  for (int again = 0; again < 3; ++again) {
    EXPECT_EQ(plant.run().exit, Exit::pending);
    plant.clock.time += std::chrono::seconds{20};
  }
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenPlant, WhenALookFindsThePersonThenTheCountStartsOver) {
  settle();
  plant.corp.world.drop_person("bob");
  plant.corp.presences[EntryId{"p-bob"}] = Presence::unknown;
  EXPECT_EQ(plant.run().exit, Exit::pending);
  EXPECT_THAT(plant.journal.absences("corp").value(), Not(IsEmpty()));
  plant.corp.presences[EntryId{"p-bob"}] = Presence::present;
  plant.setup.limits.removals = PercentLimit::exactly(0);
  EXPECT_EQ(plant.run().exit, Exit::held);  // somebody who left, under the limits
  for (auto const& count : plant.journal.absences("corp").value()) EXPECT_NE(count.key, "person:p-bob");
}

TEST_F(GivenPlant, WhenALookFailsThenTheRunGoesOn) {
  settle();
  plant.corp.world.drop_person("bob");
  plant.corp.look_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  EXPECT_EQ(plant.run().exit, Exit::pending);
}

TEST_F(GivenPlant, WhenAPersonIsSeenAgainThenTheCountStartsOver) {
  settle();
  plant.corp.presences[EntryId{"p-bob"}] = Presence::unknown;
  auto const bob = plant.corp.world.people.at("bob");
  plant.corp.world.drop_person("bob");
  plant.run();
  plant.corp.world.people["bob"] = bob;
  plant.corp.world.join("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.drop_person("bob");
  EXPECT_EQ(plant.run().exit, Exit::pending);
  EXPECT_EQ(plant.vault.world.members("ops").size(), 2U);
}

TEST_F(GivenPlant, WhenNoNeighbourIsVisibleThenNobodyIsConfirmedGone) {
  settle();
  // The whole container is hidden; ann is there and the read does not show her.
  plant.setup.directories[0].policy.band = {100, 100, 100};
  plant.corp.world.person("zoe").dn = "uid=zoe,ou=elsewhere,dc=x";
  for (auto const* uid : {"ann", "bob", "cid"}) plant.corp.world.hidden.insert(fake::dn_of_person(uid));
  for (auto const* uid : {"ann", "bob", "cid"})
    plant.corp.presences[EntryId{std::string{"p-"} + uid}] = Presence::unknown;
  auto const report = plant.run();
  EXPECT_THAT(plant.corp.probes, Each(Field(&EntryProbe::beside, IsEmpty())));
  EXPECT_THAT(report.plan.changes, Each(Field(&Change::unconfirmed, true)));
  EXPECT_EQ(report.exit, Exit::pending);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenPlant, WhenNothingKnownIsBesideThenACanaryVouches) {
  auto& world = plant.corp.world;
  world.person("zoe").dn = "uid=zoe,ou=elsewhere,dc=x";
  world.join("ops", "cn=robot,dc=x");
  for (auto const* uid : {"ann", "cid"}) world.drop_person(uid);
  settle();
  plant.corp.has_canary = true;
  world.drop_person("bob");
  EXPECT_EQ(plant.run().exit, Exit::failed) << "all that ops has left is a value that names nobody: `nobody`";
  ASSERT_THAT(plant.corp.probes, SizeIs(1));
  EXPECT_THAT(plant.corp.probes[0].beside, IsEmpty());
  EXPECT_THAT(plant.vault.world.members("ops"), IsEmpty());
}

TEST_F(GivenPlant, WhenALookIsTakenThenWithKnownNeighboursThatThisReadShowed) {
  settle();
  plant.corp.world.drop_person("bob");
  plant.corp.world.person("brand-new");
  plant.run();
  ASSERT_THAT(plant.corp.probes, SizeIs(1));
  EXPECT_THAT(plant.corp.probes[0].beside, ElementsAre(fake::dn_of_person("ann"), fake::dn_of_person("cid")));
}

TEST_F(GivenPlant, WhenOnlyNewEntriesAreBesideThenTheyVouchForNothing) {
  settle();
  plant.setup.directories[0].policy.band = {100, 100, 100};
  for (auto const* uid : {"ann", "bob", "cid"}) plant.corp.world.hidden.insert(fake::dn_of_person(uid));
  plant.corp.world.person("new");
  EXPECT_EQ(plant.run().exit, Exit::pending);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.corp.probes, AllOf(SizeIs(2), Each(Field(&EntryProbe::beside, IsEmpty()))));
}

TEST_F(GivenPlant, WhenAnExcludedGroupIsRenamedThenItsPeopleStayOut) {
  auto& world = plant.corp.world;
  world.group("guests", {"cid"});
  world.join("ops", "@guests");
  for (auto& rule : plant.setup.rules) {
    rule.selection = MatchingGroups{"(cn=ops)"};
    rule.exclude = {fake::dn_of_group("guests")};
  }
  settle();
  auto& guests = world.groups.at("guests");
  guests.dn = "cn=visitors,ou=groups,dc=x";
  world.groups.at("ops").values.back() = guests.dn;
  for (int again = 0; again < 2; ++again) EXPECT_EQ(plant.run().exit, Exit::done);
  for (auto const* target : {&plant.vault, &plant.console})
    EXPECT_EQ(target->world.members("ops"), (std::set<std::string>{"ann", "bob"}));
}

TEST_F(GivenPlant, WhenANestedGroupIsLostThenItsPeopleStayUntilApproved) {
  plant.corp.world.group("inner", {"cid"});
  plant.corp.world.join("ops", "@inner");
  for (auto& rule : plant.setup.rules) rule.selection = MatchingGroups{"(cn=ops)"};
  settle();
  plant.corp.world.drop_group("inner", false);
  auto const waits = plant.run();
  EXPECT_EQ(waits.exit, Exit::pending);
  EXPECT_THAT(outcomes(waits), Contains("vault remove ops cid: unconfirmed"));
  for (int again = 0; again < 3; ++again) {
    auto const held = plant.run();
    EXPECT_EQ(held.exit, Exit::held);
    EXPECT_TRUE(held.plan.held);
    EXPECT_EQ(plant.writes(), 0U);
  }
  plant.request.approve = plant.plan_only().plan.digest;
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.world.members("ops"), Not(Contains("cid")));
  plant.request.approve.reset();
  plant.forget_calls();
  EXPECT_EQ(plant.run().exit, Exit::done);
  // Approved once and for all: who leaves next leaves as usual, though the value still stands.
  plant.corp.world.leave("ops", "bob");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"ann"}));
}

TEST_F(GivenPlant, WhenTheJournalBreaksWhileANestedGroupIsFirstMissedThenItsPeopleStayAllTheSame) {
  plant.corp.world.group("inner", {"cid"});
  plant.corp.world.join("ops", "@inner");
  for (auto& rule : plant.setup.rules) rule.selection = MatchingGroups{"(cn=ops)"};
  settle();
  plant.corp.world.drop_group("inner", false);
  auto const start = plant.journal;
  for (int step = 1;; ++step) {
    plant.journal.fail_from(step);
    plant.run_once();
    if (!plant.journal.failed()) break;
    plant.journal.fail_from(0);
    for (int again = 0; again < 3; ++again) plant.run();
    EXPECT_EQ(plant.writes(), 0U) << "step " << step;
    plant.journal = start;
  }
}

TEST_F(GivenPlant, WhenTheVaultWasDownWhileANestedGroupVanishedThenItsPeopleStayAllTheSame) {
  plant.corp.world.group("inner", {"cid"});
  plant.corp.world.join("ops", "@inner");
  plant.setup.rules = {plant.rule("vault")};
  plant.setup.rules[0].selection = MatchingGroups{"(cn=ops)"};
  plant.setup.targets.pop_back();
  settle();
  plant.corp.world.drop_group("inner", false);
  plant.vault.read_failure = Error{make_error_code(boost::system::errc::connection_refused), "down"};
  plant.run();
  plant.vault.read_failure.reset();
  plant.run();
  plant.run();
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(plant.vault.world.members("ops"), Contains("cid"));
}

struct GivenFailedRead : GivenPlant {
  Error const down{make_error_code(boost::system::errc::connection_refused), "it is down"};
};

TEST_F(GivenFailedRead, WhenOneTargetIsDownThenTheOtherIsServed) {
  plant.vault.read_failure = down;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_EQ(report.plan.verdict, Verdict::refuse);
  EXPECT_EQ(report.plan.targets.at("vault").verdict, Verdict::refuse);
  EXPECT_EQ(report.plan.targets.at("vault").reasons.at(0).code, "read-failed");
  EXPECT_EQ(plant.console.world.members("ops").size(), 2U);
  EXPECT_THAT(plant.vault.calls, IsEmpty());
  EXPECT_THAT(plant.audit("read"), Contains("vault refused"));
  EXPECT_THAT(plant.journal.runs.at(0).succeeded, ElementsAre("console"));
  EXPECT_EQ(plant.monitor.count("read_incomplete"), 1);
}

TEST_F(GivenFailedRead, WhenADirectoryIsDownThenItsTargetsAloneAreRefused) {
  fake::FakeDirectory lab;
  lab.world.name = "lab";
  lab.world.person("zoe").id = "p-lab-zoe";
  lab.world.group("lab-ops", {"zoe"}).id = "g-lab-ops";
  plant.console.world.user("zoe", "", UserSource::unknown);
  plant.setup.directories.push_back({.name = "lab", .directory = &lab, .normalized_base = fake::kBase});
  plant.rule("console").directory = "lab";
  plant.corp.failure = down;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_EQ(report.plan.targets.at("vault").verdict, Verdict::refuse);
  EXPECT_EQ(report.plan.targets.at("console").verdict, Verdict::run);
  EXPECT_EQ(plant.console.world.members("lab-ops"), (std::set<std::string>{"zoe"}));
}

TEST_F(GivenFailedRead, WhenTheDirectoryOfBothIsDownThenNothingIsWrittenAndNothingForgotten) {
  settle();
  plant.corp.world.drop_person("bob");
  plant.corp.presences[EntryId{"p-bob"}] = Presence::unknown;
  plant.run();
  plant.corp.failure = down;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(plant.journal.last_counts("corp").value()->people, 2);
  // The failed read neither counts as an absence nor starts the count over.
  plant.corp.failure.reset();
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenFailedRead, WhenARuleOfASecondDirectoryFeedsTheTargetThenItIsRefusedToo) {
  fake::FakeDirectory lab;
  lab.world.name = "lab";
  lab.failure = down;
  plant.setup.directories.push_back({.name = "lab", .directory = &lab, .normalized_base = fake::kBase});
  plant.setup.rules.push_back(fake::rule("lab", "vault"));
  plant.setup.rules.back().directory = "lab";
  auto const report = plant.run();
  EXPECT_EQ(report.plan.targets.at("vault").verdict, Verdict::refuse);
  EXPECT_EQ(report.plan.targets.at("console").verdict, Verdict::run);
  EXPECT_THAT(plant.vault.calls, IsEmpty());
}

struct GivenBand : GivenPlant {
  void SetUp() override {
    for (int n = 0; n < 20; ++n) plant.corp.world.person("p" + std::to_string(100 + n));
    GivenPlant::SetUp();
    settle();
  }
  void drop(int count) {
    for (int n = 0; n < count; ++n) plant.corp.world.drop_person(plant.corp.world.people.rbegin()->first);
  }
};

TEST_F(GivenBand, WhenCountsStayWithinItThenRead) {
  drop(4);
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenBand, WhenCountsLeaveItThenRefusedUntilAccepted) {
  drop(5);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_THAT(report.plan.targets.at("vault").reasons.at(0).text,
              HasSubstr("band: directory corp gave 18 people"));
  EXPECT_EQ(plant.run().exit, Exit::unread);
  plant.request.accept_band = true;
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.request.accept_band = false;
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenBand, WhenCountsGrowThenReadHoweverMuch) {
  for (int n = 0; n < 50; ++n) plant.corp.world.person("n" + std::to_string(n));
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenBand, WhenTheLastGroupVanishesThenRefusedHoweverSmall) {
  plant.corp.world.drop_group("ops");
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenPlant, WhenAPersonAnswersNoThenNothingIsWritten) {
  plant.request.proceed = [](Plan const& plan) { return plan.changes.empty(); };
  auto const report = plant.run();
  EXPECT_TRUE(report.declined);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(report.exit, Exit::pending);
}

TEST_F(GivenPlant, WhenCutThenOnlyThatPartIsWrittenAndTheRestIsNotInOrder) {
  plant.corp.world.group("web", {"ann"});
  plant.request.cut.group = "web";
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.find_group("ops"), nullptr);
  EXPECT_EQ(plant.vault.world.members("web"), (std::set<std::string>{"ann"}));
  EXPECT_THAT(plant.journal.runs.at(0).succeeded, IsEmpty());
  EXPECT_FALSE(plant.journal.rule_memory("vault").value());
}

TEST_F(GivenPlant, WhenCutToWhatNothingHasThenThatIsSaid) {
  auto const unknown = [this](std::string const& group, std::string const& user) {
    plant.request.cut.group = group;
    plant.request.cut.user = user;
    return plant.run().unknown_names;
  };
  EXPECT_THAT(unknown("opz", "bobb"),
              ElementsAre(testing::HasSubstr("\"opz\""), testing::HasSubstr("\"bobb\"")));
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(unknown("OPS", "Bob"), IsEmpty());
  EXPECT_THAT(unknown("", plant.corp.world.people.at("cid").dn), IsEmpty());
  plant.vault.world.user("auditor");
  EXPECT_THAT(unknown("", "auditor"), IsEmpty());
  plant.vault.read_failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  EXPECT_THAT(unknown("opz", "bobb"), IsEmpty()) << "the Vault may have them";
}

TEST_F(GivenPlant, WhenCutToAPersonThenTheirGroupIsMadeForThem) {
  plant.request.cut.user = "bob";
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"bob"}));
}

TEST_F(GivenPlant, WhenAGroupIsAdoptedThenItsMembersAreOursAndLeaveWithTheirValues) {
  plant.vault.world.group("ops", {"ann", "bob", "cid"});
  plant.rule("vault").adopt = true;
  settle();
  EXPECT_THAT(plant.journal.managed("vault").value().grants, SizeIs(2));
  EXPECT_THAT(plant.audit("change"), Contains("vault adopt ops ann done"));
  plant.corp.world.leave("ops", "ann");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops"), (std::set<std::string>{"bob", "cid"}));
}

TEST_F(GivenPlant, WhenAPersonWaitsForAProvisionThenTheTargetsNameIsRemembered) {
  plant.setup.targets[0].domains[""] = "example.com";
  plant.corp.world.person("new");
  plant.corp.world.join("ops", "new");
  settle();
  EXPECT_THAT(plant.vault.world.members("ops"), Contains("new"));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.writes(), 0U);
  plant.corp.world.leave("ops", "new");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.world.members("ops"), Not(Contains("new")));
}

TEST_F(GivenPlant, WhenAMappingIsMisspeltThenThePlanSaysSoAndNothingIsSent) {
  plant.setup.targets[0].domains[""] = "exmaple.com";
  plant.vault.domains.emplace()["example.com"];
  plant.corp.world.person("new");
  plant.corp.world.join("ops", "new");
  auto const report = plant.plan_only();
  EXPECT_THAT(report.plan.targets.at("vault").notices,
              Contains(AllOf(Field(&Notice::code, "waiting"), Field(&Notice::principal, "new"),
                             Field(&Notice::text, HasSubstr("no directory mapping exmaple.com")))));
  settle();
  EXPECT_THAT(plant.vault.world.members("ops"), Not(Contains("new")));
}

TEST_F(GivenPlant, WhenTheTargetDoesNotTellItsMappingsThenThePlanSaysSoAndGoesOn) {
  plant.setup.targets[0].domains[""] = "example.com";
  plant.vault.tells_mappings = false;
  plant.corp.world.person("new");
  plant.corp.world.join("ops", "new");
  EXPECT_THAT(plant.plan_only().plan.targets.at("vault").notices,
              Contains(AllOf(Field(&Notice::code, "unchecked-mapping"),
                             Field(&Notice::text, HasSubstr("only its administrators may ask")))));
  settle();
  EXPECT_THAT(plant.vault.world.members("ops"), Contains("new"));
}

TEST_F(GivenPlant, WhenASourceIsRenamedThenTheGroupFollowsAndStays) {
  settle();
  plant.corp.world.groups.at("ops").attributes["cn"] = "operations";
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_THAT(plant.vault.sent(), ElementsAre("rename-group ops"));
  EXPECT_EQ(plant.vault.world.members("operations").size(), 2U);
  plant.forget_calls();
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(plant.journal.managed("vault").value().groups.at(0).group, "operations");
}

}  // namespace
}  // namespace dirsync::engine
