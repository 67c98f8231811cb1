#include "tests/simulators/console/fixture.hpp"

namespace dirsync::sim {
namespace {
using testing::HasSubstr;
using testing::SizeIs;

class GivenStateFile : public ConsoleFixture {
 protected:
  static std::string error_of(std::string_view state, ConsoleSim::Options options = {}) {
    auto const opened = ConsoleSim::open(parse_json(state).value(), std::move(options));
    return opened ? "" : opened.error().context;
  }
  static std::string error_of_knob(std::string name, std::string value) {
    ConsoleSim::Options options;
    options.knobs = {{std::move(name), std::move(value)}};
    return error_of("{}", std::move(options));
  }
};

TEST_F(GivenStateFile, WhenDumpedAndLoadedThenTheSame) {
  start();
  auto const state = sim_->state();
  EXPECT_THAT(array_of(state.as_object(), "users"), SizeIs(67));
  ASSERT_EQ(sim_->replace_state(state), std::nullopt);
  EXPECT_EQ(sim_->state(), state);
}

TEST_F(GivenStateFile, WhenOpenedTwiceThenTheIdsAreTheSame) {
  start();
  auto const state = sim_->state();
  start();
  EXPECT_EQ(sim_->state(), state);
}

TEST_F(GivenStateFile, WhenReplacedThenSessionsOfKnownUsersStay) {
  start();
  ASSERT_EQ(sim_->replace_state(json::object{{"fillerUsers", 0}}), std::nullopt);
  EXPECT_EQ(texts(get("/api/users").body, "users", "id").size(), 2U);
}

TEST_F(GivenStateFile, WhenAPartIsWrongThenTheMessageSaysWhere) {
  EXPECT_THAT(error_of("[]"), HasSubstr("not a JSON object"));
  EXPECT_THAT(error_of(R"({"base":"other"})"), HasSubstr("other is not seed or empty"));
  EXPECT_THAT(error_of(R"({"user":[]})"), HasSubstr("unknown key user"));
  EXPECT_THAT(error_of(R"({"users":[7]})"), HasSubstr("every entry is an object"));
  EXPECT_THAT(error_of(R"({"users":[{}]})"), HasSubstr("userName is missing"));
  EXPECT_THAT(error_of(R"({"users":[{"userName":"a","grups":[]}]})"), HasSubstr("user a: unknown key grups"));
  EXPECT_THAT(error_of(R"({"users":[{"userName":"a","groups":["X"]}]})"), HasSubstr("in groups: X"));
  EXPECT_THAT(error_of(R"({"users":[{"userName":"a","orgId":"X"}]})"), HasSubstr("no organization X"));
  EXPECT_THAT(error_of(R"({"groups":[{"name":"g","roles":["X"]}]})"), HasSubstr("in roles: X"));
  EXPECT_THAT(error_of(R"({"groups":[{}]})"), HasSubstr("name is missing"));
  EXPECT_THAT(error_of(R"({"roles":[{"name":"r","permissions":["X"]}]})"), HasSubstr("unknown permission X"));
  EXPECT_THAT(error_of(R"({"base":"empty","roles":[{"name":"r"}]})"), HasSubstr("no organization yet"));
  EXPECT_THAT(error_of(R"({"organizations":[{"name":"o","parentId":"X"}]})"), HasSubstr("no organization X"));
}

TEST_F(GivenStateFile, WhenTheTreeIsTooDeepThenRefused) {
  EXPECT_EQ(error_of(R"({"organizations":[{"name":"b","parentId":"plant-a"},{"name":"c","parentId":"b"},
                                          {"name":"d","parentId":"c"}]})"),
            "");
  EXPECT_THAT(error_of(R"({"organizations":[{"name":"b","parentId":"plant-a"},{"name":"c","parentId":"b"},
                                            {"name":"d","parentId":"c"},{"name":"e","parentId":"d"}]})"),
              HasSubstr("four levels"));
}

TEST_F(GivenStateFile, WhenAKnobIsWrongThenTheMessageSaysWhatIsAccepted) {
  EXPECT_THAT(error_of_knob("total_as", "string"), HasSubstr("no such knob: total_as"));
  EXPECT_THAT(error_of_knob("totals_as", "text"), HasSubstr("totals_as is string|number, not text"));
  EXPECT_THAT(error_of_knob("me", "yes"), HasSubstr("me is true|false"));
  EXPECT_THAT(error_of_knob("max_page_size", "-1"), HasSubstr("max_page_size is number"));
  EXPECT_THAT(error_of_knob("stale_status", "418"), HasSubstr("409|400|412|500"));
  ConsoleSim::Options options;
  options.set_name = "doc-1.0";
  EXPECT_THAT(error_of("{}", std::move(options)), HasSubstr("no set doc-1.0"));
}

