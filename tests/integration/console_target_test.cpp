// ConsoleTarget against the simulated console over TLS, under both named sets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sync/console/api/errors.hpp"
#include "sync/console/target.hpp"
#include "sync/http/curl_client.hpp"
#include "tests/simulators/console/console_sim.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/request_event.hpp"
#include "tests/support/run.hpp"

namespace dirsync::console {
namespace {
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

struct Set {
  char const* name;
  char const* profile;
};

/// ann and bob know nothing of dirsyncd; Operators is a hand-made group.
constexpr char kState[] = R"({
  "groups": [{"name": "Operators", "description": "by hand", "roles": ["Device Administrator"]},
             {"name": "Field", "description": "Managed by dirsyncd", "roles": ["Device Administrator"]},
             {"name": "Depot", "description": "Managed by dirsyncd", "roles": ["Insights Viewer"]}],
  "users": [{"userName": "ann@root.local", "displayName": "Ann", "email": "ann@root.local", "roles": ["Insights Viewer"],
             "groups": ["Operators"]},
            {"userName": "bob@root.local", "displayName": "Bob", "email": "bob@root.local", "status": "SUSPENDED",
             "roles": ["Insights Viewer"], "groups": ["Field"]}]})";

class GivenASimulatedConsole : public testing::TestWithParam<Set> {
 protected:
  GivenASimulatedConsole() : folder_{make_folder()}, files_{test::make_certificates(folder_)} { start(); }
  ~GivenASimulatedConsole() override {
    target_.reset();
    server_.reset();
    std::filesystem::remove_all(folder_);
  }

