// Runs of leavers: people who came to a directory's group. Whatever might hold a whole run, or is not that
// simple, stays for it.
#include <functional>

#include "tests/unit/engine/vault_in_sync.hpp"

namespace dirsync::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

/// ops {ann, bob, cid}, web {ann, dan}.
struct GivenSomebodyWhoJoinsAGroup : GivenAVaultInSync {
  fake::DirectoryWorld& directory() { return plant.corp.world; }
  /// As SetUp() leaves it, with what the test made of the world.
  void begin_anew() {
    whole_run();
    plant.journal.audit.clear();
    plant.forget_calls();
  }
  void set_rule(std::function<void(Rule&)> const& change) {
    change(plant.rule("vault"));
    plant.accept_settings();
    begin_anew();
  }
  void expect_added() {
    auto const report = tell({"@ops"});
    ASSERT_TRUE(report);
    EXPECT_THAT(outcomes(*report), ElementsAre("vault add ops dan: done"));
  }
};

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheirGroupIsToldThenTheyJoinItsTargetAndNothingElse) {
  directory().join("ops", "dan");
  auto const reads = vault.reads, whole_reads = plant.corp.reads;
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit, Exit::done);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault add ops dan: done"));
  EXPECT_THAT(members("ops"), UnorderedElementsAre("ann", "bob", "cid", "dan"));
  EXPECT_EQ(vault.reads, reads) << "only some of the target is read";
  EXPECT_EQ(plant.corp.reads, whole_reads);
  ASSERT_THAT(vault.partial_reads, SizeIs(1));
  EXPECT_THAT(vault.partial_reads.front().users, ElementsAre(id_of("dan")));
  EXPECT_THAT(vault.partial_reads.front().groups, ElementsAre(vault.world.find_group("ops")->id));
  EXPECT_THAT(plant.corp.asked_for, ElementsAre(EntryId{"p-dan"}));
  EXPECT_EQ(plant.journal.runs.back().start.trigger, "leavers");
  EXPECT_THAT(plant.audit("change"), ElementsAre("vault add ops dan done"));
  plant.forget_calls();
  EXPECT_THAT(whole_run().plan.changes, IsEmpty());
}

