// What is there becomes ours because a person says so, and nothing is sent for it.
#include "sync/engine/claim/claim.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;
using Members = std::set<std::string>;

/// A Vault whose group ops somebody else made: ann, whom the rule wants, cid, whom it does not, and svc, who
/// is no LDAP user. bob is wanted and not in it.
struct GivenAGroupOfOthers : testing::Test {
  Plant plant;
  fake::TargetWorld& vault = plant.vault.world;

  void SetUp() override {
    plant.setup.rules.pop_back();
    plant.setup.targets.pop_back();
    plant.people({"ann", "bob", "cid"});
    vault.user("svc", "", UserSource::local);
    plant.corp.world.group("ops", {"ann", "bob"});
    vault.group("ops", {"ann", "cid", "svc"});
  }

  static ClaimRequest taking(plan::TakeOver asked) {
    ClaimRequest request;
    request.what = std::move(asked);
    request.code = "adopt";
    request.command = "adopt";
    return request;
  }
  Report claim(ClaimRequest request) {
    request.run.apply = true;
    request.run.trigger = "adopt";
    request.run.actor = "jane";
    std::optional<Result<Report>> result;
    boost::asio::co_spawn(plant.io, engine::claim(plant.setup, std::move(request), {}),
                          [&result](std::exception_ptr failure, Result<Report> report) {
                            if (failure) std::rethrow_exception(failure);
                            result.emplace(std::move(report));
                          });
    plant.io.restart();
    plant.io.run();
    EXPECT_TRUE(result->has_value());
    return result->has_value() ? std::move(**result) : Report{};
  }
  /// Looks at the plan, and approves just that.
  Report claim_approved(ClaimRequest request) {
    auto const held = claim(request);
    EXPECT_EQ(held.exit, Exit::held);
    request.run.approve = held.plan.digest;
    return claim(std::move(request));
  }
  std::vector<std::string> granted() {
    std::vector<std::string> names;
    for (auto const& grant : plant.journal.managed("vault").value().grants) names.push_back(grant.principal);
    return names;
  }
  std::vector<ManagedGroup> managed() { return plant.journal.managed("vault").value().groups; }
  static std::vector<std::string> notices(Report const& report) {
    std::vector<std::string> words;
    for (auto const& notice : report.plan.targets.at("vault").notices)
      words.push_back(notice.code + " " + notice.group + " " + notice.principal);
    return words;
  }
  /// Runs until nobody waits for a further read.
  Members after_runs() {
    for (int run = 0; run < 3; ++run) plant.run();
    return vault.members("ops");
  }
};

TEST_F(GivenAGroupOfOthers, WhenToBeTakenOverThenHeldWithEveryClaimAndNothingIsSentOrKept) {
  auto const report = claim(taking({.rule = "vault"}));
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_EQ(report.plan.verdict, Verdict::hold);
  EXPECT_THAT(outcomes(report), ElementsAre("vault adopt ops: planned", "vault adopt ops ann: planned"));
  ASSERT_THAT(report.plan.reasons, SizeIs(1));
  EXPECT_EQ(report.plan.reasons[0].code, "adopt");
  EXPECT_THAT(report.plan.reasons[0].text, HasSubstr("1 group and 1 membership"));
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_THAT(managed(), IsEmpty());
  EXPECT_THAT(plant.journal.held_plans().value(), SizeIs(1));
}

TEST_F(GivenAGroupOfOthers, WhenApprovedThenTheGroupAndWhoIsWantedAreOursWithARowEach) {
  auto const report = claim_approved(taking({.rule = "vault"}));
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(outcomes(report), ElementsAre("vault adopt ops: done", "vault adopt ops ann: done"));
  EXPECT_THAT(granted(), ElementsAre("ann"));
  ASSERT_THAT(managed(), SizeIs(1));
  EXPECT_FALSE(managed()[0].created_by_us);
  EXPECT_THAT(plant.audit("change"), ElementsAre("vault adopt ops done", "vault adopt ops ann done"));
  EXPECT_EQ(plant.journal.audit.back().actor, "jane");
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(after_runs(), (Members{"ann", "bob", "cid", "svc"}));
}