  static std::filesystem::path make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "console-target-XXXXXX").string();
    return mkdtemp(pattern.data());
  }

  /// A console of the set under test with these knobs, and a target without a session.
  void start(std::vector<std::pair<std::string, std::string>> knobs = {}) {
    target_.reset();
    server_.reset();
    auto sim = sim::ConsoleSim::open(*sim::parse_json(kState),
                                     {.set_name = GetParam().name, .knobs = std::move(knobs)});
    ASSERT_TRUE(sim) << text(sim.error());
    sim_ = std::move(*sim);
    auto const handler = [this](sim::Request const& request) { return sim_->handle(request); };
    server_ = std::make_unique<sim::Server>(
        sim::Server::Options{"127.0.0.1", 0, files_.cert_file, files_.key_file}, handler);
    open();
  }

  void open(std::string password = "Dirsync#2021", std::string organization = "root") {
    Settings settings;
    settings.profile = GetParam().profile;
    settings.organization = std::move(organization);
    settings.user = "svc-dirsync@root.local";
    settings.password = Secret{std::move(password)};
    settings.pauses = {std::chrono::milliseconds{20}, std::chrono::milliseconds{20}};
    settings.http.urls = {"https://127.0.0.1:" + std::to_string(server_->port())};
    settings.http.tls.ca_file = files_.ca_file;
    settings.http.pace = {2, 100'000};
    settings.http.retry.first = std::chrono::milliseconds{10};
    settings.http.timeouts.total = std::chrono::milliseconds{2'000};
    http::Surroundings surroundings;
    surroundings.on_request = [this](http::RequestEvent const& event) {
      trace_ += test::in_words(event) + "\n";
    };
    target_.reset();
    auto client = http::open_client(io_.get_executor(), settings.http, std::move(surroundings));
    ASSERT_TRUE(client) << text(client.error());
    auto target = ConsoleTarget::open(std::move(settings), std::move(*client), clock_);
    ASSERT_TRUE(target) << text(target.error());
    target_ = std::move(*target);
  }

  Result<Observed> read() { return test::run(io_, target_->read()); }
  std::vector<Applied> apply(std::vector<Change> batch) {
    return test::run(io_, target_->apply(std::move(batch)));
  }
  /// Reads and keeps, for changes by name.
  void observe() {
    auto observed = read();
    ASSERT_TRUE(observed) << text(observed.error());
    observed_ = std::move(*observed);
  }
  void faults(std::string_view rules) {
    ASSERT_EQ(sim_->replace_faults(*sim::parse_json(rules)), std::nullopt);
  }
  void edit(std::string_view edits) { ASSERT_EQ(sim_->edit(*sim::parse_json(edits)), std::nullopt); }

  TargetGroup const& group(std::string_view name) const {
    return *std::ranges::find(observed_.groups, name, &TargetGroup::name);
  }
  std::vector<std::string> members(std::string_view group_name) const {
    std::vector<std::string> names;
    for (auto const index : group(group_name).users) names.push_back(observed_.users[index].name);
    return names;
  }
  Change change(Verb verb, std::string_view group_name, std::string_view user_name) const {
    auto const& user = *std::ranges::find(observed_.users, user_name, &TargetUser::name);
    Change result;
    result.verb = verb;
    result.group = group_name;
    result.group_id = group(group_name).id;
    result.principal = user.name;
    result.principal_id = user.id;
    return result;
  }
  static Change creation(std::string name) {
    Change result;
    result.verb = Verb::create_group;
    result.group = std::move(name);
    result.roles = {"Device Administrator"};
    return result;
  }
  std::int64_t mark(std::string const& name) const {
    auto const marks = sim_->counters().by_mark;
    auto const found = marks.find(name);
    return found == marks.end() ? 0 : found->second;
  }
  std::int64_t calls(std::string const& route) const {
    auto const routes = sim_->counters().by_route;
    auto const found = routes.find(route);
    return found == routes.end() ? 0 : found->second;
  }
  void expect_harmless() const {
    for (auto const* name :
         {"password_updates", "default_group_changes", "service_user_changes", "status_changes",
          "user_role_changes", "idle_updates", "unknown_fields", "out_of_scope"})
      EXPECT_EQ(mark(name), 0) << name;
    EXPECT_THAT(trace_, Not(HasSubstr("canary")));
    EXPECT_THAT(trace_, Not(HasSubstr("Dirsync#2021")));
  }

  static constexpr char kPut[] = "PUT /api/users/{id}";
  std::filesystem::path folder_;
  test::CertificateFiles files_;
  SystemClock clock_;
  boost::asio::io_context io_;
  std::string trace_;
  std::unique_ptr<sim::ConsoleSim> sim_;
  std::unique_ptr<sim::Server> server_;
  std::unique_ptr<ConsoleTarget> target_;
  Observed observed_;
};

INSTANTIATE_TEST_SUITE_P(Sets, GivenASimulatedConsole,
                         testing::Values(Set{"doc-2.0.2", "pulse-2.0.2"}, Set{"infer-2021", "infer-3"}),
                         [](auto const& set) { return set.index == 0 ? "Doc202" : "Infer2021"; });

TEST_P(GivenASimulatedConsole, WhenReadThenAllPagesOfUsersGroupsAndMembersAreThere) {
  observe();
  EXPECT_EQ(observed_.groups.size(), 31U);
  EXPECT_EQ(observed_.users.size(), 69U);
  EXPECT_THAT(members("Operators"), UnorderedElementsAre("ann@root.local"));
  EXPECT_THAT(group("System Administrators").protected_because, Not(""));
  EXPECT_THAT(group("Directory Sync").protected_because, Not(""));
  EXPECT_EQ(group("Field").protected_because, "");
  EXPECT_EQ(sim_->counters().writes, 0);
}

TEST_P(GivenASimulatedConsole, WhenGroupsAndMembersAreWrittenThenASecondTimeWritesNothing) {
  observe();
  auto const made = apply({creation("Night Shift")});
  ASSERT_EQ(made[0].outcome, Outcome::done) << made[0].detail;
  observe();
  std::vector<Change> const ann = {change(Verb::add, "Night Shift", "ann@root.local"),
                                   change(Verb::add, "Field", "ann@root.local")};
  std::vector<Change> const bob = {change(Verb::remove, "Field", "bob@root.local")};
  for (auto const* batch : {&ann, &bob})
    for (auto const& one : apply(*batch)) EXPECT_EQ(one.outcome, Outcome::done) << one.detail;
  EXPECT_EQ(sim_->counters().writes, 3);
  observe();
  EXPECT_THAT(members("Night Shift"), UnorderedElementsAre("ann@root.local"));
  EXPECT_THAT(members("Field"), UnorderedElementsAre("ann@root.local"));
  EXPECT_THAT(members("Operators"), UnorderedElementsAre("ann@root.local"));

  for (auto const* batch : {&ann, &bob})
    for (auto const& one : apply(*batch)) EXPECT_EQ(one.outcome, Outcome::already) << one.detail;
  EXPECT_EQ(apply({creation("Night Shift")})[0].outcome, Outcome::already);
  EXPECT_EQ(sim_->counters().writes, 3);
  expect_harmless();
}

TEST_P(GivenASimulatedConsole, WhenDefaultGroupsOrTheServiceUserAreMeantThenNothingIsWritten) {
  observe();
  EXPECT_EQ(apply({change(Verb::add, "System Administrators", "ann@root.local")})[0].outcome,
            Outcome::skipped);
  EXPECT_EQ(apply({change(Verb::remove, "Organization Administrators", "sysadmin@root.local")})[0].outcome,
            Outcome::skipped);
  EXPECT_EQ(apply({change(Verb::add, "Field", "svc-dirsync@root.local")})[0].outcome, Outcome::skipped);
  EXPECT_EQ(sim_->counters().writes, 0);
}

TEST_P(GivenASimulatedConsole, WhenPageTwoFailsThenNothingIsObserved) {
  for (
      auto const* rules :
      {R"([{"path": "/api/users?page.number=2", "status": 502, "body": "<html>Bad Gateway</html>",
                                 "headers": {"Content-Type": "text/html"}, "count": 0}])",
       R"([{"path": "/api/users?page.number=2", "status": 200, "body": "<html>log in</html>",
                                 "headers": {"Content-Type": "text/html"}, "count": 0}])",
       R"([{"path": "/api/groups?page.number=2", "status": 500, "body": "Unknown internal server error", "count": 0}])",
       R"([{"path": "/api/users?page.number=2", "cut_after": 40, "count": 0}])"}) {
    faults(rules);
    EXPECT_FALSE(read()) << rules;
  }
}

