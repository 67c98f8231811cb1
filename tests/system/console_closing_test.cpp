// What a client of the console must pass, on each release of it, with the whole product.
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::HasSubstr;
using testing::Not;

/// How a console answers, and the profile that is set for it.
struct Release {
  char const* name;
  char const* set;
  char const* profile;
  char const* console_groups = "on";  // the knob
};
void PrintTo(Release const& release, std::ostream* out) { *out << release.name; }
auto const kReleaseName = [](testing::TestParamInfo<Release> const& info) {
  return std::string{info.param.name};
};

constexpr char kWrite[] = "PUT /api/users/{id}";
constexpr char kLook[] = "GET /api/users/{id}";

/// The sample company and a console alone. u01 and u06 are also in a group made by hand.
class ConsoleWorld : public World, public testing::WithParamInterface<Release> {
 protected:
  ConsoleWorld() {
    has_vault = false;
    console_options = {"--set-name", GetParam().set,
                       "--set",      std::string{"console_groups="} + GetParam().console_groups,
                       "--set",      "user_tokens_in_body=true"};
    configuration.console_keys =
        std::string{"organization = \"root\"\nprofile = \""} + GetParam().profile + "\"\n";
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
  }
  void SetUp() override {
    World::SetUp();
    for (auto const* uid : {"u01", "u06"}) put_in_by_hand(company.person(uid).mail());
    console_before_ = console_->memberships();
    forget_calls();
  }
  void put_in_by_hand(std::string const& user) {
    console_->edit(json::serialize(json::object{{"op", "add_member"}, {"user", user}, {"group", "By Hand"}}));
  }
  void set_knob(std::string const& name, std::string const& value) {
    console_->edit(json::serialize(json::object{{"op", "set_knob"}, {"name", name}, {"value", value}}));
  }
  void faults(json::array const& rules) { console_->replace_faults(json::serialize(rules)); }

  std::int64_t counter(char const* name) const {
    return console_->get("counters").at(name).to_number<std::int64_t>();
  }
  std::int64_t calls(char const* route) const {
    auto const counters = console_->get("counters");
    auto const* found = counters.at("by_route").as_object().if_contains(route);
    return found == nullptr ? 0 : found->to_number<std::int64_t>();
  }
  /// The entry of that name in one of the lists of the simulator's state.
  json::object entry(char const* list, char const* key, std::string const& name) const {
    auto const state = console_->get("state");
    for (auto const& one : state.at(list).as_array())
      if (text_at(one.as_object(), key) == name) return one.as_object();
    ADD_FAILURE() << "no " << name << " in " << list;
    return {};
  }
  std::string user_path(std::string const& uid) const {
    return "/api/users/" + text_at(entry("users", "userName", company.person(uid).mail()), "id");
  }
  /// Calls of that route, in their order.
  std::vector<json::object> journal(std::string_view route) const {
    std::vector<json::object> found;
    auto const calls = console_->get("journal");
    for (auto const& call : calls.as_array())
      if (text_at(call.as_object(), "route") == route) found.push_back(call.as_object());
    return found;
  }
  std::size_t people_with_access() const {
    std::set<std::string> people;
    for (auto const& [group, members] : expected_in_console()) people.insert(members.begin(), members.end());
    return people.size();
  }
  /// Nothing was done that a client has no business to do, since the calls were last forgotten.
  void expect_harmless() const {
    for (auto const* name : {"default_group_changes", "service_user_changes", "password_updates",
                             "status_changes", "user_role_changes", "unknown_fields", "out_of_scope"})
      EXPECT_EQ(counter(name), 0) << name;
    // Only the list that leads from the organization's name to its id can be asked for without it.
    EXPECT_EQ(counter("without_organization"), calls("GET /api/organizations"));
  }
  /// As when nothing had been run, and without a write.
  void expect_unwritten(Memberships const& as) {
    EXPECT_EQ(console_->writes(), 0);
    EXPECT_EQ(differences(console_->memberships(), as), "");
  }
};

class GivenARelease : public ConsoleWorld {};

TEST_P(GivenARelease, WhenSyncedFirstThenItIsAsTheDirectorySaysAndTheSecondTimeNothingIsWritten) {
  sync(0);
  expect_in_sync();
  EXPECT_EQ(calls("POST /api/groups"), 3);
  EXPECT_EQ(static_cast<std::size_t>(calls(kWrite)), people_with_access());
  EXPECT_EQ(static_cast<std::size_t>(calls(kLook)), 2 * people_with_access());
  EXPECT_EQ(calls("GET /api/console-groups/{id}/users") > 0,
            std::string_view{GetParam().profile} != "pulse-2.0" &&
                std::string_view{GetParam().console_groups} == "on");
  EXPECT_EQ(entry("groups", "name", "operators").at("roles").as_array().size(), 1U);
  expect_harmless();
  forget_calls();

  EXPECT_EQ(text_at(sync(0).as_object(), "verdict"), "in-sync");
  EXPECT_EQ(console_->writes(), 0);
  EXPECT_EQ(calls(kLook), 0);
  expect_harmless();
}

