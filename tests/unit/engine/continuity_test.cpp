// A read beside the last accepted one: band, change number, what a person takes as the new level.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sync/model/text.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::engine {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

struct GivenAcceptedRead : testing::Test {
  Plant plant;

  void SetUp() override {
    for (int n = 0; n < 20; ++n) plant.corp.world.person("p" + std::to_string(100 + n));
    plant.people({"ann", "bob"});
    plant.corp.world.group("ops", {"ann", "bob"});
    plant.corp.world.change_numbers = {"csn", {{"001", "20260101"}, {"002", "20260102"}}};
    ASSERT_EQ(plant.run().exit, Exit::done);
    plant.forget_calls();
  }
  void drop(int count) {
    for (int n = 0; n < count; ++n) plant.corp.world.drop_person(plant.corp.world.people.rbegin()->first);
  }
  void number(std::string const& origin, std::string const& value) {
    plant.corp.world.change_numbers.values[origin] = value;
  }
  static CertificateClause clause(Report const& report, std::string const& name) {
    for (auto const& one : report.certificates.at("corp").clauses)
      if (one.name == name) return one;
    return {name, false, "there is no such clause"};
  }
  static Reason reason(Report const& report) { return report.plan.targets.at("vault").reasons.at(0); }
  PlanDigest held_read() { return plant.journal.held_read("corp").value().value().digest; }
  void approve(PlanDigest const& digest) {
    ASSERT_TRUE(plant.journal.decide_plan({.digest = digest, .actor = "alice", .time = plant.clock.now()}));
  }
};

TEST_F(GivenAcceptedRead, WhenTheNextGoesOnThenTheCertificateHasBothFigures) {
  drop(1);
  number("002", "20260103");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_TRUE(clause(report, "band").holds);
  EXPECT_THAT(clause(report, "band").detail,
              AllOf(HasSubstr("groups 1 after 1 (band 20 %)"), HasSubstr("people 21 after 22"),
                    HasSubstr("member values 2 after 2 (band 30 %)")));
  EXPECT_TRUE(clause(report, "change-number").holds);
  EXPECT_THAT(clause(report, "change-number").detail, HasSubstr("csn: 001 20260101, 002 20260103"));
  EXPECT_EQ(report.certificates.at("corp").band.at(1).before, 22);
  EXPECT_EQ(report.certificates.at("corp").band.at(1).after, 21);
}

TEST_F(GivenAcceptedRead, WhenItIsTheFirstOfADirectoryThenItSaysSo) {
  Plant fresh;
  fresh.people({"ann"});
  auto const report = fresh.run();
  EXPECT_THAT(clause(report, "band").detail, AllOf(HasSubstr("people 1"), HasSubstr("first read")));
}

TEST_F(GivenAcceptedRead, WhenCountsLeaveTheBandThenTheFailedCertificateIsReportedAndStored) {
  drop(5);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_EQ(reason(report).code, "band");
  auto const& certificate = report.certificates.at("corp");
  EXPECT_FALSE(certificate.complete());
  ASSERT_NE(certificate.failing(), nullptr);
  EXPECT_EQ(certificate.failing()->name, "band");
  EXPECT_TRUE(clause(report, "result-codes").holds);
  EXPECT_TRUE(clause(report, "change-number").holds);
  EXPECT_THAT(plant.journal.runs.back().report_json,
              AllOf(HasSubstr("\"failing\":\"band\""), HasSubstr("\"before\":22,\"after\":17")));
}

TEST_F(GivenAcceptedRead, WhenOneServersNumberWentBackThenRefused) {
  plant.corp.world.leave("ops", "bob");
  number("001", "20260109");
  number("002", "20260101");
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_EQ(reason(report).code, "change-number");
  EXPECT_THAT(reason(report).text, AllOf(HasSubstr("002 20260102 before, 20260101 now"),
                                         HasSubstr("--accept-band"), Not(HasSubstr("001 2026"))));
  EXPECT_FALSE(clause(report, "change-number").holds);
  EXPECT_TRUE(clause(report, "band").holds);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenAcceptedRead, WhenAnOriginIsMissingThenRefused) {
  plant.corp.world.change_numbers.values.erase("002");
  EXPECT_THAT(reason(plant.run()).text, HasSubstr("002 20260102 before, nothing of that origin now"));
}

