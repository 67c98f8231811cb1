#include <set>

#include "tests/simulators/console/fixture.hpp"

namespace dirsync::sim {
namespace {
using testing::ElementsAre;
using testing::SizeIs;

class GivenSeed : public ConsoleFixture {
 protected:
  void SetUp() override { start(); }
  static json::object page_info(Got const& got) { return got.body.as_object().at("pageInfo").as_object(); }
  static std::size_t items(Got const& got, std::string_view list) {
    return array_of(got.body.as_object(), list).size();
  }
};

TEST_F(GivenSeed, WhenListedWithoutPagingThenOnlyTenComeBack) {
  auto const got = get("/api/groups");
  EXPECT_EQ(items(got, "groups"), 10U);
  EXPECT_EQ(json::serialize(page_info(got)),
            R"({"page":1,"pageSize":10,"totalElements":"28","totalPages":"3"})");
}

TEST_F(GivenSeed, WhenPagedThenEveryEntryComesOnce) {
  std::set<std::string> ids;
  for (auto const* page : {"1", "2", "3"}) {
    auto const got = get(std::string{"/api/users?page.size=30&page.number="} + page);
    for (auto const& id : texts(got.body, "users", "id")) EXPECT_TRUE(ids.insert(id).second);
  }
  EXPECT_THAT(ids, SizeIs(67));
}

TEST_F(GivenSeed, WhenThePageIsBeyondTheEndThenEmptyWithTrueTotals) {
  auto const got = get("/api/groups?page.number=9&page.size=10");
  EXPECT_EQ(items(got, "groups"), 0U);
  EXPECT_EQ(text_of(page_info(got), "totalElements"), "28");
  EXPECT_EQ(number_of(page_info(got), "page"), 9);
}

TEST_F(GivenSeed, WhenPagingIsSillyThenRefused) {
  for (auto const* query : {"page.number=0", "page.number=-1", "page.number=x", "page.size=0",
                            "page.size=", "page.number=99999999999999"})
    EXPECT_EQ(get(std::string{"/api/groups?"} + query).status, 400) << query;
}

TEST_F(GivenSeed, WhenTheSizeIsTooLargeThenCutAndShown) {
  knob("max_page_size", "20");
  auto const got = get("/api/groups?page.size=1000");
  EXPECT_EQ(items(got, "groups"), 20U);
  EXPECT_EQ(number_of(page_info(got), "pageSize"), 20);
}

TEST_F(GivenSeed, WhenPagingIsIgnoredThenAlwaysPageOne) {
  knob("ignore_paging", "roles,groups");
  auto const got = get("/api/groups?page.number=2&page.size=30");
  EXPECT_EQ(number_of(page_info(got), "page"), 1);
  EXPECT_EQ(items(got, "groups"), 10U);
  EXPECT_EQ(number_of(page_info(get("/api/users?page.number=2")), "page"), 2);
}

TEST_F(GivenSeed, WhenTotalsAreNumbersThenWrittenSo) {
  knob("totals_as", "number");
  EXPECT_EQ(number_of(page_info(get("/api/groups")), "totalElements"), 28);
  EXPECT_EQ(number_of(page_info(get("/api/groups")), "totalPages"), 3);
}

TEST_F(GivenSeed, WhenAnEntryMovesBetweenPagesThenAnotherIsMissed) {
  auto const first = texts(get("/api/groups?page.size=20").body, "groups", "name");
  edit(R"({"op":"move","group":"Directory Sync","to":"last"})");
  auto const second = texts(get("/api/groups?page.size=20&page.number=2").body, "groups", "name");
  EXPECT_EQ(second.back(), "Directory Sync");
  std::set<std::string> all{first.begin(), first.end()};
  all.insert(second.begin(), second.end());
  EXPECT_THAT(all, SizeIs(27));
}

TEST_F(GivenSeed, WhenGroupsAreListedThenNeitherRolesNorDefaultFlag) {
  auto const got = get("/api/groups");
  auto const& admins = array_of(got.body.as_object(), "groups").at(0).as_object();
  EXPECT_EQ(text_of(admins, "name"), "Organization Administrators");
  EXPECT_FALSE(admins.contains("roles"));
  EXPECT_FALSE(admins.contains("isDefault"));
  EXPECT_EQ(number_of(admins, "createdTime"), 1'625'800'031'729);
  knob("show_is_default", "true");
  knob("times_as", "string");
  auto const again = get("/api/groups");
  auto const& shown = array_of(again.body.as_object(), "groups").at(0).as_object();
  EXPECT_TRUE(flag_of(shown, "isDefault"));
  EXPECT_EQ(text_of(shown, "createdTime"), "1625800031729");
}

TEST_F(GivenSeed, WhenUsersAreListedThenGroupsOnlyByKnob) {
  auto const got = get("/api/users");
  auto const& user = array_of(got.body.as_object(), "users").at(0).as_object();
  EXPECT_EQ(text_of(user, "userName"), "sysadmin@root.local");
  EXPECT_FALSE(user.contains("groups"));
  EXPECT_FALSE(user.contains("roles"));
  knob("users_list_with_groups", "true");
  auto const again = get("/api/users");
  EXPECT_THAT(array_of(array_of(again.body.as_object(), "users").at(0).as_object(), "groups"), SizeIs(2));
}

TEST_F(GivenSeed, WhenGroupsAreSearchedThenByLettersInAnyOrder) {
  EXPECT_THAT(texts(get("/api/groups?name=cnys").body, "groups", "name"), ElementsAre("Directory Sync"));
  EXPECT_EQ(get("/api/groups?name=ab").status, 400);
  knob("short_search", "none");
  EXPECT_EQ(items(get("/api/groups?name=ab"), "groups"), 0U);
  knob("short_search", "all");
  EXPECT_EQ(text_of(page_info(get("/api/groups?name=ab")), "totalElements"), "28");
}

TEST_F(GivenSeed, WhenRolesAreListedThenTheEightStockRoles) {
  auto const got = get("/api/roles?queryType=SHOW_CURRENT");
  EXPECT_THAT(texts(got.body, "roles", "name"), SizeIs(8));
  auto const id = texts(got.body, "roles", "id").front();
  auto const role = get("/api/roles/" + id);
  EXPECT_EQ(text_of(role.body.as_object(), "name"), "Identity and Access Administrator");
  EXPECT_THAT(texts(role.body, "permissions", "name"),
              testing::IsSupersetOf({"EDIT_USER", "DELETE_MEMBERSHIP"}));
  EXPECT_EQ(get("/api/roles/unknown").status, 404);
}

TEST_F(GivenSeed, WhenPermissionsAreListedThenTheKnownNumbersStand) {
  auto const got = get("/api/permissions");
  EXPECT_FALSE(got.body.as_object().contains("pageInfo"));
  auto const& all = array_of(got.body.as_object(), "permissions");
  EXPECT_EQ(json::serialize(all.at(0)),
            R"({"name":"CREATE_ORGANIZATION","description":"Create Organization","permissionNumber":1})");
  EXPECT_EQ(text_of(all.at(4).as_object(), "name"), "CREATE_USER");
}

TEST_F(GivenSeed, WhenOrganizationsAreListedThenTheKeyIsTenants) {
  auto const got = get("/api/organizations");
  EXPECT_THAT(texts(got.body, "tenants", "name"), ElementsAre("root", "plant-a"));
  auto const& root = array_of(got.body.as_object(), "tenants").at(0).as_object();
  EXPECT_TRUE(root.at("parentId").is_null());
  EXPECT_TRUE(root.at("ancestors").is_null());
  auto const& plant = array_of(got.body.as_object(), "tenants").at(1).as_object();
  EXPECT_EQ(plant.at("parentId"), root.at("id"));
  EXPECT_EQ(plant.at("ancestors").as_array().at(0), root.at("id"));
  EXPECT_THAT(texts(get("/api/organizations?queryType=SHOW_CURRENT").body, "tenants", "name"),
              ElementsAre("root"));
  EXPECT_EQ(get("/api/organizations/" + text_of(plant, "id")).status, 200);
  EXPECT_EQ(get("/api/organizations/unknown").status, 404);
}

TEST_F(GivenSeed, WhenMembersAreListedThenInBothForms) {
  auto const id = text_of(stored_group("Directory Sync"), "id");
  auto const users =
      get("/api/console-groups/" + id + "/users?page.number=1&page.size=10&queryType=SHOW_CURRENT");
  EXPECT_THAT(texts(users.body, "users", "userName"), ElementsAre("svc-dirsync@root.local"));
  EXPECT_FALSE(array_of(users.body.as_object(), "users").at(0).as_object().contains("email"));
  auto const members = get("/api/groups/" + id + "/members?assigneeType=USER");
  auto const& record = array_of(members.body.as_object(), "members").at(0).as_object();
  EXPECT_EQ(text_of(record, "assigneeId"), text_of(stored_user("svc-dirsync@root.local"), "id"));
  EXPECT_EQ(texts_of(record, "assignedGroups"), std::vector<std::string>{id});
  EXPECT_EQ(text_of(record, "updateVersion"), "1");
  EXPECT_EQ(items(get("/api/groups/" + id + "/members?assigneeType=GROUP"), "members"), 0U);
}

TEST_F(GivenSeed, WhenForeignMembershipsAreOnThenTheyComeFirst) {
  knob("foreign_memberships", "true");
  auto const got = get(group_path("Directory Sync") + "/members?assigneeType=USER");
  EXPECT_THAT(texts(got.body, "members", "assigneeType"), ElementsAre("GROUP", "USER"));
  EXPECT_EQ(text_of(page_info(got), "totalElements"), "2");
}

TEST_F(GivenSeed, WhenAMemberPathIsOffThenNotFoundAlthoughTheGroupIsThere) {
  auto const id = text_of(stored_group("Directory Sync"), "id");
  knob("console_groups", "off");
  EXPECT_EQ(get("/api/console-groups/" + id + "/users").status, 404);
  EXPECT_EQ(get("/api/groups/" + id).status, 200);
  knob("console_groups", "501");
  EXPECT_EQ(get("/api/console-groups/" + id + "/users").status, 501);
  knob("group_members", "405");
  EXPECT_EQ(get("/api/groups/" + id + "/members").status, 405);
}

TEST_F(GivenSeed, WhenQueryTypeIsRequiredThenGroupUsersNeedIt) {
  auto const target = "/api/console-groups/" + text_of(stored_group("Directory Sync"), "id") + "/users";
  EXPECT_EQ(get(target).status, 200);
  knob("require_query_type", "true");
  EXPECT_EQ(get(target).status, 400);
  EXPECT_EQ(get(target + "?queryType=SHOW_CURRENT").status, 200);
  EXPECT_EQ(get(target + "?queryType=ALL").status, 400);
}

class GivenTree : public ConsoleFixture {
 protected:
  void SetUp() override {
    start(R"({"fillerGroups":0,"fillerUsers":0,
      "organizations":[{"name":"line-1","parentId":"plant-a"}],
      "groups":[{"name":"In plant","orgId":"plant-a","roles":["Device Administrator"]},
                {"name":"In line","orgId":"line-1","roles":["Device Administrator"]}],
      "users":[{"userName":"plant@root.local","orgId":"plant-a","password":"Plant#123",
                "groups":["In plant","Organization Administrators"]},
               {"userName":"line@root.local","orgId":"line-1","groups":["In line"]}]})");
  }
  std::string org(std::string_view name) const {
    auto const state = sim_->state();
    for (auto const& entry : array_of(state.as_object(), "organizations"))
      if (text_of(entry.as_object(), "name") == name) return text_of(entry.as_object(), "id");
    return {};
  }
  std::vector<std::string> groups(std::string_view query_type) {
    return texts(get("/api/groups?queryType=" + std::string{query_type}).body, "groups", "name");
  }
};

TEST_F(GivenTree, WhenScopedThenQueryTypeReachesUpAndDown) {
  org_ = org("plant-a");
  EXPECT_THAT(groups("SHOW_CURRENT"), ElementsAre("In plant"));
  EXPECT_THAT(groups("SHOW_DESCENDANTS"), ElementsAre("In plant", "In line"));
  EXPECT_THAT(groups("SHOW_ANCESTORS"), ElementsAre("Organization Administrators", "System Administrators",
                                                    "Directory Sync", "In plant"));
  EXPECT_THAT(groups("SHOW_ALL"), SizeIs(5));
  EXPECT_THAT(texts(get("/api/groups").body, "groups", "name"), ElementsAre("In plant"));
  knob("default_query_type", "SHOW_ALL");
  EXPECT_THAT(texts(get("/api/groups").body, "groups", "name"), SizeIs(5));
}

TEST_F(GivenTree, WhenScopedThenObjectsOutsideAreNotFound) {
  org_ = org("plant-a");
  EXPECT_EQ(get(group_path("In line")).status, 200);
  EXPECT_EQ(get(group_path("Directory Sync")).status, 404);
  EXPECT_EQ(get(user_path("sysadmin@root.local")).status, 404);
  EXPECT_EQ(call("PUT", user_path("sysadmin@root.local"), user_update("sysadmin@root.local")).status, 404);
  EXPECT_EQ(call("DELETE", group_path("Directory Sync")).status, 404);
}

TEST_F(GivenTree, WhenTheOrganizationIsUnknownOrAboveTheCallerThenRefused) {
  org_ = "unknown";
  EXPECT_EQ(get("/api/groups").status, 404);
  token_ = text_of(log_in("plant@root.local", "Plant#123").body.as_object(), "accessToken");
  org_ = org("root");
  EXPECT_EQ(get("/api/groups").status, 403);
  org_ = org("line-1");
  EXPECT_EQ(get("/api/groups").status, 200);
}

TEST_F(GivenTree, WhenTheOrganizationIsLeftOutThenCounted) {
  get("/api/groups");
  org_ = org("root");
  get("/api/groups");
  EXPECT_EQ(mark("without_organization"), 1);
}

TEST_F(GivenTree, WhenAGroupAboveHasMembersBelowThenQueryTypeShowsThem) {
  auto const target =
      "/api/console-groups/" + text_of(stored_group("Organization Administrators"), "id") + "/users";
  EXPECT_THAT(texts(get(target).body, "users", "userName"), ElementsAre("sysadmin@root.local"));
  EXPECT_THAT(texts(get(target + "?queryType=SHOW_DESCENDANTS").body, "users", "userName"),
              ElementsAre("sysadmin@root.local", "plant@root.local"));
}

TEST_F(GivenTree, WhenAnArrayIsEmptyThenWrittenAsTheKnobSays) {
  org_ = org("plant-a");
  EXPECT_THAT(get("/api/roles").text, testing::StartsWith(R"({"roles":[],"pageInfo":)"));
  EXPECT_THAT(get("/api/roles").text, testing::HasSubstr(R"("totalElements":"0","totalPages":"0")"));
  knob("empty_arrays", "absent");
  EXPECT_THAT(get("/api/roles").text, testing::StartsWith(R"({"pageInfo":)"));
  knob("empty_arrays", "null");
  EXPECT_THAT(get("/api/roles").text, testing::StartsWith(R"({"roles":null,)"));
}

}  // namespace
}  // namespace dirsync::sim