TEST_F(GivenAGroupOfOthers, WhenItTakesTwoPeopleThenTheFirstAloneTakesNothingOver) {
  plant.setup.limits.approvals = 2;
  auto request = taking({.rule = "vault"});
  request.run.approve = claim(request).plan.digest;
  auto const first = claim(request);
  EXPECT_TRUE(first.approval_short);
  EXPECT_EQ(first.exit, Exit::held);
  EXPECT_THAT(granted(), IsEmpty());
  ASSERT_TRUE(plant.journal.decide_plan({.digest = first.plan.digest,
                                         .actor = "jim",
                                         .time = plant.clock.now(),
                                         .valid_from = plant.clock.now() - plant.setup.limits.approval_ttl}));
  request.run.approve.reset();
  EXPECT_EQ(claim(request).exit, Exit::done);
  EXPECT_THAT(granted(), ElementsAre("ann"));
}

TEST_F(GivenAGroupOfOthers, WhenChangesAreFrozenThenItIsTakenOverAllTheSameAsNothingIsSent) {
  Freeze freeze;
  freeze.reason = "an audit";
  freeze.since = plant.clock.now();
  plant.journal.frozen = {freeze};
  EXPECT_EQ(claim_approved(taking({.rule = "vault"})).exit, Exit::done);
  EXPECT_THAT(granted(), ElementsAre("ann"));
}

TEST_F(GivenAGroupOfOthers, WhenAllMembersAreTakenOverThenTheNextRunTakesOutWhomTheRuleDoesNotWant) {
  claim_approved(taking({.group = "OPS", .all_members = true}));
  EXPECT_THAT(granted(), ElementsAre("ann", "cid"));
  EXPECT_EQ(after_runs(), (Members{"ann", "bob", "svc"}));
}

TEST_F(GivenAGroupOfOthers, WhenAMemberIsNobodyWhoWasReadThenNotTakenOverAndTold) {
  vault.user("zoe", fake::dn_of_person("zoe"));
  vault.add("ops", "zoe");
  auto const report = claim(taking({.rule = "vault", .all_members = true}));
  EXPECT_THAT(outcomes(report), Not(Contains("vault adopt ops zoe: planned")));
  EXPECT_THAT(notices(report), Contains("unknown-person ops zoe"));
}

TEST_F(GivenAGroupOfOthers, WhenWhatWasApprovedIsAnotherPlanByNowThenNothingIsOurs) {
  auto request = taking({.rule = "vault"});
  request.run.approve = claim(request).plan.digest;
  vault.add("ops", "bob");
  auto const report = claim(request);
  EXPECT_TRUE(report.approval_stale);
  EXPECT_EQ(report.exit, Exit::held);
  EXPECT_THAT(managed(), IsEmpty());
}

TEST_F(GivenAGroupOfOthers, WhenApprovedBeforehandThenTheSameCommandTakesItOver) {
  auto const digest = claim(taking({.rule = "vault"})).plan.digest;
  ASSERT_TRUE(plant.journal.decide_plan({.digest = digest, .actor = "john", .time = plant.clock.now()}));
  EXPECT_EQ(claim(taking({.rule = "vault"})).exit, Exit::done);
  EXPECT_THAT(granted(), ElementsAre("ann"));
}

TEST_F(GivenAGroupOfOthers, WhenItIsProtectedThenRefusedWithTheReason) {
  vault.find_group("ops")->protected_because = "it is built in";
  auto const report = claim(taking({.group = "ops"}));
  EXPECT_EQ(report.exit, Exit::failed);
  ASSERT_THAT(report.plan.changes, SizeIs(1));
  ASSERT_TRUE(report.plan.changes[0].blocked);
  EXPECT_EQ(report.plan.changes[0].blocked->code, "protected");
  EXPECT_THAT(report.plan.changes[0].blocked->text, HasSubstr("it is built in"));
  EXPECT_THAT(managed(), IsEmpty());
}

TEST_F(GivenAGroupOfOthers, WhenAnotherGroupBearsItsNameThenRefused) {
  vault.group("ops");
  auto const report = claim(taking({.rule = "vault"}));
  EXPECT_EQ(report.exit, Exit::failed);
  ASSERT_THAT(report.plan.changes, SizeIs(1));
  ASSERT_TRUE(report.plan.changes[0].blocked);
  EXPECT_EQ(report.plan.changes[0].blocked->code, "ambiguous");
}

TEST_F(GivenAGroupOfOthers, WhenTwoRulesDisagreeOnItThenRefused) {
  auto other = fake::rule("other", "vault");
  other.delete_groups = DeleteGroups::when_empty;
  plant.setup.rules.push_back(std::move(other));
  auto const report = claim(taking({.rule = "vault"}));
  EXPECT_EQ(report.exit, Exit::failed);
  ASSERT_THAT(report.plan.changes, SizeIs(1));
  EXPECT_EQ(report.plan.changes[0].blocked->code, "rule-conflict");
}