TEST_F(GivenAcceptedRead, WhenItWentBackAndAPersonAcceptsItThenThatIsTheNewLevel) {
  number("002", "20260101");
  EXPECT_EQ(plant.run().exit, Exit::unread);
  plant.request.accept_band = true;
  auto const accepted = plant.run();
  EXPECT_EQ(accepted.exit, Exit::done);
  EXPECT_TRUE(clause(accepted, "change-number").holds);
  EXPECT_THAT(clause(accepted, "change-number").detail, HasSubstr("accepted by a person (--accept-band)"));
  plant.request.accept_band = false;
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenAcceptedRead, WhenTheServerOffersNoneThenItHoldsAndNothingIsForgotten) {
  auto const before = plant.corp.world.change_numbers;
  plant.corp.world.change_numbers = {};
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_EQ(clause(report, "change-number").detail, "not offered by this server");
  plant.corp.world.change_numbers = before;
  number("001", "20250101");
  EXPECT_EQ(plant.run().exit, Exit::unread);
}

TEST_F(GivenAcceptedRead, WhenAnotherSourceAnswersThenItsNumbersAreComparedWithItsOwn) {
  plant.corp.world.change_numbers = {"usn of b", {{"", "5"}}};
  EXPECT_THAT(clause(plant.run(), "change-number").detail, HasSubstr("first read of it"));
  number("", "40");
  EXPECT_EQ(plant.run().exit, Exit::done);
  number("", "6");  // less than 40, though it sorts after it as text
  EXPECT_EQ(plant.run().exit, Exit::unread);
}

// A domain controller may not have heard yet of what another one said.
TEST_F(GivenAcceptedRead, WhenAnotherServerAnswersThenItsNextReadRemovesWhoLeft) {
  plant.corp.world.change_numbers = {"usn of b", {{"", "5"}}};
  plant.corp.world.leave("ops", "bob");
  EXPECT_THAT(clause(plant.run(), "change-number").detail, HasSubstr("another server than the last time"));
  EXPECT_EQ(plant.vault.world.members("ops").size(), 2U);
  plant.run();
  EXPECT_EQ(plant.vault.world.members("ops"), std::set<std::string>{"ann"});
}

TEST_F(GivenAcceptedRead, WhenAnotherServerAnswersThenALookAtItConfirmsNoAbsence) {
  plant.corp.world.change_numbers = {"usn of b", {{"", "5"}}};
  plant.corp.world.drop_person("bob");
  plant.run();
  EXPECT_EQ(plant.vault.world.members("ops").size(), 2U);
  plant.run();
  EXPECT_EQ(plant.vault.world.members("ops"), std::set<std::string>{"ann"});
}

TEST_F(GivenAcceptedRead, WhenADirectoryFailsThenWhatItHadProvenIsReported) {
  plant.corp.failure = Error{make_error_code(SnapshotErrc::canary), "the canary was not seen"};
  plant.corp.failed_proof.clauses = {{"result-codes", true, "5"}, {"canary", false, "cn=canary"}};
  auto const report = plant.run();
  EXPECT_EQ(reason(report).code, "canary");
  EXPECT_EQ(report.certificates.at("corp").failing()->name, "canary");
  EXPECT_TRUE(clause(report, "result-codes").holds);
}

TEST_F(GivenAcceptedRead, WhenASideTellsNothingOfItsFailureThenTheErrorIsTheClause) {
  plant.corp.failure = plant.vault.read_failure =
      Error{make_error_code(boost::system::errc::timed_out), "no answer"};
  auto const report = plant.run();
  for (auto const* side : {"corp", "vault"}) {
    ASSERT_NE(report.certificates.at(side).failing(), nullptr);
    EXPECT_THAT(report.certificates.at(side).failing()->detail, HasSubstr("no answer"));
  }
  EXPECT_TRUE(report.certificates.at("console").complete());
}

// --- how far counts may fall

struct GivenCompanyOfFour : testing::Test {
  Plant plant;
  GivenCompanyOfFour() {
    plant.people({"ann", "bob", "cid", "dan"});
    plant.corp.world.group("ops", {"ann", "bob", "cid", "dan"});
    plant.run();
    plant.forget_calls();
  }
  Exit after_hiding(std::vector<std::string> const& uids) {
    for (auto const& uid : uids) plant.corp.world.hidden.insert(fake::dn_of_person(uid));
    return plant.run().exit;
  }
};

