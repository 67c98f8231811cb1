#include "tests/simulators/console/fixture.hpp"

namespace dirsync::sim {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;

class GivenGroups : public ConsoleFixture {
 protected:
  void SetUp() override {
    start(R"({"fillerGroups":0,"fillerUsers":0,
              "groups":[{"name":"Operators","description":"old","roles":["Device Administrator"]}],
              "users":[{"userName":"ann@root.local","groups":["Operators"]}]})");
    auto const state = sim_->state();
    for (auto const& entry : array_of(state.as_object(), "roles"))
      if (text_of(entry.as_object(), "name") == "Device Administrator")
        role_ = text_of(entry.as_object(), "id");
  }
  Got create(std::string_view name, json::array roles) {
    return call(
        "POST", "/api/groups",
        json::serialize(json::object{{"name", name}, {"description", "d"}, {"roles", std::move(roles)}}));
  }
  Got update(json::object const& changes) {
    return call("PUT", group_path("Operators"), group_update("Operators", changes));
  }
  std::string role_;
};

TEST_F(GivenGroups, WhenCreatedThenOnlyTheIdIsAnswered) {
  auto const got = create("New", {role_});
  ASSERT_EQ(got.status, 200);
  EXPECT_EQ(got.body.as_object().size(), 1U);
  auto const group = stored_group("New");
  EXPECT_EQ(text_of(group, "id"), text_of(got.body.as_object(), "id"));
  EXPECT_EQ(number_of(group, "updateVersion"), 1);
  EXPECT_EQ(number_of(group, "createdTime"), 1'700'000'000'000);
  EXPECT_EQ(text_of(group, "createdBy"), text_of(stored_user("svc-dirsync@root.local"), "id"));
  EXPECT_EQ(sim_->counters().writes, 1);
  EXPECT_EQ(sim_->counters().changes, 1);
}

TEST_F(GivenGroups, WhenWhatIsAskedForIsInvalidThenNothingIsCreated) {
  EXPECT_EQ(create("", {role_}).message, "Invalid Group Name");
  EXPECT_EQ(create("a<b", {role_}).message, "Invalid Group Name");
  EXPECT_EQ(create("New", {}).message, "Invalid Roles");
  EXPECT_EQ(create("New", {"unknown"}).message, "Invalid Roles");
  EXPECT_EQ(create("New", {7}).status, 400);
  EXPECT_EQ(call("POST", "/api/groups", R"({"name":"New"})").message, "Invalid Roles");
  EXPECT_EQ(sim_->counters().writes, 6);
  EXPECT_EQ(sim_->counters().changes, 0);
  knob("refused_in_group_names", "");
  EXPECT_EQ(create("a<b", {role_}).status, 200);
}

TEST_F(GivenGroups, WhenTheNameIsTakenThenConflictUnlessAllowed) {
  auto const got = create("Operators", {role_});
  EXPECT_EQ(got.status, 409);
  EXPECT_EQ(got.message, "Group already exists");
  EXPECT_EQ(create("operators", {role_}).status, 200);
  knob("allow_duplicate_names", "true");
  EXPECT_EQ(create("Operators", {role_}).status, 200);
}

TEST_F(GivenGroups, WhenReadThenRolesAreNamesOrObjects) {
  auto const names = get(group_path("Operators"));
  auto const& role = array_of(names.body.as_object(), "roles").at(0).as_object();
  EXPECT_EQ(json::serialize(role), R"({"name":"Device Administrator"})");
  knob("group_roles_form", "objects");
  EXPECT_THAT(texts(get(group_path("Operators")).body, "roles", "id"), ElementsAre(role_));
  EXPECT_EQ(get("/api/groups/unknown").status, 404);
}

TEST_F(GivenGroups, WhenUpdatedThenTheVersionGrowsAndTheOldOneIsStale) {
  auto const before = group_update("Operators", {{"description", "new"}});
  ASSERT_EQ(call("PUT", group_path("Operators"), before).status, 200);
  EXPECT_EQ(text_of(stored_group("Operators"), "description"), "new");
  EXPECT_EQ(number_of(stored_group("Operators"), "updateVersion"), 2);
  auto const again = call("PUT", group_path("Operators"), before);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.message, "Update version mismatch");
  EXPECT_EQ(update({{"updateVersion", nullptr}}).status, 409);
  EXPECT_EQ(update({{"updateVersion", "2"}}).status, 200);
  knob("stale_status", "412");
  EXPECT_EQ(call("PUT", group_path("Operators"), before).status, 412);
  knob("require_update_version", "false");
  EXPECT_EQ(call("PUT", group_path("Operators"), before).status, 200);
}

TEST_F(GivenGroups, WhenAnUpdateIsInvalidThenRefused) {
  EXPECT_EQ(update({{"roles", json::array{}}}).message, "Invalid Roles");
  EXPECT_EQ(update({{"name", ""}}).message, "Invalid Group Name");
  EXPECT_EQ(update({{"name", "Directory Sync"}}).status, 409);
  EXPECT_EQ(update({{"id", "another"}}).status, 400);
  EXPECT_EQ(update({{"updateVersion", 1.5}}).status, 400);
  EXPECT_EQ(call("PUT", "/api/groups/unknown", group_update("Operators")).status, 404);
  EXPECT_EQ(number_of(stored_group("Operators"), "updateVersion"), 1);
}

TEST_F(GivenGroups, WhenDeletedThenItsMembersLoseIt) {
  auto const path = group_path("Operators");
  auto const got = call("DELETE", path);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.text, "{}");
  EXPECT_THAT(array_of(stored_user("ann@root.local"), "groups"), IsEmpty());
  EXPECT_EQ(call("DELETE", path).status, 404);
}

TEST_F(GivenGroups, WhenAGroupWithMembersMayNotGoThenRefused) {
  knob("delete_nonempty_status", "409");
  EXPECT_EQ(call("DELETE", group_path("Operators")).status, 409);
  edit(R"({"op":"remove_member","user":"ann@root.local","group":"Operators"})");
  EXPECT_EQ(call("DELETE", group_path("Operators")).status, 200);
}

TEST_F(GivenGroups, WhenADefaultGroupIsTouchedThenCounted) {
  auto const* const name = "System Administrators";
  EXPECT_EQ(call("PUT", group_path(name), group_update(name)).status, 200);
  EXPECT_EQ(call("DELETE", group_path(name)).status, 200);
  EXPECT_EQ(mark("default_group_changes"), 2);
}

TEST_F(GivenGroups, WhenAFieldIsUnknownThenIgnoredAndCounted) {
  EXPECT_EQ(update({{"display_name", "x"}}).status, 200);
  EXPECT_EQ(mark("unknown_fields"), 1);
}

}  // namespace
}  // namespace dirsync::sim