TEST_F(GivenAGroupOfOthers, WhenNoRuleFeedsTheGroupThenToldAsUnknown) {
  vault.group("hands", {"ann"});
  EXPECT_THAT(claim(taking({.group = "hands"})).unknown_names, ElementsAre(HasSubstr("\"hands\"")));
}

TEST_F(GivenAGroupOfOthers, WhenItIsOursAlreadyThenNothingIsLeftToTakeOver) {
  claim_approved(taking({.rule = "vault"}));
  auto const again = claim(taking({.rule = "vault"}));
  EXPECT_EQ(again.exit, Exit::done);
  EXPECT_THAT(again.plan.changes, IsEmpty());
  EXPECT_THAT(notices(again), Contains("ours-already ops "));
}

TEST_F(GivenAGroupOfOthers, WhenItBearsOurMarkThenRecoveredAsMadeByUsAndOthersAreNot) {
  vault.group("web", {"ann"});
  plant.corp.world.group("web", {"ann"});
  vault.find_group("ops")->marked = true;
  auto request = taking({.only_marked = true});
  request.code = "recover";
  claim_approved(request);
  ASSERT_THAT(managed(), SizeIs(1));
  EXPECT_EQ(managed()[0].group, "ops");
  EXPECT_TRUE(managed()[0].created_by_us);
  EXPECT_THAT(granted(), ElementsAre("ann"));
}

/// The same, and an export says that it was ours, with ann, bob and cid in it.
struct GivenAGroupThatWasOurs : GivenAGroupOfOthers {
  plan::Remembered remembered;

  void SetUp() override {
    GivenAGroupOfOthers::SetUp();
    plan::RememberedGroup group{.group = {.group_id = "",
                                          .group = "ops",
                                          .rule = "vault",
                                          .created_by_us = true,
                                          .sources = {EntryId{"g-ops"}}},
                                .is_renamed = false,
                                .grants = {}};
    for (auto const* uid : {"ann", "bob", "cid"}) group.grants.push_back(by_name(uid));
    remembered.groups.push_back(std::move(group));
  }
  static Grant by_name(std::string const& uid) {
    Grant grant;
    grant.group = "ops";
    grant.principal = uid;
    grant.id = EntryId{"p-" + uid};
    grant.dn = fake::dn_of_person(uid);
    grant.rule = "vault";
    return grant;
  }
  ClaimRequest recovering() const {
    ClaimRequest request;
    request.what = plan::RememberedByTarget{{"vault", remembered}};
    request.code = "recover";
    request.command = "recover";
    request.detail = "recovered from a file";
    request.needs_all_sides = true;
    return request;
  }
  std::vector<Grant>& grants() { return remembered.groups[0].grants; }
};

TEST_F(GivenAGroupThatWasOurs, WhenRecoveredThenOnlyWhoIsStillInItIsOursAndWhoLeftLeaves) {
  auto const report = claim_approved(recovering());
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(granted(), ElementsAre("ann", "cid"));
  EXPECT_THAT(notices(report), ElementsAre("ended ops bob"));
  EXPECT_EQ(plant.journal.audit[plant.journal.audit.size() - 2].detail, "recovered from a file");
  EXPECT_EQ(plant.writes(), 0U);
  EXPECT_EQ(after_runs(), (Members{"ann", "bob", "svc"}));
}

TEST_F(GivenAGroupThatWasOurs, WhenAPersonWasDeletedMeanwhileThenTheyLeaveOnceThatIsConfirmed) {
  plant.corp.world.drop_person("cid");
  claim_approved(recovering());
  EXPECT_THAT(granted(), ElementsAre("ann", "cid"));
  EXPECT_EQ(plant.run().exit, Exit::pending);
  EXPECT_EQ(after_runs(), (Members{"ann", "bob", "svc"}));
}

TEST_F(GivenAGroupThatWasOurs, WhenItDoesNotBearOurMarkThenNotAsMadeByUs) {
  claim_approved(recovering());
  EXPECT_FALSE(managed().at(0).created_by_us);
}

TEST_F(GivenAGroupThatWasOurs, WhenItBearsOurMarkThenAsMadeByUs) {
  vault.find_group("ops")->marked = true;
  claim_approved(recovering());
  EXPECT_TRUE(managed().at(0).created_by_us);
}

