#include "tests/simulators/console/fixture.hpp"

namespace dirsync::sim {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr auto kAnn = "ann@root.local";

class GivenUsers : public ConsoleFixture {
 protected:
  void SetUp() override {
    start(R"({"fillerGroups":0,"fillerUsers":0,
      "groups":[{"name":"Operators","roles":["Device Administrator"]},
                {"name":"Auditors","roles":["Insights Viewer"]},
                {"name":"In plant","orgId":"plant-a","roles":["Insights Viewer"]}],
      "users":[{"userName":"ann@root.local","displayName":"Ann","roles":["Insights Viewer"],
                "groups":["Operators"]}]})");
  }
  std::string group(std::string_view name) const { return text_of(stored_group(name), "id"); }
  Got update(json::object const& changes) { return call("PUT", user_path(kAnn), user_update(kAnn, changes)); }
  Got create(json::object const& changes) {
    json::object body{{"userName", "new@root.local"}, {"displayName", "New"}, {"email", "new@root.local"},
                      {"password", "Secret#12"},      {"status", "ACTIVE"},   {"roles", json::array{}},
                      {"groups", json::array{}}};
    for (auto const& [key, value] : changes) body[key] = value;
    return call("POST", "/api/users", json::serialize(body));
  }
  std::vector<std::string> groups_of(std::string_view user) const {
    return texts_of(stored_user(user), "groups");
  }
};

TEST_F(GivenUsers, WhenReadThenGroupsAndRolesAreObjects) {
  auto const got = get(user_path(kAnn));
  EXPECT_THAT(texts(got.body, "groups", "id"), ElementsAre(group("Operators")));
  EXPECT_THAT(texts(got.body, "roles", "name"), ElementsAre("Insights Viewer"));
  EXPECT_THAT(got.text, Not(HasSubstr("Token")));
  EXPECT_THAT(got.text, Not(HasSubstr("password")));
  EXPECT_EQ(get("/api/users/unknown").status, 404);
}

TEST_F(GivenUsers, WhenKnobsShapeTheUserThenWrittenSo) {
  knob("org_field", "tenantId");
  EXPECT_TRUE(get(user_path(kAnn)).body.as_object().contains("tenantId"));
  EXPECT_FALSE(get(user_path(kAnn)).body.as_object().contains("orgId"));
  knob("user_refs_form", "ids");
  EXPECT_THAT(texts_of(get(user_path(kAnn)).body.as_object(), "groups"), ElementsAre(group("Operators")));
  knob("user_refs_form", "no_ids");
  EXPECT_THAT(texts(get(user_path(kAnn)).body, "groups", "id"), ElementsAre(""));
  knob("user_tokens_in_body", "true");
  EXPECT_THAT(get(user_path(kAnn)).text, HasSubstr("canary-access-token"));
  knob("empty_arrays", "absent");
  update({{"groups", json::array{}}});
  EXPECT_FALSE(get(user_path(kAnn)).body.as_object().contains("groups"));
}

TEST_F(GivenUsers, WhenUpdatedThenGroupsAreReplacedOnBothSides) {
  auto const got = update({{"groups", json::array{group("Auditors")}}});
  ASSERT_EQ(got.status, 200);
  EXPECT_EQ(got.body.as_object().size(), 1U);
  EXPECT_THAT(groups_of(kAnn), ElementsAre(group("Auditors")));
  EXPECT_EQ(number_of(stored_user(kAnn), "updateVersion"), 2);
  auto const members = [this](std::string_view name) {
    return texts(get("/api/console-groups/" + group(name) + "/users").body, "users", "userName");
  };
  EXPECT_THAT(members("Operators"), IsEmpty());
  EXPECT_THAT(members("Auditors"), ElementsAre(kAnn));
}

TEST_F(GivenUsers, WhenTheVersionIsStaleThenNothingChanges) {
  auto const body = user_update(kAnn, {{"groups", json::array{group("Auditors")}}});
  edit(R"({"op":"add_member","user":"ann@root.local","group":"Organization Administrators"})");
  EXPECT_EQ(call("PUT", user_path(kAnn), body).status, 409);
  EXPECT_THAT(groups_of(kAnn), ElementsAre(group("Operators"), group("Organization Administrators")));
  EXPECT_EQ(sim_->counters().changes, 0);
}

TEST_F(GivenUsers, WhenALinkIsUnknownThenNothingChanges) {
  EXPECT_EQ(update({{"groups", json::array{"unknown"}}}).message, "Invalid Groups");
  EXPECT_EQ(update({{"roles", json::array{"unknown"}}}).message, "Invalid Roles");
  EXPECT_EQ(update({{"groups", "not an array"}}).status, 400);
  EXPECT_EQ(number_of(stored_user(kAnn), "updateVersion"), 1);
}