TEST_F(GivenCompanyOfFour, WhenThreeAreHiddenThenTheReadIsDoubted) {
  EXPECT_EQ(after_hiding({"bob", "cid", "dan"}), Exit::unread);
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenCompanyOfFour, WhenNoMoreAreMissingThanAtLeastThenItIsRead) {
  EXPECT_NE(after_hiding({"cid", "dan"}), Exit::unread);
}

TEST_F(GivenCompanyOfFour, WhenAtLeastIsZeroThenTheFirstIsDoubted) {
  plant.setup.directories[0].policy.band.at_least = 0;
  EXPECT_EQ(after_hiding({"dan"}), Exit::unread);
}

TEST_F(GivenCompanyOfFour, WhenOnlyThePercentageIsZeroThenAtLeastStillCounts) {
  plant.setup.directories[0].policy.band = {.groups = 0, .users = 0, .values = 0, .at_least = 1};
  EXPECT_NE(after_hiding({"dan"}), Exit::unread);
  EXPECT_EQ(after_hiding({"dan", "cid", "bob"}), Exit::unread);
}

TEST(GivenCompanyOfTwoHundred, WhenAHundredJoinAGroupThenItIsRead) {
  Plant plant;
  for (int n = 0; n < 200; ++n) plant.people({"p" + std::to_string(1000 + n)});
  plant.corp.world.group("ops", {"p1000"});
  plant.run();
  for (int n = 1; n <= 100; ++n) plant.corp.world.join("ops", "p" + std::to_string(1000 + n));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops").size(), 101U);
}

// --- attributes that decide

/// 20 people, of whom five are disabled: members who got nothing.
struct GivenDisabledPeople : testing::Test {
  Plant plant;
  static std::string uid(int n) { return "p" + std::to_string(100 + n); }
  GivenDisabledPeople() {
    plant.setup.directories[0].policy.disabled = fake::filter("(employeeType=disabled)");
    auto& group = plant.corp.world.group("ops");
    for (int n = 0; n < 20; ++n) {
      plant.people({uid(n)});
      if (n < 5) plant.corp.world.disable(uid(n));
      group.values.push_back(fake::dn_of_person(uid(n)));
    }
    EXPECT_EQ(plant.run().exit, Exit::done);
    EXPECT_EQ(plant.vault.world.members("ops").size(), 15U);
    plant.forget_calls();
  }
  /// Of so many of the disabled.
  void hide(std::string const& attribute, int count) {
    for (int n = 0; n < count; ++n) plant.corp.world.people.at(uid(n)).attributes.erase(attribute);
  }
};

TEST_F(GivenDisabledPeople, WhenTheDecidingAttributeIsHiddenThenNobodyGetsAccessAgain) {
  hide("employeeType", 5);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  auto const& reason = report.plan.targets.at("vault").reasons.at(0);
  EXPECT_EQ(reason.code, "attributes");
  EXPECT_THAT(reason.text, AllOf(HasSubstr("showed employeetype of 0 people"), HasSubstr("read of 5"),
                                 HasSubstr("--accept-band"), HasSubstr("dirsyncd approve ")));
  EXPECT_EQ(report.certificates.at("corp").failing()->name, "attributes");
  EXPECT_EQ(plant.writes(), 0U);
}

TEST_F(GivenDisabledPeople, WhenAFewAreGoodAgainThenTheyGetAccess) {
  hide("employeeType", 2);
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.vault.world.members("ops").size(), 17U);
}

TEST_F(GivenDisabledPeople, WhenMoreThanTheBandAreGoodAgainThenAPersonAcceptsIt) {
  hide("employeeType", 3);
  EXPECT_EQ(plant.run().exit, Exit::unread);
  plant.request.accept_band = true;
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.request.accept_band = false;
  EXPECT_EQ(plant.vault.world.members("ops").size(), 18U);
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenDisabledPeople, WhenTheBandIsWideThenAFallToNothingIsStillDoubted) {
  plant.setup.directories[0].policy.band.users = 1000;
  hide("employeeType", 4);
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenDisabledPeople, WhenTheBandIsWideAndNobodyShowsItThenDoubted) {
  plant.setup.directories[0].policy.band.users = 1000;
  hide("employeeType", 5);
  EXPECT_EQ(plant.run().exit, Exit::unread);
}

