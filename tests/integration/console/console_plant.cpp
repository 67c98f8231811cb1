#include "tests/integration/console/console_plant.hpp"

#include <gtest/gtest.h>

#include "sync/model/assert.hpp"
#include "tests/support/http/fake_http_client.hpp"

namespace dirsync::console {
namespace {
namespace json = sim::json;

Result<http::Response> answer_of(sim::ConsoleSim& simulator, http::Request const& request) {
  constexpr char const* kMethods[] = {"GET", "POST", "PUT", "DELETE"};
  sim::Fields headers;
  for (auto const& header : request.headers) headers.emplace_back(header.name, header.value);
  headers.emplace_back("Content-Type", request.content_type);
  auto answer = simulator.handle(sim::make_request(kMethods[static_cast<int>(request.method)], request.path,
                                                   request.body, std::move(headers)));
  if (answer.drop) return Error{http::HttpErrc::cut, request.path};
  http::Response response;
  response.status = answer.status;
  response.body = std::move(answer.body);
  for (auto& [name, value] : answer.headers) response.headers.push_back({name, std::move(value)});
  return response;
}

Settings settings_for(std::string const& profile) {
  Settings settings;
  settings.profile = profile;
  settings.organization = "root";
  settings.user = "svc-dirsync@root.local";
  settings.password = Secret{"Dirsync#2021"};
  settings.http.pace = {4, 0};
  settings.page_size = ConsolePlant::kPageSize;
  settings.pauses = {std::chrono::milliseconds{0}, std::chrono::milliseconds{0}};
  return settings;
}
}  // namespace

ConsolePlant::ConsolePlant(std::string const& set, std::string const& profile, json::object state) {
  state["fillerGroups"] = 0;
  state["fillerUsers"] = 0;
  auto opened = sim::ConsoleSim::open(
      state, {.set_name = set, .knobs = {{"max_page_size", std::to_string(kPageSize)}}});
  DIRSYNC_ASSERT(opened.has_value());
  sim_ = std::move(*opened);
  auto client = std::make_unique<test::FakeHttpClient>(
      [&simulator = *sim_](http::Request const& request) { return answer_of(simulator, request); });
  auto target = ConsoleTarget::open(settings_for(profile), std::move(client), clock_);
  DIRSYNC_ASSERT(target.has_value());
  target_ = std::move(*target);

  plant.setup.rules.erase(plant.setup.rules.begin());
  plant.setup.targets.erase(plant.setup.targets.begin());
  plant.setup.targets.front().target = target_.get();
  plant.setup.directories.front().policy.band = {1000, 1000, 1000};
  plant.setup.limits.confirm.removals_above = 1'000'000;
  plant.rule("console").roles = {"Device Administrator"};
}

void ConsolePlant::faults(json::array const& rules) { EXPECT_EQ(sim_->replace_faults(rules), std::nullopt); }

void ConsolePlant::people(std::vector<std::string> const& uids) {
  for (auto const& uid : uids) plant.corp.world.person(uid);
}

engine::Report ConsolePlant::run(engine::Exit exit) {
  auto report = plant.run();
  EXPECT_EQ(report.exit, exit);
  return report;
}

std::int64_t ConsolePlant::mark(std::string const& name) const {
  auto const marks = sim_->counters().by_mark;
  auto const found = marks.find(name);
  return found == marks.end() ? 0 : found->second;
}

std::map<std::string, json::object> ConsolePlant::users() const {
  std::map<std::string, json::object> users;
  auto const state = sim_->state();
  for (auto const& user : state.at("users").as_array())
    users.emplace(sim::text_of(user.as_object(), "userName"), user.as_object());
  return users;
}

std::map<std::string, std::set<std::string>> ConsolePlant::groups_of_each() const {
  std::map<std::string, std::string> names;
  auto const state = sim_->state();
  for (auto const& group : state.at("groups").as_array())
    names.emplace(sim::text_of(group.as_object(), "id"), sim::text_of(group.as_object(), "name"));
  std::map<std::string, std::set<std::string>> groups;
  for (auto const& [name, user] : users()) {
    auto& of_one = groups[name];
    for (auto const& id : sim::texts_of(user, "groups")) of_one.insert(names.at(id));
  }
  return groups;
}

void ConsolePlant::expect_harmless() const {
  for (auto const* name :
       {"password_updates", "default_group_changes", "service_user_changes", "status_changes",
        "user_role_changes", "idle_updates", "unknown_fields", "out_of_scope"})
    EXPECT_EQ(mark(name), 0) << name;
}

}  // namespace dirsync::console