TEST_P(GivenASimulatedConsole, WhenThePageOfAListIsIgnoredThenNothingIsObserved) {
  start({{"ignore_paging", "groups"}});
  auto const observed = read();
  ASSERT_FALSE(observed);
  EXPECT_EQ(observed.error().code, make_error_code(ConsoleErrc::incomplete));
}

TEST_P(GivenASimulatedConsole, WhenAnItemMovesBetweenPagesThenTheListIsReadAgain) {
  faults(
      R"([{"path": "/api/users?page.number=2", "do": {"op": "move", "user": "filler-40@root.local", "to": "first"}}])");
  observe();
  EXPECT_EQ(observed_.users.size(), 69U);
}

TEST_P(GivenASimulatedConsole, WhenAGroupGoesAwayBetweenPagesThenNoOtherIsMissed) {
  faults(
      R"([{"path": "/api/groups?page.number=2", "do": {"op": "delete_group", "group": "Filler Group 01"}}])");
  observe();
  EXPECT_EQ(observed_.groups.size(), 30U);
  EXPECT_EQ(std::ranges::count(observed_.groups, "Depot", &TargetGroup::name), 1);
}

TEST_P(GivenASimulatedConsole, WhenTheVersionIsRefusedThenTheReadSaysWhatToSet) {
  for (auto const* status : {"406", "400", "404"}) {
    start({{"check_accept", "true"}, {"bad_version_status", status}});
    observe();
    edit(R"({"op": "set_knob", "name": "api_versions", "value": "0.18"})");
    auto const observed = read();
    ASSERT_FALSE(observed);
    EXPECT_EQ(observed.error().code, make_error_code(ConsoleErrc::unsupported)) << text(observed.error());
    EXPECT_THAT(observed.error().context, HasSubstr("set api_version"));
    edit(R"({"op": "set_knob", "name": "current_api_version", "value": "0.18"})");
    observe();
    EXPECT_THAT(observed_.product, HasSubstr("api 0.18"));
  }
}

TEST_P(GivenASimulatedConsole, WhenConsoleGroupsAreNotOfferedThenTheFallbackReadsTheSame) {
  observe();
  auto const expected = observed_.groups;
  for (auto const* status : {"off", "405", "501"}) {
    start({{"console_groups", status}});
    observe();
    for (std::size_t i = 0; i < expected.size(); ++i)
      EXPECT_EQ(observed_.groups[i].users, expected[i].users) << status;
  }
  start({{"console_groups", "off"}, {"group_members", "off"}});
  observe();
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(observed_.groups[i].users, expected[i].users);
}