TEST_F(GivenDisabledPeople, WhenTheFiguresAreApprovedThenTakenAndNoOthers) {
  hide("employeeType", 3);
  ASSERT_EQ(plant.run().exit, Exit::unread);
  auto const digest = plant.journal.held_read("corp").value().value().digest;
  ASSERT_TRUE(plant.journal.decide_plan({.digest = digest, .actor = "alice", .time = plant.clock.now()}));
  plant.setup.directories[0].policy.band.at_least = 1;
  hide("employeeType", 5);
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_NE(plant.journal.held_read("corp").value().value().digest, digest);
}

TEST_F(GivenDisabledPeople, WhenAnAttributeBeginsToDecideThenItsFirstReadIsTaken) {
  plant.rule("vault").exclude_people = fake::filter("(title=guest)");
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.journal.last_counts("corp").value()->attributes.at("title"), 0);
}

TEST_F(GivenDisabledPeople, WhenAllOfItsKindsDecideThenAllAreCounted) {
  plant.setup.directories[0].policy.join = "Mail";
  plant.rule("vault").member_name = fake::name_template("{cn}");
  plant.corp.world.groups.at("ops").uids = {uid(9)};
  plant.run();
  std::set<std::string> counted;
  auto const last = plant.journal.last_counts("corp").value();
  for (auto const& [name, entries] : last->attributes) counted.insert(name);
  EXPECT_EQ(counted, (std::set<std::string>{"cn", "employeetype", "mail", "uid"}));
}

/// A setting by which an attribute decides about people.
struct Deciding {
  char const *name, *attribute;
  void (*use)(Plant& plant);
};

class GivenAnAttributeThatDecides : public GivenDisabledPeople,
                                    public testing::WithParamInterface<Deciding> {};

TEST_P(GivenAnAttributeThatDecides, WhenNobodyShowsItAnyMoreThenTheReadIsNotAccepted) {
  std::string const attribute = GetParam().attribute;
  for (auto& [uid, person] : plant.corp.world.people) person.attributes[attribute] = uid;
  GetParam().use(plant);
  ASSERT_NE(plant.run().exit, Exit::unread);
  plant.forget_calls();
  hide(attribute, 20);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  auto const& reason = report.plan.targets.at("vault").reasons.at(0);
  EXPECT_EQ(reason.code, "attributes");
  EXPECT_THAT(reason.text, HasSubstr("showed " + ascii_lower(attribute) + " of 0 people"));
  EXPECT_EQ(plant.writes(), 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Settings, GivenAnAttributeThatDecides,
    testing::Values(
        Deciding{
            "exclude_people", "employeeNumber",
            [](Plant& plant) { plant.rule("vault").exclude_people = fake::filter("(employeeNumber=x*)"); }},
        Deciding{"join", "mail", [](Plant& plant) { plant.setup.directories[0].policy.join = "mail"; }},
        Deciding{"member_name", "cn",
                 [](Plant& plant) { plant.rule("console").member_name = fake::name_template("{cn}"); }},
        Deciding{"memberUid", "uid", [](Plant& plant) { plant.corp.world.groups.at("ops").uids = {"p109"}; }},
        Deciding{"account_states", "userAccountControl",
                 [](Plant& plant) {
                   plant.setup.directories[0].policy.disabled.reset();
                   plant.corp.world.account_rules.scheme = AccountScheme::active_directory;
                 }}),
    [](auto const& tested) { return std::string{tested.param.name}; });

// --- parts elsewhere

TEST_F(GivenAcceptedRead, WhenMorePartsLieElsewhereThenRefusedUntilAccepted) {
  plant.corp.world.ignored_referrals = 1;
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::unread);
  EXPECT_EQ(reason(report).code, "ignored-referrals");
  EXPECT_FALSE(clause(report, "ignored-referrals").holds);
  approve(held_read());
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_EQ(plant.run().exit, Exit::done);
  plant.corp.world.ignored_referrals = 0;
  EXPECT_EQ(plant.run().exit, Exit::done);
}

// --- approvals of a read

struct GivenReadOutOfBand : GivenAcceptedRead {
  PlanDigest digest;
  void SetUp() override {
    GivenAcceptedRead::SetUp();
    drop(5);
    auto const report = plant.run();
    ASSERT_EQ(report.exit, Exit::unread);
    digest = held_read();
    EXPECT_THAT(reason(report).text, HasSubstr("dirsyncd approve " + digest.value()));
  }
};