TEST_F(GivenStateFile, WhenASetIsNamedThenItsKnobsHoldAndOthersComeAfter) {
  start("{}", {.set_name = "doc-2.0.2", .knobs = {}});
  auto const got = get("/api/users?page.size=1");
  auto const& user = array_of(got.body.as_object(), "users").at(0).as_object();
  EXPECT_TRUE(user.contains("tenantId"));
  EXPECT_EQ(text_of(user, "createdTime"), "1625800031729");
  EXPECT_TRUE(get(group_path("System Administrators")).body.as_object().contains("isDefault"));

  start("{}", {.set_name = "infer-2021", .knobs = {{"max_page_size", "5"}}});
  auto const list = get("/api/groups");
  EXPECT_THAT(list.text,
              HasSubstr(R"("pageInfo":{"page":1,"pageSize":5,"totalElements":28,"totalPages":6})"));
  EXPECT_EQ(
      bare("GET", "/api/groups", {{"Accept", "text/html"}, {"Authorization", "Bearer " + token_}}).status,
      200);
}

TEST_F(GivenStateFile, WhenEditedThenTheStateFollowsAndNothingIsCounted) {
  start();
  edit(R"([{"op":"add_user","user":{"userName":"eve@root.local","groups":["Directory Sync"]}},
           {"op":"add_group","group":{"name":"Late","roles":["Insights Viewer"]}},
           {"op":"put_user","user":"eve@root.local","displayName":"Eve","groups":["Late"]},
           {"op":"put_group","group":"Late","name":"Later"},
           {"op":"delete_user","user":"filler-01@root.local"},
           {"op":"delete_group","group":"Filler Group 02"}])");
  EXPECT_EQ(texts_of(stored_user("eve@root.local"), "groups"),
            std::vector<std::string>{text_of(stored_group("Later"), "id")});
  EXPECT_EQ(number_of(stored_user("eve@root.local"), "updateVersion"), 2);
  EXPECT_THAT(array_of(stored_user("filler-02@root.local"), "groups"), testing::IsEmpty());
  EXPECT_EQ(sim_->counters().requests, 0);
  auto const state = sim_->state();
  EXPECT_THAT(array_of(state.as_object(), "users"), SizeIs(67));
}

TEST_F(GivenStateFile, WhenAnEditIsWrongThenSaid) {
  start();
  auto const wrong = [this](std::string_view edit) {
    return sim_->edit(parse_json(edit).value()).value_or("");
  };
  EXPECT_THAT(wrong(R"({"op":"fly"})"), HasSubstr("no op fly"));
  EXPECT_THAT(wrong(R"({"op":"put_user","user":"nobody"})"), HasSubstr("nobody"));
  EXPECT_THAT(wrong(R"({"op":"put_user","user":"sysadmin@root.local","groups":["X"]})"),
              HasSubstr("no group X"));
  EXPECT_THAT(wrong(R"({"op":"move","group":"Directory Sync","to":"up"})"), HasSubstr("first or last"));
  EXPECT_THAT(wrong(R"({"op":"add_user"})"), HasSubstr("an object"));
  EXPECT_THAT(wrong(R"({"op":"expire_tokens"})"), HasSubstr("access or all"));
  EXPECT_THAT(wrong(R"({"op":"set_knob","name":"me","value":"1"})"), HasSubstr("true|false"));
}

TEST_F(GivenStateFile, WhenCountersAreShownThenEveryMarkIsThere) {
  start();
  auto const got = bare("GET", "/_sim/counters", {});
  for (auto const* name :
       {"password_updates", "default_group_changes", "service_user_changes", "status_changes",
        "user_role_changes", "idle_updates", "unknown_fields", "without_organization", "out_of_scope"})
    EXPECT_EQ(number_of(got.body.as_object(), name, -1), 0) << name;
  get("/api/groups");
  EXPECT_EQ(number_of(bare("GET", "/_sim/counters", {}).body.as_object(), "without_organization"), 1);
  bare("DELETE", "/_sim/journal", {});
  EXPECT_EQ(number_of(bare("GET", "/_sim/counters", {}).body.as_object(), "without_organization"), 0);
}

}  // namespace
}  // namespace dirsync::sim