TEST_F(GivenUsers, WhenAGroupBelowIsAssignedThenInvalidUnlessItIsThereAlready) {
  auto const both = json::array{group("Operators"), group("In plant")};
  EXPECT_EQ(update({{"groups", both}}).message, "Invalid Groups");
  edit(R"({"op":"add_member","user":"ann@root.local","group":"In plant"})");
  EXPECT_EQ(update({{"groups", both}}).status, 200);
}

TEST_F(GivenUsers, WhenAnArrayIsLeftOutThenEmptyOrKept) {
  EXPECT_EQ(update({{"groups", nullptr}}).status, 200);
  EXPECT_THAT(groups_of(kAnn), IsEmpty());
  knob("absent_array", "keep");
  EXPECT_EQ(update({{"roles", nullptr}}).status, 200);
  EXPECT_THAT(texts_of(stored_user(kAnn), "roles"), testing::SizeIs(1));
}

TEST_F(GivenUsers, WhenGroupsAreEmptyThenAppliedIgnoredOrRefused) {
  knob("empty_groups", "ignore");
  EXPECT_EQ(update({{"groups", json::array{}}}).status, 200);
  EXPECT_THAT(groups_of(kAnn), ElementsAre(group("Operators")));
  knob("empty_groups", "400");
  EXPECT_EQ(update({{"groups", json::array{}}}).message, "Invalid Groups");
  knob("empty_groups", "apply");
  EXPECT_EQ(update({{"groups", json::array{}}}).status, 200);
  EXPECT_THAT(groups_of(kAnn), IsEmpty());
}