TEST_F(GivenReadOutOfBand, WhenNobodyDecidesThenItWaitsUnderTheSameDigest) {
  EXPECT_EQ(plant.plan_only().exit, Exit::unread);
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_EQ(held_read(), digest);
  ASSERT_THAT(plant.journal.held_plans().value(), SizeIs(1));
  EXPECT_THAT(plant.journal.held_plans().value()[0].document_json, HasSubstr("\"code\":\"band\""));
}

TEST_F(GivenReadOutOfBand, WhenApprovedThenTheNextRunTakesItOnce) {
  approve(digest);
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(clause(report, "band").detail,
              HasSubstr("accepted by approval " + digest.value() + " of alice"));
  EXPECT_EQ(plant.journal.find_plan(digest).value()->state, StoredPlan::State::applied);
  EXPECT_EQ(plant.journal.last_counts("corp").value()->people, 17);
  drop(5);
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_NE(held_read(), digest);
}

TEST_F(GivenReadOutOfBand, WhenTheReadMovedALittleSinceThenTheApprovalStillHolds) {
  approve(digest);
  drop(1);
  number("001", "20260201");
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenReadOutOfBand, WhenTheReadIsFarFromTheApprovedOneThenItWaitsAnew) {
  approve(digest);
  drop(8);
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_NE(held_read(), digest);
  EXPECT_EQ(plant.journal.find_plan(digest).value()->state, StoredPlan::State::superseded);
}

TEST_F(GivenReadOutOfBand, WhenTheNumberWentBackAsWellThenTheApprovalOfTheFiguresIsNotEnough) {
  approve(digest);
  number("001", "20250101");
  EXPECT_EQ(plant.run().exit, Exit::unread);
}

TEST_F(GivenReadOutOfBand, WhenTheApprovalIsTooOldThenRefused) {
  approve(digest);
  plant.clock.time += plant.setup.limits.approval_ttl;
  EXPECT_EQ(plant.run().exit, Exit::unread);
  approve(digest);
  EXPECT_EQ(plant.run().exit, Exit::done);
}

TEST_F(GivenReadOutOfBand, WhenRejectedThenRefused) {
  ASSERT_TRUE(plant.journal.decide_plan(
      {.digest = digest, .approves = false, .actor = "alice", .time = plant.clock.now()}));
  EXPECT_EQ(plant.run().exit, Exit::unread);
}

TEST_F(GivenReadOutOfBand, WhenApprovedInTheRunItselfThenDecidedAndTaken) {
  plant.request.approve = digest;
  plant.request.reason = "an office closed";
  auto const report = plant.run();
  auto const row = std::ranges::find(plant.journal.audit, std::string{"approve"}, &AuditRow::phase);
  ASSERT_NE(row, plant.journal.audit.end());
  EXPECT_EQ(row->detail, "an office closed");
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_FALSE(report.approval_stale);
  EXPECT_THAT(plant.audit("approve"), SizeIs(1));
}

TEST_F(GivenReadOutOfBand, WhenItTakesTwoPeopleThenWhoeverAcceptsItIsOneOfThem) {
  plant.setup.limits.approvals = 2;
  plant.request.accept_band = true;
  plant.request.actor = "uid:1 (jane)";
  EXPECT_EQ(plant.run().exit, Exit::unread);
  EXPECT_EQ(plant.run().exit, Exit::unread) << "once more is no second person";
  EXPECT_THAT(plant.audit("approve"), testing::ElementsAre("approved", "refused"));
  plant.request.actor = "uid:2 (jim)";
  auto const report = plant.run();
  EXPECT_EQ(report.exit, Exit::done);
  EXPECT_THAT(clause(report, "band").detail, HasSubstr("uid:1 (jane) and uid:2 (jim)"));
}

TEST_F(GivenReadOutOfBand, WhenItIsOnlyLookedAtThenAnApprovalInTheRequestDecidesNothing) {
  plant.request.approve = digest;
  EXPECT_EQ(plant.plan_only().exit, Exit::unread);
  EXPECT_THAT(plant.audit("approve"), IsEmpty());
}

TEST_F(GivenReadOutOfBand, WhenTheCountsComeBackThenNothingWaits) {
  for (int n = 0; n < 5; ++n) plant.corp.world.person("p" + std::to_string(200 + n));
  EXPECT_EQ(plant.run().exit, Exit::done);
  EXPECT_FALSE(plant.journal.held_read("corp").value());
  EXPECT_EQ(plant.journal.find_plan(digest).value()->state, StoredPlan::State::superseded);
}

}  // namespace
}  // namespace dirsync::engine
