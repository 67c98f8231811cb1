#include "daemon/control/metrics.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <regex>
#include <set>

namespace dirsync::control {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct Silent final : Monitor {
  std::vector<std::string> names;
  void event(Level, std::string_view name, std::span<Field const>) override { names.emplace_back(name); }
  void progress(std::string_view, std::uint64_t, std::uint64_t) override {}
};

struct GivenMetrics : testing::Test {
  Silent log;
  Metrics metrics{log};

  static Change change(Verb verb) {
    Change made;
    made.target = "vault";
    made.verb = verb;
    made.group = "ops";
    made.principal = "ann";
    return made;
  }
};

TEST_F(GivenMetrics, WhenNothingRanThenTheVersionAlone) {
  EXPECT_THAT(metrics.text(), AllOf(HasSubstr("dirsyncd_build_info{version=\"" DIRSYNC_VERSION "\"} 1"),
                                    Not(HasSubstr("dirsyncd_runs_total{"))));
}

TEST_F(GivenMetrics, WhenARequestIsToldThenCountedAndPassedOn) {
  std::vector<Monitor::Field> fields{
      {"target", "vault"}, {"route", "/API/Users"}, {"status", "200"}, {"ms", "40"}};
  metrics.event(Monitor::Level::debug, "http_request", fields);
  fields[2].value.clear();
  metrics.event(Monitor::Level::debug, "http_request", fields);
  EXPECT_EQ(log.names.size(), 2U);
  EXPECT_THAT(
      metrics.text(),
      AllOf(HasSubstr(R"(dirsyncd_http_requests_total{route="/API/Users",status="200",target="vault"} 1)"),
            HasSubstr(R"(dirsyncd_http_requests_total{route="/API/Users",status="0",target="vault"} 1)"),
            HasSubstr(R"(dirsyncd_http_request_duration_seconds_bucket{target="vault",le="0.05"} 2)")));
}

TEST_F(GivenMetrics, WhenARunEndedThenWhatBecameOfItsChanges) {
  engine::Report report;
  report.plan.verdict = Verdict::run;
  auto& vault = report.plan.targets["vault"];
  vault.notices = {
      {"waiting", "ops", "bob", ""}, {"foreign", "ops", "eve", ""}, {"foreign", "ops", "ivo", ""}};
  report.plan.changes = {change(Verb::add), change(Verb::remove), change(Verb::remove)};
  report.plan.changes[1].n = 1;
  report.plan.changes[1].blocked = Obstacle{"protected", "it is protected"};
  report.plan.changes[2].n = 2;
  report.plan.changes[2].unconfirmed = true;
  report.outcomes = {{report.plan.changes[0], Outcome::done, ""}};
  report.certificates["corp"].clauses = {{"paging", true, ""}};
  report.certificates["vault"].clauses = {{"users-total", false, ""}};
  metrics.note_run(report);
  EXPECT_THAT(metrics.text(),
              AllOf(HasSubstr(R"(dirsyncd_runs_total{verdict="run"} 1)"),
                    HasSubstr(R"(dirsyncd_changes_total{outcome="done",target="vault",verb="add"} 1)"),
                    HasSubstr(R"(dirsyncd_blocked_removals{target="vault"} 1)"),
                    HasSubstr(R"(dirsyncd_unconfirmed_removals{target="vault"} 1)"),
                    HasSubstr(R"(dirsyncd_waiting{target="vault"} 1)"),
                    HasSubstr(R"(dirsyncd_foreign_members{target="vault"} 2)"),
                    HasSubstr(R"(dirsyncd_reads_total{result="complete",side="corp"} 1)"),
                    HasSubstr(R"(dirsyncd_reads_total{result="incomplete",side="vault"} 1)")));
  // What is due no more is said no more.
  report.plan.changes.clear();
  report.outcomes.clear();
  metrics.note_run(report);
  EXPECT_THAT(metrics.text(), HasSubstr(R"(dirsyncd_blocked_removals{target="vault"} 0)"));
}

TEST_F(GivenMetrics, WhenReadsFindWhatNoFeedToldThenItIsCountedFromNoughtOn) {
  metrics.note_feeds({{"corp", {.what = watch::FeedState::What::starting}}});
  EXPECT_THAT(metrics.text(), HasSubstr(R"(dirsyncd_full_read_differences_total{directory="corp"} 0)"));
  metrics.count_full_read_differences("corp", 3);
  metrics.count_full_read_differences("corp", 2);
  EXPECT_THAT(metrics.text(), HasSubstr(R"(dirsyncd_full_read_differences_total{directory="corp"} 5)"));
}

TEST_F(GivenMetrics, WhenFeedsAreFollowedThenOneOfTheKindInUseAndElseNought) {
  using What = watch::FeedState::What;
  metrics.note_feeds({{"corp", {.what = What::starting}}});
  EXPECT_THAT(metrics.text(), HasSubstr(R"(dirsyncd_feed_state{directory="corp",kind="none"} 0)"));
  metrics.note_feeds({{"corp", {.what = What::following, .kind = FeedKind::syncrepl}}});
  metrics.count_feed_events("corp", 3);
  metrics.count_feed_events("corp", 2);
  EXPECT_THAT(metrics.text(), AllOf(HasSubstr(R"(dirsyncd_feed_state{directory="corp",kind="none"} 0)"),
                                    HasSubstr(R"(dirsyncd_feed_state{directory="corp",kind="syncrepl"} 1)"),
                                    HasSubstr(R"(dirsyncd_feed_events_total{directory="corp"} 5)")));
  metrics.note_feeds({{"corp", {.what = What::down, .kind = FeedKind::syncrepl}}});
  EXPECT_THAT(metrics.text(), HasSubstr(R"(dirsyncd_feed_state{directory="corp",kind="syncrepl"} 0)"));
  metrics.note_feeds({});
  EXPECT_THAT(metrics.text(), Not(HasSubstr("dirsyncd_feed_state{"))) << "nobody follows it any more";
}

TEST_F(GivenMetrics, WhenTheStoreIsMeasuredThenItsFigures) {
  StoreFigures figures{.last_success = {{"vault", *parse_rfc3339("1970-01-01T00:01:00Z")}},
                       .set_aside = {{"console", 0}, {"vault", 3}},
                       .held_plans = 1,
                       .frozen = 2,
                       .bytes = 4096,
                       .audit_rows = 17};
  metrics.note_store(figures);
  EXPECT_THAT(metrics.text(),
              AllOf(HasSubstr(R"(dirsyncd_last_success_timestamp_seconds{target="vault"} 60)"),
                    HasSubstr(R"(dirsyncd_set_aside{target="console"} 0)"),
                    HasSubstr(R"(dirsyncd_set_aside{target="vault"} 3)"), HasSubstr("dirsyncd_held_plans 1"),
                    HasSubstr("dirsyncd_frozen 2"), HasSubstr("dirsyncd_store_bytes 4096"),
                    HasSubstr("dirsyncd_audit_rows 17")));
}

TEST_F(GivenMetrics, WhenCertificatesWereShownThenTheFirstToExpireOfEachRun) {
  auto const shows = [this](std::string end) {
    std::vector<Monitor::Field> const fields{{"side", "corp"}, {"not_after", std::move(end)}};
    metrics.event(Monitor::Level::debug, "peer_certificate", fields);
  };
  auto const says = [](std::string const& value) {
    return HasSubstr("dirsyncd_certificate_expiry_timestamp_seconds{side=\"corp\"} " + value + "\n");
  };
  shows("1970-01-01T00:02:00.000Z");
  shows("1970-01-01T00:01:00.000Z");
  shows("no time");
  metrics.note_run({});
  EXPECT_THAT(metrics.text(), says("60"));
  metrics.note_run({});
  EXPECT_THAT(metrics.text(), says("60")) << "kept connections show none";
  shows("1970-01-01T00:03:00.000Z");
  metrics.note_run({});
  EXPECT_THAT(metrics.text(), says("180")) << "it was renewed";
}

/// The names in docs/service.md, without labels.
std::set<std::string> names_in_the_page() {
  std::ifstream file{std::string{DIRSYNC_SOURCE_DIR} + "/docs/service.md"};
  std::set<std::string> names;
  std::regex const name{"`(dirsyncd_[a-z_]+)(\\{[a-z,]+\\})?`"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("| `dirsyncd_"))
      for (std::sregex_iterator match{line.begin(), line.end(), name}, end; match != end; ++match)
        names.insert((*match)[1].str());
  return names;
}

TEST_F(GivenMetrics, WhenEverythingWasSeenThenTheirNamesAreThoseOfThePage) {
  std::vector<Monitor::Field> const fields{
      {"target", "vault"}, {"route", "/x"}, {"status", "200"}, {"ms", "1"}};
  metrics.event(Monitor::Level::debug, "http_request", fields);
  std::vector<Monitor::Field> const shown{{"side", "vault"}, {"not_after", "2030-01-01T00:00:00Z"}};
  metrics.event(Monitor::Level::debug, "peer_certificate", shown);
  engine::Report report;
  report.plan.targets["vault"];
  report.plan.changes = {change(Verb::add)};
  report.certificates["vault"];
  metrics.note_run(report);
  metrics.note_store({.last_success = {{"vault", Time{}}}, .set_aside = {{"vault", 0}}});
  watch::FeedStates feeds;
  feeds["corp"].kind = FeedKind::syncrepl;
  metrics.note_feeds(feeds);
  metrics.count_feed_events("corp", 1);
  std::set<std::string> names;
  auto const text = metrics.text();
  std::regex const type{"# TYPE (\\w+) "};
  for (std::sregex_iterator match{text.begin(), text.end(), type}, end; match != end; ++match)
    names.insert((*match)[1].str());
  EXPECT_EQ(names, names_in_the_page());
}

}  // namespace
}  // namespace dirsync::control