TEST_P(GivenASimulatedConsole, WhenTheAnswerToACreationIsLostThenThereIsNoDuplicate) {
  observe();
  faults(R"([{"route": "POST /api/groups", "drop": true}])");
  auto const made = apply({creation("Night Shift")});
  EXPECT_EQ(made[0].outcome, Outcome::done) << made[0].detail;
  EXPECT_EQ(calls("POST /api/groups"), 1);
  observe();
  EXPECT_EQ(std::ranges::count(observed_.groups, "Night Shift", &TargetGroup::name), 1);
}

TEST_P(GivenASimulatedConsole, WhenTheAnswerToAWriteIsLostThenALookFindsIt) {
  observe();
  faults(R"([{"route": "PUT /api/users/{id}", "drop": true}])");
  EXPECT_EQ(apply({change(Verb::add, "Field", "ann@root.local")})[0].outcome, Outcome::done);
  EXPECT_EQ(calls(kPut), 1);
}

TEST_P(GivenASimulatedConsole, WhenAnotherWriterComesBetweenThenBothChangesStay) {
  for (auto const* status : {"409", "412", "400", "500"}) {
    start({{"stale_status", status}});
    observe();
    faults(
        R"([{"route": "PUT /api/users/{id}", "do": {"op": "add_member", "user": "ann@root.local", "group": "Depot"}}])");
    EXPECT_EQ(apply({change(Verb::add, "Field", "ann@root.local")})[0].outcome, Outcome::done) << status;
    observe();
    for (auto const* name : {"Field", "Depot", "Operators"})
      EXPECT_THAT(members(name), Contains("ann@root.local")) << status;
    expect_harmless();
  }
}

TEST_P(GivenASimulatedConsole, WhenAnEmptyListOfGroupsIsNotAppliedThenTheChangeFailed) {
  for (auto const* way : {"ignore", "400"}) {
    start({{"empty_groups", way}});
    observe();
    auto const answers = apply({change(Verb::remove, "Field", "bob@root.local")});
    EXPECT_EQ(answers[0].outcome, Outcome::failed) << way;
    EXPECT_EQ(calls(kPut), 1);
  }
}

TEST_P(GivenASimulatedConsole, WhenUnknownGroupsCannotBeToldFromNoneThenTheUserIsNotWritten) {
  start({{"user_refs_form", "no_ids"}});
  observe();
  EXPECT_EQ(apply({change(Verb::add, "Field", "ann@root.local")})[0].outcome, Outcome::failed);
  EXPECT_EQ(calls(kPut), 0);
}

TEST_P(GivenASimulatedConsole, WhenEmptyArraysAreLeftOutThenTheLastGroupCanGoAndComeBack) {
  start({{"empty_arrays", "absent"}});
  observe();
  EXPECT_EQ(apply({change(Verb::remove, "Field", "bob@root.local")})[0].outcome, Outcome::done);
  EXPECT_EQ(apply({change(Verb::add, "Field", "bob@root.local")})[0].outcome, Outcome::done);
  expect_harmless();
}

TEST_P(GivenASimulatedConsole, WhenReadsLagBehindWritesThenTheWriteIsStillSeen) {
  start({{"stale_reads_ms", "30"}});
  observe();
  auto const answers = apply({change(Verb::add, "Field", "ann@root.local")});
  EXPECT_EQ(answers[0].outcome, Outcome::done) << answers[0].detail;
  EXPECT_EQ(calls(kPut), 1);
}

TEST_P(GivenASimulatedConsole, WhenTheTokenExpiresInMidRunThenTheRunGoesOn) {
  observe();
  edit(R"({"op": "expire_tokens", "which": "access"})");
  EXPECT_EQ(apply({change(Verb::add, "Field", "ann@root.local")})[0].outcome, Outcome::done);
  edit(R"({"op": "expire_tokens", "which": "all"})");
  EXPECT_EQ(apply({change(Verb::remove, "Field", "ann@root.local")})[0].outcome, Outcome::done);
  EXPECT_EQ(calls(kPut), 2);
}