TEST_F(GivenAGroupThatWasOurs, WhenAUserHasTheNameOfAnotherPersonNowThenNotClaimed) {
  vault.find_user("cid")->dn = fake::dn_of_person("zoe");
  auto const report = claim_approved(recovering());
  EXPECT_THAT(granted(), ElementsAre("ann"));
  EXPECT_THAT(notices(report), Contains("ambiguous ops cid"));
}

TEST_F(GivenAGroupThatWasOurs, WhenTheDirectoryHasAnotherPersonUnderTheDnThenNotClaimed) {
  plant.corp.world.people.at("cid").id = "p-cid-again";
  claim_approved(recovering());
  EXPECT_THAT(granted(), ElementsAre("ann"));
}

TEST_F(GivenAGroupThatWasOurs, WhenALocalUserHasTheNameThenNotClaimed) {
  grants().push_back(by_name("svc"));
  auto const report = claim_approved(recovering());
  EXPECT_THAT(granted(), ElementsAre("ann", "cid"));
  EXPECT_THAT(notices(report), Contains("ambiguous ops svc"));
}

TEST_F(GivenAGroupThatWasOurs, WhenAStoreCopyNamesAnIdThatSomebodyElseHasNowThenNotClaimed) {
  auto& user = *vault.find_user("cid");
  grants()[2].principal_id = user.id;
  user.name = "zoe";
  user.dn = fake::dn_of_person("zoe");
  claim_approved(recovering());
  EXPECT_THAT(granted(), ElementsAre("ann"));
}

TEST_F(GivenAGroupThatWasOurs, WhenAStoreCopyNamesTheIdOfOneWhoWasRenamedThenClaimed) {
  auto& user = *vault.find_user("cid");
  grants()[2].principal_id = user.id;
  user.name = "cid@example.com";
  claim_approved(recovering());
  EXPECT_THAT(granted(), UnorderedElementsAre("ann", "cid@example.com"));
}

TEST_F(GivenAGroupThatWasOurs, WhenAnotherGroupBearsItsNameThenNothingIsClaimed) {
  vault.group("ops");
  auto const report = claim(recovering());
  EXPECT_THAT(report.plan.changes, IsEmpty());
  EXPECT_THAT(notices(report), ElementsAre("ambiguous ops "));
}

TEST_F(GivenAGroupThatWasOurs, WhenItIsProtectedThenNothingIsClaimed) {
  vault.find_group("ops")->protected_because = "it is built in";
  auto const report = claim(recovering());
  EXPECT_THAT(report.plan.changes, IsEmpty());
  EXPECT_THAT(notices(report), ElementsAre("protected ops "));
}

TEST_F(GivenAGroupThatWasOurs, WhenItIsGoneThenTold) {
  vault.observed.groups.clear();
  EXPECT_THAT(notices(claim(recovering())), ElementsAre("not-there ops "));
}

TEST_F(GivenAGroupThatWasOurs, WhenItWasRenamedAndNoRowTellsHowThenFoundByItsSource) {
  auto& group = remembered.groups[0];
  group.group.group = "operators";
  group.is_renamed = true;
  claim_approved(recovering());
  ASSERT_THAT(managed(), SizeIs(1));
  EXPECT_EQ(managed()[0].group, "ops");
}

TEST_F(GivenAGroupThatWasOurs, WhenASideCannotBeReadThenNothingIsClaimedEvenIfApproved) {
  auto request = recovering();
  request.run.approve = claim(request).plan.digest;
  plant.corp.failure = Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  EXPECT_EQ(claim(request).exit, Exit::unread);
  EXPECT_THAT(managed(), IsEmpty());
}

TEST_F(GivenAGroupThatWasOurs, WhenTheTrailSaysThatWhatTheStoreHasHadEndedThenForgotten) {
  claim_approved(recovering());
  remembered.groups[0].ended = {by_name("cid")};
  std::erase_if(grants(), [](Grant const& grant) { return grant.principal == "cid"; });
  vault.add("ops", "bob");
  claim_approved(recovering());
  EXPECT_THAT(granted(), ElementsAre("ann", "bob"));
  EXPECT_THAT(plant.audit("change"), Contains("vault forget ops cid done"));
  EXPECT_EQ(after_runs(), (Members{"ann", "bob", "cid", "svc"}));
}

TEST_F(GivenAGroupThatWasOurs, WhenItIsOursStillThenOnlyWhatIsMissingIsClaimed) {
  claim_approved(recovering());
  auto const again = claim(recovering());
  EXPECT_EQ(again.exit, Exit::done);
  EXPECT_THAT(again.plan.changes, IsEmpty());
}

}  // namespace
}  // namespace dirsync::engine