INSTANTIATE_TEST_SUITE_P(Profiles, GivenARelease,
                         testing::Values(Release{"Pulse20", "doc-2.0.2", "pulse-2.0", "off"},
                                         Release{"Pulse202", "doc-2.0.2", "pulse-2.0.2"},
                                         Release{"Infer3", "infer-2021", "infer-3"},
                                         Release{"AutoOnPulse20", "doc-2.0.2", "auto", "off"},
                                         Release{"AutoOnPulse202", "doc-2.0.2", "auto"},
                                         Release{"AutoOnInfer3", "infer-2021", "auto"}),
                         kReleaseName);

class GivenADocumentedConsole : public ConsoleWorld {};

TEST_P(GivenADocumentedConsole, WhenAPersonIsWrittenThenTheirUnmanagedGroupsStay) {
  sync(0);
  expect_in_sync();
  leave("u06", "team-b");
  sync(0);
  expect_in_sync();
  EXPECT_TRUE(console_->memberships().at("By Hand").contains("u06@example.com"));
  EXPECT_FALSE(console_->memberships().at("operators").contains("u06@example.com"));
  expect_harmless();
}

/// Sources bear the names of groups that nobody may touch, and one person the service user's.
class GivenSourcesOfProtectedObjects : public ConsoleWorld {
 protected:
  GivenSourcesOfProtectedObjects() {
    configuration.console_rule_keys = "adopt = true\nforeign_members = \"remove\"\n";
    for (auto const* name : {"Organization Administrators", "System Administrators", "Directory Sync"})
      company.groups.push_back({std::string{"iot-"} + name, {"u01"}, {}});
  }
};

TEST_P(GivenSourcesOfProtectedObjects, WhenSyncedThenDefaultGroupsAreUntouched) {
  auto const result = json::serialize(sync(0));
  auto const now = console_->memberships();
  for (auto const* name : {"Organization Administrators", "System Administrators"}) {
    EXPECT_EQ(now.at(name), console_before_.at(name)) << name;
    EXPECT_THAT(result, HasSubstr(name));
  }
  EXPECT_GT(calls(kWrite), 0);
  expect_harmless();
}

TEST_P(GivenSourcesOfProtectedObjects, WhenSyncedThenTheServiceUserAndItsGroupAreUntouched) {
  constexpr char kServiceUser[] = "svc-dirsync@root.local";
  modify_directory("dn: " + company.person("u02").dn() +
                   "\nchangetype: modify\nreplace: mail\nmail: " + kServiceUser + "\n");
  auto const before = entry("users", "userName", kServiceUser);
  auto const result = json::serialize(sync(0));
  EXPECT_EQ(entry("users", "userName", kServiceUser), before);
  EXPECT_EQ(console_->memberships().at("Directory Sync"), console_before_.at("Directory Sync"));
  EXPECT_THAT(result, HasSubstr("is the user that dirsyncd logs in as"));
  EXPECT_GT(calls(kWrite), 0);
  expect_harmless();
}

TEST_P(GivenADocumentedConsole, WhenPageTwoFailsThenNobodyIsRemoved) {
  sync(0);
  leave("u06", "team-b");
  auto const before = console_->memberships();
  for (auto const* list : {"/api/groups", "/api/users"}) {
    forget_calls();
    faults({{{"path", std::string{list} + "?page.number=2"},
             {"status", 502},
             {"body", "<html>Bad Gateway</html>"},
             {"count", 0}}});
    sync(5);
    expect_unwritten(before);
  }
  faults({});
  sync(0);
  expect_in_sync();
}

TEST_P(GivenADocumentedConsole, WhenConsoleGroupsAnswer404ThenTheFallbackIsReadAndNoGroupIsTakenForEmpty) {
  sync(0);
  set_knob("console_groups", "off");
  leave("u06", "team-b");
  forget_calls();
  auto const plan = sync(0);
  expect_in_sync();
  EXPECT_EQ(plan.at("targets").at("console").at("changes").as_array().size(), 2U);
  EXPECT_EQ(console_->writes(), 1);
  EXPECT_GT(calls("GET /api/groups/{id}/members"), 0);
  expect_harmless();
}