TEST_F(GivenUsers, WhenTheUserNameDiffersThenAsTheKnobSays) {
  EXPECT_EQ(update({{"userName", "anna@root.local"}}).status, 200);
  EXPECT_EQ(text_of(stored_user(kAnn), "displayName"), "Ann");
  knob("user_name_change", "400");
  auto const refused = update({{"userName", "anna@root.local"}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.message, HasSubstr("userName"));
  EXPECT_EQ(update({}).status, 200);
  knob("user_name_change", "apply");
  EXPECT_EQ(update({{"userName", "SYSADMIN@root.local"}}).status, 409);
  EXPECT_EQ(update({{"userName", "bare word"}}).status, 400);
  EXPECT_EQ(update({{"userName", "anna@root.local"}}).status, 200);
  EXPECT_EQ(text_of(stored_user("anna@root.local"), "displayName"), "Ann");
}

TEST_F(GivenUsers, WhenAPasswordIsSentThenCountedWhateverComesOfIt) {
  EXPECT_EQ(update({{"password", ""}}).status, 200);
  EXPECT_EQ(update({{"password", "short"}}).message, "Invalid Password");
  EXPECT_EQ(update({{"password", "Another#1"}}).status, 200);
  EXPECT_EQ(mark("password_updates"), 3);
  EXPECT_EQ(log_in(kAnn, "Another#1").status, 200);
}

TEST_F(GivenUsers, WhenStatusOrRolesChangeThenCounted) {
  EXPECT_EQ(update({{"status", "INACTIVE"}}).status, 200);
  EXPECT_EQ(update({{"status", "GONE"}}).message, "Invalid Status");
  EXPECT_EQ(update({{"roles", json::array{}}}).status, 200);
  EXPECT_EQ(mark("status_changes"), 1);
  EXPECT_EQ(mark("user_role_changes"), 1);
}

TEST_F(GivenUsers, WhenNothingChangesThenAnIdleUpdateThatStillRaisesTheVersion) {
  EXPECT_EQ(update({}).status, 200);
  EXPECT_EQ(mark("idle_updates"), 1);
  EXPECT_EQ(number_of(stored_user(kAnn), "updateVersion"), 2);
}

TEST_F(GivenUsers, WhenProtectedOnesAreTouchedThenCounted) {
  auto const* const service = "svc-dirsync@root.local";
  EXPECT_EQ(call("PUT", user_path(service), user_update(service)).status, 200);
  EXPECT_EQ(mark("service_user_changes"), 1);
  EXPECT_EQ(update({{"groups", json::array{group("System Administrators")}}}).status, 200);
  EXPECT_EQ(mark("default_group_changes"), 1);
}

TEST_F(GivenUsers, WhenCreatedThenStoredAsSent) {
  auto const got = create({{"userName", "New@root.local"}, {"groups", json::array{group("Operators")}}});
  ASSERT_EQ(got.status, 200) << got.message;
  EXPECT_EQ(text_of(stored_user("New@root.local"), "id"), text_of(got.body.as_object(), "id"));
  EXPECT_THAT(groups_of("New@root.local"), ElementsAre(group("Operators")));
  EXPECT_EQ(create({}).status, 409);
  knob("case_sensitive_names", "true");
  EXPECT_EQ(create({}).status, 200);
}

TEST_F(GivenUsers, WhenWhatIsAskedForIsInvalidThenNobodyIsCreated) {
  for (auto const* name : {"", "bare", "@gmil.com", "a@", "a@b@c"})
    EXPECT_EQ(create({{"userName", name}}).message, "Invalid Username") << name;
  for (auto const* password :
       {"", "Short#1", "Much#Too#Long#For#This1", "nodigits#A", "NOLOWER#1", "noupper#1", "NoSpecial1"})
    EXPECT_EQ(create({{"password", password}}).message, "Invalid Password") << password;
  EXPECT_EQ(create({{"groups", json::array{"unknown"}}}).message, "Invalid Groups");
  EXPECT_EQ(create({{"status", "UNKNOWN_STATUS"}}).message, "Invalid Status");
  knob("roles_required_on_user", "true");
  EXPECT_EQ(create({}).message, "Invalid Roles");
  EXPECT_EQ(sim_->counters().changes, 0);
  knob("roles_required_on_user", "false");
  knob("username_must_be_email", "false");
  EXPECT_EQ(create({{"userName", "bare"}}).status, 200);
}

TEST_F(GivenUsers, WhenReadsAreStaleThenTheOldStateShowsForAWhile) {
  knob("stale_reads_ms", "2000");
  ASSERT_EQ(update({{"groups", json::array{}}}).status, 200);
  auto const shown = [this] { return texts(get(user_path(kAnn)).body, "groups", "name"); };
  EXPECT_THAT(shown(), ElementsAre("Operators"));
  now_ += std::chrono::milliseconds{1000};
  ASSERT_EQ(update({{"groups", json::array{group("Auditors")}}}).status, 200);
  EXPECT_THAT(shown(), ElementsAre("Operators"));
  now_ += std::chrono::milliseconds{1000};
  EXPECT_THAT(shown(), IsEmpty());
  now_ += std::chrono::milliseconds{1000};
  EXPECT_THAT(shown(), ElementsAre("Auditors"));
}

TEST_F(GivenUsers, WhenAnotherWriterIsFasterThenTheUpdateIsStale) {
  faults(R"([{"route":"PUT /api/users/{id}",
              "do":{"op":"add_member","user":"ann@root.local","group":"Auditors"}}])");
  EXPECT_EQ(update({{"groups", json::array{}}}).status, 409);
  EXPECT_THAT(groups_of(kAnn), UnorderedElementsAre(group("Operators"), group("Auditors")));
  EXPECT_EQ(update({{"groups", json::array{}}}).status, 200);
}

TEST_F(GivenUsers, WhenTheAnswerIsLostThenTheWriteHasHappened) {
  faults(R"([{"route":"PUT /api/users/{id}","drop":true},
             {"route":"PUT /api/users/{id}","drop":true,"effect":"prevented","nth":2}])");
  auto const body = user_update(kAnn, {{"groups", json::array{}}});
  EXPECT_TRUE(sim_->handle(make_request(
                               "PUT", user_path(kAnn), body,
                               {{"Content-Type", "application/json"}, {"Authorization", "Bearer " + token_}}))
                  .drop);
  EXPECT_THAT(groups_of(kAnn), IsEmpty());
  update({{"groups", json::array{group("Auditors")}}});
  EXPECT_THAT(groups_of(kAnn), IsEmpty());
}

TEST_F(GivenUsers, WhenOnePathIsFaultyThenTheOthersAnswer) {
  faults(R"([{"path":"page.number=2","status":502,"body":"<html>Bad Gateway</html>","count":0},
             {"route":"GET /api/groups","status":429,"headers":{"Retry-After":"1"},"nth":2}])");
  EXPECT_EQ(get("/api/users?page.number=1").status, 200);
  EXPECT_EQ(get("/api/users?page.number=2").status, 502);
  EXPECT_EQ(get("/api/groups").status, 200);
  EXPECT_EQ(get("/api/groups").status, 429);
  EXPECT_EQ(get("/api/groups").status, 200);
}

}  // namespace
}  // namespace dirsync::sim