/// Who leaves does not wait for the list of a group that nobody joins.
TEST_F(GivenSomebodyWhoJoinsAGroup, WhenSomebodyLeavesAnotherOneThenOnlyTheJoinedOneIsReadWithEverybody) {
  directory().join("ops", "dan");
  directory().leave("web", "ann");
  auto const report = tell({"@ops", "@web"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report),
              UnorderedElementsAre("vault add ops dan: done", "vault remove web ann: done"));
  ASSERT_THAT(vault.partial_reads, SizeIs(1));
  auto const& read = vault.partial_reads.front();
  EXPECT_THAT(read.groups, SizeIs(2));
  EXPECT_THAT(read.joining, ElementsAre(id_of("dan")));
  ASSERT_THAT(read.members, SizeIs(1));
  EXPECT_EQ(read.members.begin()->first, vault.world.find_group("web")->id);
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenAGroupOfTheTargetBearsTheirNameByNowThenNothing) {
  vault.world.group("Dan");
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
  EXPECT_THAT(members("ops"), UnorderedElementsAre("ann", "bob", "cid"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenPlannedThenAsARunThatReadsEverythingWould) {
  directory().join("ops", "dan");
  auto const whole = plant.plan_only();
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->plan.changes, whole.plan.changes);
  EXPECT_EQ(report->plan.digest, whole.plan.digest);
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenToldOnceMoreThenNothingIsSentAndTheyCanLeave) {
  directory().join("ops", "dan");
  expect_added();
  vault.forget_calls();
  expect_nothing({"@ops"});
  directory().leave("ops", "dan");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops dan: done"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenAPersonIsToldOfWhoIsNewThenTheyJoin) {
  directory().join("ops", "dan");
  directory().person("eve");
  auto const report = tell({"@ops", "eve"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault add ops dan: done"));
}

/// It may come to feed what another one feeds, and then the whole run waits for a person.
TEST_F(GivenSomebodyWhoJoinsAGroup, WhenAGroupIsToldOfThatIsNewThenNothingNorLater) {
  directory().group("new", {"bob"});
  expect_nothing({"@new"});
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
  expect_nothing({"@ops"});
}

/// all {@ops}, far {@all}.
struct GivenNestedGroupsToJoin : GivenSomebodyWhoJoinsAGroup {
  void SetUp() override {
    GivenSomebodyWhoJoinsAGroup::SetUp();
    directory().group("all", {"@ops"});
    directory().group("far", {"@all"});
    begin_anew();
    directory().join("ops", "dan");
  }
};

TEST_F(GivenNestedGroupsToJoin, WhenTheyJoinTheNestedOneThenThoseAboveAsWell) {
  auto const whole = plant.plan_only();
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report),
              ElementsAre("vault add all dan: done", "vault add far dan: done", "vault add ops dan: done"));
  EXPECT_EQ(report->plan.changes, whole.plan.changes);
  vault.forget_calls();
  expect_nothing({"@ops"});
  directory().leave("ops", "dan");
  EXPECT_TRUE(tell({"@ops"}));
  EXPECT_THAT(members("far"), UnorderedElementsAre("ann", "bob", "cid"));
}

TEST_F(GivenNestedGroupsToJoin, WhenItIsNestedThereNoMoreThenNotThere) {
  directory().leave("far", "@all");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault add all dan: done", "vault add ops dan: done"));
}

TEST_F(GivenNestedGroupsToJoin, WhenTheRuleDoesNotGoAsFarThenNotThere) {
  directory().leave("ops", "dan");
  set_rule([](Rule& rule) { rule.max_depth = 1; });
  directory().join("ops", "dan");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault add all dan: done", "vault add ops dan: done"));
}

TEST_F(GivenNestedGroupsToJoin, WhenOneAboveGivesAnotherNameThenNotThere) {
  directory().groups.at("all").attributes["cn"] = "everybody";
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault add far dan: done", "vault add ops dan: done"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyHaveNoUserThenNothing) {
  directory().person("eve");
  begin_anew();
  directory().join("ops", "eve");
  expect_nothing({"@ops"});
  vault.world.ldap_user("eve");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTwoUsersHaveTheirDnThenNothing) {
  vault.world.user("dan2", fake::dn_of_person("dan"));
  begin_anew();
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheirUserWasRenamedThenNothing) {
  vault.world.find_user("dan")->name = "daniel";
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheirUserStandsForSomebodyElseByNowThenNothing) {
  vault.world.find_user("dan")->dn = fake::dn_of_person("zoe");
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheirUserIsProtectedThenNothing) {
  vault.world.find_user("dan")->protected_because = "built in";
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyAreDisabledThenNothing) {
  directory().disable("dan");
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyMovedThenNothing) {
  directory().join("ops", "dan");
  directory().people.at("dan").dn = "uid=dan,ou=former,dc=x";
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyAreGoneThenNothing) {
  directory().join("ops", "dan");
  directory().people.erase("dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheRuleExcludesThemThenNothing) {
  set_rule([](Rule& rule) { rule.exclude_people = fake::filter("(employeeType=external)"); });
  directory().people.at("dan").attributes["employeeType"] = "external";
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
  directory().people.at("dan").attributes.erase("employeeType");
  expect_added();
}

/// Or it is there, and our account may not see it any more: the next whole read would be refused for that.
TEST_F(GivenSomebodyWhoJoinsAGroup, WhenWhatDisabledThemIsThereNoMoreThenOnlyTheWholeRunAddsThem) {
  directory().disable("dan");
  begin_anew();
  directory().people.at("dan").attributes.erase("employeeType");
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
  begin_anew();
  EXPECT_TRUE(members("ops").contains("dan"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenWhatExcludedThemIsThereNoMoreThenOnlyTheWholeRunAddsThem) {
  directory().people.at("dan").attributes["employeeType"] = "external";
  set_rule([](Rule& rule) { rule.exclude_people = fake::filter("(employeeType=external)"); });
  directory().people.at("dan").attributes.erase("employeeType");
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
  begin_anew();
  EXPECT_TRUE(members("ops").contains("dan"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheRuleExcludesGroupsThenNothing) {
  set_rule([](Rule& rule) { rule.exclude = {fake::dn_of_group("web")}; });
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheGroupIsTheMemberItselfThenNothing) {
  set_rule([](Rule& rule) { rule.as = MembersAs::group; });
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTwoGroupsFeedTheTargetGroupThenNothing) {
  directory().group("more", {"ann"}).attributes["cn"] = "ops";
  set_rule([](Rule& rule) { rule.on_collision = OnCollision::unite; });
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheRulesSettingsChangedThenNothing) {
  plant.rule("vault").exclude_people = fake::filter("(uid=ann)");
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheGroupGivesAnotherNameThenNothing) {
  directory().groups.at("ops").attributes["cn"] = "operators";
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheTargetGroupBearsAnotherNameThenNothing) {
  vault.world.find_group("ops")->name = "operators";
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTwoGroupsOfOursBearEachOthersNamesThenNothing) {
  std::swap(vault.world.find_group("ops")->name, vault.world.find_group("web")->name);
  begin_anew();
  directory().join("web", "bob");
  expect_nothing({"@web"});
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheTargetGroupIsProtectedThenNothing) {
  vault.world.find_group("ops")->protected_because = "built in";
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheTargetGroupIsHiddenThenNothing) {
  vault.hidden.insert("ops");
  begin_anew();
  vault.hidden.clear();
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyAreAMemberAlreadyThenNothing) {
  vault.world.add("ops", "dan");
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheTargetCannotBeReadThenNothing) {
  vault.read_failure = Error{make_error_code(boost::system::errc::connection_reset), "down"};
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheLastWholeRunHadNoPartOfTheTargetThenNothing) {
  books.targets.clear();
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenAnotherServerAnswersThenNothing) {
  directory().change_numbers = {.source = "another", .values = {{"", "1"}}};
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenALimitWouldBeExceededThenNothing) {
  plant.setup.limits.additions = PercentLimit::exactly(0);
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

/// So that many small runs add no more than one whole run might.
TEST_F(GivenSomebodyWhoJoinsAGroup, WhenSeveralRunsComeToALimitThenTheNextAddsNothing) {
  plant.setup.limits.additions = PercentLimit::exactly(1);
  directory().join("ops", "dan");
  expect_added();
  vault.forget_calls();
  directory().join("web", "bob");
  expect_nothing({"@web"});
  whole_run();
  EXPECT_THAT(members("web"), UnorderedElementsAre("ann", "bob", "dan")) << "the whole run counts for itself";
}

/// Two groups feed "both", so that it is for the whole run.
TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheWholeRunWouldAddMoreThanItMayThenNothing) {
  directory().group("one", {"@ops"}).attributes["cn"] = "both";
  directory().group("two", {"ann"}).attributes["cn"] = "both";
  set_rule([](Rule& rule) { rule.on_collision = OnCollision::unite; });
  plant.setup.limits.additions = PercentLimit::exactly(1);
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenALimitIsInPerCentThenOfWhatWasThereAtTheLastWholeRun) {
  plant.setup.limits.additions = {.off = false, .percent = 34, .at_least = 0, .at_most = std::nullopt};
  directory().join("ops", "dan");
  expect_added();  // one of five; two would be allowed of six
  vault.forget_calls();
  directory().join("web", "bob");
  expect_nothing({"@web"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenLimitsNamePrivilegedGroupsThenNothing) {
  plant.setup.limits.privileged.names = {"OPS"};
  plant.setup.limits.privileged.additions = 10;
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyWereOverALimitThenNobodyElseJoinsEither) {
  plant.setup.limits.additions = PercentLimit::exactly(1);
  directory().join("ops", "dan");
  directory().join("web", "bob");
  expect_nothing({"@ops", "@web"});
  expect_nothing({"@web"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheTargetIsFrozenThenNothingUnlessForRemovalsAlone) {
  plant.journal.frozen = {{.target = "vault", .reason = "", .actor = ""}};
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
  plant.journal.frozen.front().removals_alone = true;
  expect_added();
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenSomethingIsBlockedInTheGroupThenNothing) {
  Blocked stranger;
  stranger.change.target = "vault";
  stranger.change.verb = Verb::remove;
  stranger.change.group = "ops";
  stranger.change.group_id = vault.world.find_group("ops")->id;
  stranger.change.principal = "dan@other";
  stranger.code = "stranger";
  ASSERT_TRUE(plant.journal.replace_blocked(RunId{1}, PlanDigest{"x"}, "vault", "tester", {&stranger, 1}));
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyAreSetAsideThenNothing) {
  SetAside const failed{.target = "vault",
                        .group = "ops",
                        .principal = "dan",
                        .reason = "refused",
                        .attempts = 10,
                        .next_try = plant.clock.time + std::chrono::hours{1}};
  ASSERT_TRUE(plant.journal.replace_set_aside("vault", {&failed, 1}));
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenAPlanWaitsThenNothing) {
  StoredPlan waiting;
  waiting.digest = PlanDigest{std::string(64, 'a')};
  ASSERT_TRUE(plant.journal.hold_plan(waiting));
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenSomethingWasTakenBackThereThenNothing) {
  Undone undone;
  undone.change.target = "vault";
  undone.change.verb = Verb::add;
  undone.change.group = "web";
  undone.change.principal = "bob";
  ASSERT_TRUE(plant.journal.replace_undone("vault", {&undone, 1}));
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheMembershipFlappedThenNothing) {
  directory().leave("web", "dan");
  begin_anew();
  plant.setup.limits.flaps = Limits::Flaps{.count = 1, .within = std::chrono::hours{6}};
  directory().join("web", "dan");
  expect_nothing({"@web"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheLastWholeRunLeftSomethingThenNothing) {
  directory().join("web", "bob");
  vault.fate = [](Change const&) { return Fate::fails; };
  begin_anew();
  vault.fate = [](Change const&) { return Fate::works; };
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenAnotherGroupIsGoneThenNothingNorLater) {
  directory().join("ops", "dan");
  directory().groups.erase("web");
  expect_nothing({"@ops", "@web"});
  expect_nothing({"@ops"});
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheTargetRefusesThenItIsLeftToTheWholeRun) {
  vault.fate = [](Change const&) { return Fate::fails; };
  directory().join("ops", "dan");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit, Exit::failed);
  vault.fate = [](Change const&) { return Fate::works; };
  vault.forget_calls();
  expect_nothing({"@ops"});
  whole_run();
  EXPECT_THAT(members("ops"), UnorderedElementsAre("ann", "bob", "cid", "dan"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheyMayNotJoinThenWhoLeavesGoesAllTheSame) {
  plant.setup.limits.additions = PercentLimit::exactly(0);
  directory().join("ops", "dan");
  directory().leave("ops", "bob");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops bob: done"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenTheirAdditionFailsThenWhoLeavesGoesAllTheSame) {
  vault.fate = [](Change const& change) { return change.verb == Verb::add ? Fate::fails : Fate::works; };
  directory().join("ops", "dan");
  directory().leave("ops", "bob");
  directory().disable("cid");
  auto const report = tell({"@ops", "cid"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops cid: done", "vault add ops dan: failed",
                                             "vault remove ops bob: done"));
}

/// Additions of before count in no limit of who leaves.
TEST_F(GivenSomebodyWhoJoinsAGroup, WhenMoreJoinedThanMayByNowThenWhoLeavesGoes) {
  directory().join("ops", "dan");
  expect_added();
  plant.setup.limits.additions = PercentLimit::exactly(0);
  directory().leave("ops", "bob");
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(outcomes(*report), ElementsAre("vault remove ops bob: done"));
}

TEST_F(GivenSomebodyWhoJoinsAGroup, WhenAskedToStopThenNothing) {
  plant.stop.request_stop();
  directory().join("ops", "dan");
  expect_nothing({"@ops"});
}

struct GivenManyWhoMayJoin : GivenSomebodyWhoJoinsAGroup {
  std::vector<std::string> uids;
  void SetUp() override {
    for (int n = 0; n < 26; ++n) uids.push_back("m" + std::to_string(n));
    plant.people(uids);
    GivenSomebodyWhoJoinsAGroup::SetUp();
  }
};

TEST_F(GivenManyWhoMayJoin, WhenMoreCameThanOneLookAddsThenNothing) {
  for (auto const& uid : uids) directory().join("ops", uid);
  expect_nothing({"@ops"});
}

TEST_F(GivenManyWhoMayJoin, WhenAFewCameThenThey) {
  uids.resize(25);
  for (auto const& uid : uids) directory().join("ops", uid);
  auto const report = tell({"@ops"});
  ASSERT_TRUE(report);
  EXPECT_THAT(report->outcomes, SizeIs(25));
  EXPECT_EQ(report->exit, Exit::done);
}

/// Where the same people may have entries.
struct GivenTwoDirectories : GivenSomebodyWhoJoinsAGroup {
  fake::FakeDirectory other;
  void SetUp() override {
    other.world.name = "other";
    other.world.person("eve").id = "o-eve";
    other.world.people.at("eve").dn = "uid=eve,ou=people,dc=other";
    plant.setup.directories.push_back(
        {.name = "other",
         .directory = &other,
         .normalized_base = "dc=other",
         .policy = {.disabled = fake::filter("(employeeType=disabled)"), .join = join}});
    plant.setup.directories[0].policy.join = join;
    GivenSomebodyWhoJoinsAGroup::SetUp();
    directory().join("ops", "dan");
  }
  std::string join;
};
struct GivenJoinedDirectories : GivenTwoDirectories {
  GivenJoinedDirectories() { join = "mail"; }
};

TEST_F(GivenTwoDirectories, WhenNobodyIsJoinedThenTheyAreAdded) { expect_added(); }
TEST_F(GivenJoinedDirectories, WhenTheyMayHaveAnotherEntryThenNothing) { expect_nothing({"@ops"}); }
TEST_F(GivenTwoDirectories, WhenTheOtherCannotBeReadThenNothing) {
  other.failure = Error{make_error_code(boost::system::errc::connection_reset), "down"};
  expect_nothing({"@ops"});
}

}  // namespace
}  // namespace dirsync::engine