TEST_P(GivenADocumentedConsole, WhenACreationTimesOutThenThereIsNoDuplicate) {
  configuration.console_keys += "timeouts = { total = \"3s\" }\n";
  configure();
  faults({{{"route", "POST /api/groups"}, {"nth", 2}, {"drop", true}, {"delay_ms", 600'000}}});
  sync(0);
  EXPECT_EQ(calls("POST /api/groups"), 3);
  auto const state = console_->get("state");
  auto const& groups = state.at("groups").as_array();
  for (auto const& [name, members] : expected_in_console())
    EXPECT_EQ(std::ranges::count_if(
                  groups, [&name](auto const& one) { return text_at(one.as_object(), "name") == name; }),
              1)
        << name;
  expect_in_sync();
  expect_harmless();
}

TEST_P(GivenADocumentedConsole, WhenAVersionIsStaleThenTheWriteIsMergedAndDoesNotOverwrite) {
  json::object const other{{"op", "add_member"}, {"user", "u19@example.com"}, {"group", "By Hand"}};
  faults({{{"method", "PUT"}, {"path", user_path("u19")}, {"do", other}}});
  sync(0);
  console_before_.at("By Hand").insert("u19@example.com");
  expect_in_sync();
  std::vector<std::int64_t> answers;
  for (auto const& call : journal(kWrite))
    if (text_at(call, "path") == user_path("u19")) answers.push_back(call.at("status").as_int64());
  EXPECT_THAT(answers, testing::ElementsAre(409, 200));
  expect_harmless();
}

TEST_P(GivenADocumentedConsole, WhenTheDirectoryAnswersWithNothingThenTheRunStopsAndNobodyIsRemoved) {
  sync(0);
  auto const before = console_->memberships();
  forget_calls();
  auto options = slapd_options_;
  options.access.insert(options.access.begin() + 1,
                        "access to dn.children=\"ou=groups,dc=example,dc=com\" by * none");
  slapd_->reconfigure(options);
  sync(5);
  expect_unwritten(before);
}

TEST_P(GivenADocumentedConsole, WhenPeopleAreWrittenThenNoPasswordIsSentAndOnlyWhatTheApiNames) {
  sync(0);
  auto const people = people_with_access();
  leave("u06", "team-b");
  sync(0);
  std::set<std::string> const known = {"id",     "userName", "displayName", "email",
                                       "status", "roles",    "groups",      "updateVersion"};
  auto const writes = journal(kWrite);
  EXPECT_EQ(writes.size(), people + 1);
  for (auto const& call : writes) {
    auto const body = json::parse(text_at(call, "body")).as_object();
    for (auto const& [key, value] : body) EXPECT_TRUE(known.contains(key)) << std::string_view{key};
  }
  expect_harmless();
}

TEST_P(GivenADocumentedConsole, WhenEverythingIsTracedThenNoTokenIsInAnyLogOrFile) {
  std::string everything;
  faults(
      {{{"route", kWrite}, {"nth", 3}, {"status", 400}, {"body", "[\"Invalid Groups\"]"}},
       {{"route", kLook}, {"nth", 8}, {"cut_after", 700}},
       {{"route", kLook}, {"nth", 12}, {"do", json::object{{"op", "expire_tokens"}, {"which", "access"}}}}});
  auto const first = run({"sync", "--log-level", "trace"});
  EXPECT_EQ(first.exit, 6) << first.err;
  console_->edit(R"({"op":"expire_tokens","which":"all"})");
  auto const second = run({"sync", "--log-level", "trace", "--json"});
  EXPECT_EQ(second.exit, 0) << second.err;
  expect_in_sync();
  for (auto const& finished : {first, second, run({"log", "--json"})})
    everything += finished.out + finished.err;
  for (auto const& file : std::filesystem::directory_iterator{folder_.path() / "state"})
    everything += content_of(file);
  ASSERT_GT(everything.size(), 10'000U);
  // Tokens hold the first two; Basic credentials are the password in base64.
  for (auto const* secret : {"canary-access-token", "canary-refresh-token", kConsolePassword,
                             "RGlyc3luYyMyMDIx", "Bearer ", "Basic "})
    EXPECT_EQ(everything.find(secret), std::string::npos) << secret;
}

auto const kSets = testing::Values(Release{"Doc202", "doc-2.0.2", "pulse-2.0.2"},
                                   Release{"Infer2021", "infer-2021", "infer-3"});
INSTANTIATE_TEST_SUITE_P(Sets, GivenADocumentedConsole, kSets, kReleaseName);
INSTANTIATE_TEST_SUITE_P(Sets, GivenSourcesOfProtectedObjects, kSets, kReleaseName);

}  // namespace
}  // namespace dirsync::test