TEST_P(GivenASimulatedConsole, WhenTokensAreAsLongAsAHeaderMayBeThenTheyAreSentWhole) {
  start({{"token_bytes", "8192"}, {"rotate_refresh", "true"}});
  observe();
  edit(R"({"op": "expire_tokens", "which": "access"})");
  observe();
  EXPECT_EQ(calls("GET /api/tokens/refresh"), 1);
  EXPECT_EQ(calls("GET /api/tokens"), 1);
}

TEST_P(GivenASimulatedConsole, WhenTheLoginIsRefusedThenItIsTriedOnce) {
  for (auto const* status : {"401", "404"}) {
    start({{"bad_login_status", status}});
    open("wrong");
    auto const first = read();
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().code, make_error_code(ConsoleErrc::login_refused));
    EXPECT_FALSE(read());
    EXPECT_EQ(calls("GET /api/tokens"), 1);
  }
}

TEST_P(GivenASimulatedConsole, WhenUserBodiesHoldTokensThenNoneIsTracedOrReported) {
  start({{"user_tokens_in_body", "true"}});
  observe();
  faults(R"([{"route": "PUT /api/users/{id}", "status": 400, "body": "[\"Invalid Groups\"]"}])");
  auto const answers = apply({change(Verb::add, "Field", "ann@root.local")});
  EXPECT_THAT(answers[0].detail, Not(HasSubstr("canary")));
  EXPECT_NE(trace_, "");
  expect_harmless();
}

TEST_P(GivenASimulatedConsole, WhenAGroupOfOursIsEmptyThenItCanBeDeletedAndElseNot) {
  observe();
  Change deletion;
  deletion.verb = Verb::delete_group;
  deletion.group = "Field";
  deletion.group_id = group("Field").id;
  EXPECT_EQ(apply({deletion})[0].outcome, Outcome::failed);
  deletion.group = "Depot";
  deletion.group_id = group("Depot").id;
  EXPECT_EQ(apply({deletion})[0].outcome, Outcome::done);
  EXPECT_EQ(apply({deletion})[0].outcome, Outcome::skipped);  // no longer known
  EXPECT_EQ(calls("DELETE /api/groups/{id}"), 1);
}

TEST_P(GivenASimulatedConsole, WhenAGroupOfOursIsRenamedThenItsRolesStay) {
  observe();
  Change renaming;
  renaming.verb = Verb::rename_group;
  renaming.group = "Depot";
  renaming.group_id = group("Depot").id;
  renaming.new_name = "Depot North";
  auto const answers = apply({renaming});
  EXPECT_EQ(answers[0].outcome, Outcome::done) << answers[0].detail;
  auto const state = sim::json::serialize(sim_->state());
  EXPECT_THAT(state, HasSubstr("Depot North"));
}

TEST_P(GivenASimulatedConsole, WhenTheOrganizationIsBelowThenItAloneIsReadAndRolesFromAboveServe) {
  open("Dirsync#2021", "plant-a");
  edit(
      R"({"op": "add_user", "user": {"userName": "eve@root.local", "orgId": "plant-a", "roles": ["Insights Viewer"]}})");
  observe();
  EXPECT_EQ(observed_.groups.size(), 0U);
  EXPECT_EQ(observed_.users.size(), 1U);
  auto const made = apply({creation("Plant Crew")});
  ASSERT_EQ(made[0].outcome, Outcome::done) << made[0].detail;
  observe();
  EXPECT_EQ(apply({change(Verb::add, "Plant Crew", "eve@root.local")})[0].outcome, Outcome::done);
  expect_harmless();
}

TEST_P(GivenASimulatedConsole, WhenOneGroupIsReadThenItIsAsInTheWholeRead) {
  observe();
  auto const one = test::run(io_, target_->read_group(group("Operators").id, observed_));
  ASSERT_TRUE(one && *one);
  EXPECT_EQ((*one)->users, group("Operators").users);
  auto const none = test::run(io_, target_->read_group("11111111-2222-3333-4444-555555555555", observed_));
  ASSERT_TRUE(none);
  EXPECT_FALSE(*none);
}

}  // namespace
}  // namespace dirsync::console
