// What is kept of a run, and what `run show` makes of it.
#include "sync/engine/report.hpp"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "sync/plan/document.hpp"

namespace dirsync::engine {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

struct GivenAReport : testing::Test {
  GivenAReport() {
    auto& vault = report.plan.targets["vault"];
    vault.kind = "cyberark-vault";
    vault.notices = {{.code = "waiting", .group = "ops", .principal = "ann", .text = "no user yet"},
                     {.code = "foreign", .group = "ops", .principal = "eve", .text = "not ours"}};
    report.plan.targets["console"].kind = "pulse-console";
    auto& certificate = report.certificates["corp"];
    certificate.clauses = {{"paging", true, "16 pages"}, {"band", true, "people 7"}};
    certificate.searches = 14;
    report.total = std::chrono::milliseconds{812};
    record.id = RunId{4};
  }
  json::object kept() {
    keep_report(report, record);
    return kept_report(record).as_object();
  }
  Report report;
  RunRecord record;
};

TEST_F(GivenAReport, WhenShownThenThePlanIsThatOfTheRunWithItsNotices) {
  auto const shown = kept();
  EXPECT_EQ(shown.at("plan"), json::value(plan::plan_document(report.plan, RunId{4}, report.outcomes)));
  EXPECT_EQ(shown.at("total_ms"), 812);
  EXPECT_EQ(shown.at("certificates").at("corp").at("searches"), 14);
}

TEST_F(GivenAReport, WhenItSentSomethingThenEveryFigureOfItsClausesIsKept) {
  report.applied = true;
  auto const clauses = kept().at("certificates").at("corp").at("clauses").as_array();
  ASSERT_THAT(clauses, SizeIs(2));
  EXPECT_EQ(clauses[0].at("detail"), "16 pages");
}

TEST_F(GivenAReport, WhenItSentNothingThenFiguresOfThoseThatFail) {
  report.certificates["corp"].clauses[1] = {"band", false, "people 7, before 70"};
  auto const clauses = kept().at("certificates").at("corp").at("clauses").as_array();
  EXPECT_EQ(clauses[0].at("name"), "paging");
  EXPECT_EQ(clauses[0].at("holds"), true);
  EXPECT_EQ(clauses[0].at("detail"), "");
  EXPECT_EQ(clauses[1].at("detail"), "people 7, before 70");
}

TEST_F(GivenAReport, WhenAnEqualRunFollowsThenOnlyItsOwnFiguresDiffer) {
  keep_report(report, record);
  auto next = record;
  next.id = RunId{5};
  report.total = std::chrono::milliseconds{10'000};
  report.certificates["corp"].clauses[0].detail = "17 pages";
  keep_report(report, next);
  EXPECT_EQ(next.shared_json, record.shared_json);
  EXPECT_EQ(next.notices, record.notices);
  EXPECT_THAT(record.notices, SizeIs(2));
  EXPECT_THAT(next.report_json, Not(HasSubstr("waiting")));
}

TEST_F(GivenAReport, WhenAnOlderVersionKeptItThenShownAsItStands) {
  record.report_json = R"({"plan":{"run":4},"certificates":{},"total_ms":7})";
  EXPECT_EQ(kept_report(record), json::parse(record.report_json));
  record.report_json.clear();
  EXPECT_TRUE(kept_report(record).is_null());
}

TEST_F(GivenAReport, WhenWhatIsKeptWasDamagedThenWhatIsLeftIsShown) {
  keep_report(report, record);
  record.notices = {"{", R"({"target":"gone"})", R"({"code":"x","target":"vault"})"};
  auto const plan = kept_report(record).at("plan");
  EXPECT_THAT(plan.at("targets").at("vault").at("notices").as_array(), SizeIs(1));
  record.shared_json = "[]";
  EXPECT_EQ(kept_report(record).at("total_ms"), 812);
}

}  // namespace
}  // namespace dirsync::engine
