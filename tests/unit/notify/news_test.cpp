#include "daemon/notify/news.hpp"

#include <gmock/gmock.h>

namespace dirsync::notify {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct GivenAReport : testing::Test {
  engine::Report report;
  GivenAReport() { report.run = RunId{7}; }

  void block(std::string const& principal, std::string const& code = "protected") {
    Change change;
    change.target = "vault";
    change.verb = Verb::remove;
    change.group = "ops";
    change.principal = principal;
    change.blocked = Obstacle{code, "it is " + code};
    report.plan.changes.push_back(std::move(change));
  }
  static auto of(Event event, std::string const& subject) {
    return AllOf(Field(&News::event, event), Field(&News::subject, subject));
  }
};

TEST_F(GivenAReport, WhenAllIsWellThenThereIsNoNews) {
  report.certificates["corp"].clauses = {{"paging", true, ""}};
  report.plan.verdict = Verdict::run;
  EXPECT_THAT(situation_of(report).news, IsEmpty());
}

TEST_F(GivenAReport, WhenAPlanIsHeldThenItsReasonsAndWhatToDo) {
  report.plan.verdict = Verdict::hold;
  report.plan.held = true;
  report.plan.digest = PlanDigest{"abc123"};
  report.plan.reasons = {{.code = "removals",
                          .text = "too many leave",
                          .target = "",
                          .rule = "",
                          .group = "",
                          .count = {},
                          .allowed = {}}};
  auto const news = situation_of(report).news;
  ASSERT_THAT(news, ElementsAre(of(Event::held, "abc123")));
  EXPECT_THAT(news[0].text, AllOf(HasSubstr("too many leave"), HasSubstr("dirsyncd approve")));
}

TEST_F(GivenAReport, WhenAPlanWasRejectedThenItIsNoQuestion) {
  report.plan.verdict = Verdict::hold;
  report.plan.held = true;
  report.plan.reasons.emplace_back().code = "rejected";
  EXPECT_THAT(situation_of(report).news, IsEmpty());
}

TEST_F(GivenAReport, WhenChangesAreFrozenThenWhoDidSoOnceWhileItIsTheSameFreeze) {
  report.plan.verdict = Verdict::hold;
  report.plan.freezes = {{.target = "", .reason = "an audit", .actor = "uid:1000 (ann)", .since = Time{}},
                         {.target = "vault", .reason = "moving", .actor = "uid:1000 (ann)", .since = Time{}}};
  auto const now = situation_of(report);
  ASSERT_THAT(now.news, ElementsAre(of(Event::frozen, "all targets"), of(Event::frozen, "vault")));
  EXPECT_THAT(now.news[0].text, AllOf(HasSubstr("an audit"), HasSubstr("uid:1000 (ann)"), HasSubstr("thaw")));
  Told told;
  EXPECT_THAT(told.fresh(now), SizeIs(2));
  EXPECT_THAT(told.fresh(now), IsEmpty());
  report.plan.freezes[1].since += std::chrono::seconds{1};
  EXPECT_THAT(told.fresh(situation_of(report)), ElementsAre(of(Event::frozen, "vault")));
}

TEST_F(GivenAReport, WhenARemovalIsBlockedThenEachOfThem) {
  block("ann");
  block("bob");
  EXPECT_THAT(situation_of(report).news,
              ElementsAre(of(Event::blocked, "vault: ops, ann"), of(Event::blocked, "vault: ops, bob")));
}

TEST_F(GivenAReport, WhenAReadIsNotCompleteThenTheSideAndTheClause) {
  report.certificates["corp"].clauses = {{"paging", true, ""}, {"band", false, "95 after 200"}};
  auto const news = situation_of(report).news;
  ASSERT_THAT(news, ElementsAre(of(Event::read_incomplete, "corp")));
  EXPECT_THAT(news[0].text, AllOf(HasSubstr("band: 95 after 200"), HasSubstr("run show 7")));
}

TEST_F(GivenAReport, WhenChangesFailThenOneForTheTarget) {
  Change change;
  change.target = "console";
  change.group = "ops";
  change.principal = "ann";
  report.outcomes = {{change, Outcome::failed, "status 500"},
                     {change, Outcome::unknown, "cut"},
                     {change, Outcome::done, ""}};
  auto const news = situation_of(report).news;
  ASSERT_THAT(news, ElementsAre(of(Event::failing, "console")));
  EXPECT_THAT(news[0].text, AllOf(HasSubstr("2 changes"), HasSubstr("status 500")));
}

TEST_F(GivenAReport, WhenItIsSoForLongThenItIsToldOnceUntilItChangesOrComesBack) {
  Told told;
  block("ann");
  EXPECT_THAT(told.fresh(situation_of(report)), SizeIs(1));
  EXPECT_THAT(told.fresh(situation_of(report)), IsEmpty());
  block("bob");
  EXPECT_THAT(told.fresh(situation_of(report)), ElementsAre(of(Event::blocked, "vault: ops, bob")));
  report.plan.changes.clear();
  block("ann", "unaddressable");
  EXPECT_THAT(told.fresh(situation_of(report)), ElementsAre(of(Event::blocked, "vault: ops, ann")));
  report.plan.changes.clear();
  EXPECT_THAT(told.fresh(situation_of(report)), IsEmpty());
  block("ann", "unaddressable");
  EXPECT_THAT(told.fresh(situation_of(report)), SizeIs(1));
}

TEST_F(GivenAReport, WhenATargetCannotBeReadForAWhileThenWhatIsSoThereIsNotToldAgain) {
  Told told;
  block("ann");
  report.plan.targets["vault"].verdict = Verdict::run;
  EXPECT_THAT(told.fresh(situation_of(report)), SizeIs(1));
  auto const changes = std::exchange(report.plan.changes, {});
  report.plan.targets["vault"].verdict = Verdict::refuse;
  EXPECT_THAT(told.fresh(situation_of(report)), IsEmpty());
  report.plan.targets["vault"].verdict = Verdict::run;
  report.plan.changes = changes;
  EXPECT_THAT(told.fresh(situation_of(report)), IsEmpty());
}

/// The schedule tries it again after a while, and again.
TEST_F(GivenAReport, WhenWhatFailedIsLeftAloneForAWhileThenItIsToldOnceUntilItSucceeds) {
  Told told;
  Change change;
  change.target = "vault";
  change.group = "ops";
  change.principal = "ann";
  change.n = 1;
  report.plan.changes = {change};
  report.plan.targets["vault"].verdict = Verdict::run;
  auto const after = [this, &told, &change](Outcome outcome) {
    report.outcomes = {{change, outcome, ""}};
    return told.fresh(situation_of(report));
  };
  EXPECT_THAT(after(Outcome::failed), ElementsAre(of(Event::failing, "vault")));
  EXPECT_THAT(after(Outcome::skipped), IsEmpty());
  EXPECT_THAT(after(Outcome::failed), IsEmpty());
  EXPECT_THAT(after(Outcome::done), IsEmpty());
  EXPECT_THAT(after(Outcome::failed), ElementsAre(of(Event::failing, "vault")));
}

TEST_F(GivenAReport, WhenOneTargetIsUnreadAndThePlanOfAnotherWaitsThenThatIsTold) {
  report.plan.verdict = Verdict::refuse;
  report.plan.held = true;
  report.plan.digest = PlanDigest{"abc123"};
  report.plan.targets["vault"].verdict = Verdict::refuse;
  report.plan.targets["console"].verdict = Verdict::hold;
  EXPECT_THAT(situation_of(report).news, ElementsAre(of(Event::held, "abc123")));
}

}  // namespace
}  // namespace dirsync::notify
