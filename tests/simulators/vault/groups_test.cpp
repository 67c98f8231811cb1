#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class GivenGroups : public VaultTest {
 protected:
  void SetUp() override { log_on(); }
  void use_profile(std::string profile, Fields knobs = {}) {
    use(std::move(profile), std::move(knobs));
    log_on();
  }
  std::vector<std::string> names(std::string_view query) {
    auto const answer = get("API/UserGroups?" + std::string{query});
    EXPECT_EQ(answer.status, 200) << answer.body;
    std::vector<std::string> found;
    auto const list = object_of(answer);
    for (auto const& group : list.at("value").as_array())
      found.push_back(text_of(group.as_object(), "groupName"));
    return found;
  }
};

TEST_F(GivenGroups, WhenListedThenAllComeWithoutMembers) {
  auto const list = object_of(get("API/UserGroups"));
  EXPECT_EQ(list.at("count").to_number<std::size_t>(), 13U);
  EXPECT_FALSE(list.contains("nextLink"));
  auto const& first = list.at("value").as_array().at(0).as_object();
  EXPECT_EQ(json::serialize(first), R"({"id":7,"groupType":"Vault","groupName":"Backup Users",)"
                                    R"("description":"Backup users group","location":"\\System"})");
}

TEST_F(GivenGroups, WhenListedWithMembersThenNamesAndIdsCome) {
  EXPECT_EQ(json::serialize(group_in_list("Vault Admins").at("members")),
            R"([{"username":"Administrator","id":2}])");
  EXPECT_EQ(json::serialize(group_in_list("PVWAUsers").at("members")), "[]");
  EXPECT_EQ(text_of(group_in_list("CyberArk Admins"), "dn"), "CN=CyberArk Admins,DC=MyDomain,DC=corp,DC=com");
  EXPECT_FALSE(group_in_list("Auditors").contains("dn"));
}

TEST_F(GivenGroups, WhenServerIsNewThenEmptyMembersAreLeftOut) {
  use_profile("pam-14.4");
  EXPECT_FALSE(group_in_list("PVWAUsers").contains("members"));
  set("empty_members", "null");
  EXPECT_TRUE(group_in_list("PVWAUsers").at("members").is_null());
}

TEST_F(GivenGroups, WhenServerIsOldThenMembersSortAndNameFilterAreIgnoredSilently) {
  use_profile("pam-11.1");
  EXPECT_FALSE(group_in_list("Vault Admins").contains("members"));
  EXPECT_THAT(names("filter=groupName%20eq%20Auditors&sort=nonsense"), SizeIs(13));
  EXPECT_THAT(names("filter=groupType%20eq%20Directory"), SizeIs(3));
}

TEST_F(GivenGroups, WhenFilteredThenBareAndQuotedValuesWork) {
  EXPECT_THAT(names("filter=groupName%20eq%20Vault%20Admins"), ElementsAre("Vault Admins"));
  EXPECT_THAT(names("filter=GROUPNAME%20EQ%20%22vault%20admins%22"), ElementsAre("Vault Admins"));
  EXPECT_THAT(names("filter=groupType%20eq%20Vault%20and%20groupName%20eq%20Auditors"),
              ElementsAre("Auditors"));
  EXPECT_THAT(names("filter=groupType%20eq%20Directory%20AND%20groupName%20eq%20Auditors"), IsEmpty());
  set("filter_quotes", "on");
  EXPECT_THAT(get("API/UserGroups?filter=groupName%20eq%20Vault%20Admins"), Refused(400, "PASWS167E"));
}

TEST_F(GivenGroups, WhenQueryIsWrongThenInvalid) {
  for (auto const* query : {"filter=id%20eq%207", "filter=groupType%20ne%20Vault", "filter=groupType",
                            "filter=groupName%20eq%20", "sort=id", "sort=groupname%20up",
                            "sort=groupname,groupname,groupname,location", "includeMembers=perhaps"})
    EXPECT_THAT(get("API/UserGroups?" + std::string{query}), Refused(400, "PASWS167E")) << query;
  EXPECT_THAT(get("API/UserGroups?search=" + std::string(501, 'x')), Refused(400, "PASWS167E"));
}

TEST_F(GivenGroups, WhenSearchedThenAllTermsMustOccur) {
  EXPECT_THAT(names("search=USERS%20b"), ElementsAre("Backup Users"));
  EXPECT_THAT(names("search=" + std::string(500, 'x')), IsEmpty());
}

TEST_F(GivenGroups, WhenSortedThenUpToThreeKeysCount) {
  auto const sorted = names("sort=location%20desc,groupname");
  EXPECT_EQ(sorted.front(), "Backup Users");
  EXPECT_EQ(sorted.at(3), "Vault Admins");
  EXPECT_EQ(sorted.at(4), "Auditors");
  EXPECT_EQ(names("sort=groupname%20desc").front(), "Vault Admins");
}

TEST_F(GivenGroups, WhenPagedThenLinksLeadThroughAll) {
  for (auto const* count_as : {"page", "all"}) {
    use_profile("pam-14.4", {{"page_size", "5"}, {"count_as", count_as}});
    std::size_t seen = 0;
    std::string link = "api/UserGroups?includeMembers=true";
    int pages = 0;
    for (; !link.empty(); ++pages) {
      auto const page = object_of(get(link));
      seen += page.at("value").as_array().size();
      link = text_of(page, "nextLink");
      EXPECT_TRUE(link.empty() || link.ends_with("&includeMembers=true")) << link;
    }
    EXPECT_EQ(pages, 3);
    EXPECT_EQ(seen, 13U);
  }
}

TEST_F(GivenGroups, WhenLinksAreBrokenThenTheyAreWhatTheKnobSays) {
  use_profile("pam-14.4", {{"page_size", "5"}, {"next_link", "loop"}});
  EXPECT_THAT(text_of(object_of(get("API/UserGroups?offset=5&limit=5")), "nextLink"),
              HasSubstr("offset=5&limit=5"));
  set("next_link", "other_host");
  EXPECT_THAT(text_of(object_of(get("API/UserGroups")), "nextLink"), HasSubstr("https://elsewhere.invalid/"));
  set("next_link", "absolute");
  EXPECT_THAT(text_of(object_of(get("API/UserGroups")), "nextLink"),
              HasSubstr("https:///PasswordVault/api/"));
}

TEST_F(GivenGroups, WhenListIsBrokenThenCountAndEntriesDisagree) {
  set("list_fault", "truncated");
  auto const cut = object_of(get("API/UserGroups"));
  EXPECT_EQ(cut.at("value").as_array().size() + 1, cut.at("count").to_number<std::size_t>());
  set("list_fault", "duplicate");
  EXPECT_EQ(names("").front(), names("").back());
  set("list_fault", "duplicate_changed");
  auto const doubled = object_of(get("API/UserGroups?includeMembers=true")).at("value").as_array();
  EXPECT_NE(doubled.front(), doubled.back());
  EXPECT_EQ(doubled.front().at("id"), doubled.back().at("id"));
}

TEST_F(GivenGroups, WhenMembersAreMissingThenNoGroupHasThem) {
  set("members", "missing");
  EXPECT_FALSE(group_in_list("Vault Admins").contains("members"));
}

TEST_F(GivenGroups, WhenShapesDifferThenTheKnobsDecide) {
  set("list_member_key", "UserName");
  set("id_as_text", "on");
  EXPECT_EQ(json::serialize(group_in_list("Vault Admins").at("members")),
            R"([{"UserName":"Administrator","id":"2"}])");
  set("groups_envelope", "UserGroups");
  EXPECT_TRUE(object_of(get("API/UserGroups")).contains("UserGroups"));
}

TEST_F(GivenGroups, WhenTreeIsHiddenThenOnlyOwnLocationAndBelowIsSeen) {
  edit({{"op", "update-user"}, {"user", "viewer"}, {"set", {{"location", "\\Company"}}}});
  edit({{"op", "create-group"}, {"groupName", "Inside"}, {"location", "\\company\\unit"}});
  log_on("viewer", "View.Pass.1");
  EXPECT_THAT(names(""), SizeIs(14));
  set("hide_users_tree", "on");
  EXPECT_THAT(names(""), ElementsAre("Inside"));
  edit({{"op", "add-member"}, {"group", "Auditors"}, {"member", "viewer"}});
  EXPECT_THAT(names(""), SizeIs(14));
}

TEST_F(GivenGroups, WhenAGroupCanNotBeSeenThenItIsNotThereAndItsNameIsTaken) {
  use_profile("pam-14.4", {{"hide_users_tree", "on"}});
  edit({{"op", "update-user"}, {"user", "svc-dirsync"}, {"set", {{"location", "\\Company"}}}});
  EXPECT_THAT(names(""), IsEmpty());
  EXPECT_THAT(get("API/UserGroups/8/"), Refused(404, "PASWS199E"));
  EXPECT_THAT(put("API/UserGroups/8/", R"({"groupName":"x"})"), Refused(404, "PASWS199E"));
  EXPECT_THAT(post("API/UserGroups/8/Members/", R"({"memberId":"viewer"})"), Refused(404, "PASWS199E"));
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"Auditors"})"), Refused(409, "CAWS00001E"));
  EXPECT_EQ(post("API/UserGroups", R"({"groupName":"Own","location":"\\Company"})").status, 201);
  EXPECT_THAT(names(""), ElementsAre("Own"));
}

TEST_F(GivenGroups, WhenOneIsReadThenVersionsDiffer) {
  EXPECT_THAT(get("API/UserGroups/11/"), Page(404));
  use_profile("pam-12.6");
  EXPECT_FALSE(object_of(get("API/UserGroups/11/")).contains("members"));
  EXPECT_THAT(get("API/UserGroups/11/?includeMembers=true").body,
              HasSubstr(R"({"UserName":"Administrator","id":2})"));
  use_profile("pam-14.4");
  EXPECT_THAT(get("API/UserGroups/11/?includeMembers=True").body,
              HasSubstr(R"({"username":"Administrator","id":2})"));
  EXPECT_THAT(get("API/UserGroups/999/"), Refused(404, "PASWS199E"));
  EXPECT_THAT(get("API/UserGroups/x/"), Refused(400, "PASWS167E"));
  set("details_members", "always");
  EXPECT_TRUE(object_of(get("API/UserGroups/11/")).contains("members"));
}

TEST_F(GivenGroups, WhenCreatedThenItHasAnIdAndTheRoot) {
  auto const created = post("API/UserGroups/", R"({"groupName":"Unix Admins","description":"from LDAP"})");
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(
      created.body,
      R"({"id":41,"groupType":"Vault","groupName":"Unix Admins","description":"from LDAP","location":"\\"})");
  EXPECT_EQ(sim_->counters().changes, 1);
  set("created_group_id", "off");
  EXPECT_FALSE(
      object_of(post("API/UserGroups", R"({"GroupName":"Other","location":"\\Company"})")).contains("id"));
  EXPECT_EQ(text_of(group_in_list("Other"), "location"), "\\Company");
}

TEST_F(GivenGroups, WhenNameIsTakenThenConflictWhateverTheCase) {
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"AUDITORS"})"), Refused(409, "CAWS00001E"));
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"cyberark admins"})"), Refused(409, "CAWS00001E"));
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"Mjones"})"), Refused(409, "CAWS00001E"));
  EXPECT_EQ(sim_->counters().changes, 0);
}

TEST_F(GivenGroups, WhenCreateBodyIsWrongThenRefused) {
  for (auto const& body :
       {std::string{"{}"}, std::string{R"({"groupName":""})"}, std::string{R"({"groupName":5})"},
        R"({"groupName":")" + std::string(129, 'x') + R"("})", std::string{R"({"groupName":"a\nb"})"},
        std::string{R"({"groupName":"a","location":"Company"})"}, std::string{"[]"}})
    EXPECT_THAT(post("API/UserGroups", body), Refused(400, "PASWS167E")) << body;
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"a","location":"\\None"})"), Refused(404, "CAWS00001E"));
  std::string longest;
  for (int count = 0; count < 128; ++count) longest += "\xC3\xA9";  // characters count, not bytes
  EXPECT_EQ(post("API/UserGroups", R"({"groupName":")" + longest + R"("})").status, 201);
}

TEST_F(GivenGroups, WhenTheServerForbidsCharactersOrLongDescriptionsThenInvalid) {
  set("forbidden_in_names", "/:*");
  set("longest_description", "3");
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"a:b"})"), Refused(400, "PASWS167E"));
  EXPECT_THAT(put("API/UserGroups/8/", R"({"groupName":"a*b"})"), Refused(400, "PASWS167E"));
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"a","description":"long"})"), Refused(400, "PASWS167E"));
  EXPECT_EQ(post("API/UserGroups", R"({"groupName":"a-b","description":"abc"})").status, 201);
}

TEST_F(GivenGroups, WhenRenamedThenIdStaysAndDescriptionIsIgnored) {
  auto const renamed = put("API/UserGroups/8/", R"({"groupName":"Checkers","description":"new"})");
  EXPECT_EQ(renamed.status, 200);
  EXPECT_EQ(number_of(object_of(renamed), "id"), 8);
  EXPECT_EQ(text_of(object_of(renamed), "description"), "Auditors group");
  EXPECT_THAT(put("API/UserGroups/8/", R"({"groupName":"Operators"})"), Refused(409, "CAWS00001E"));
  EXPECT_EQ(put("API/UserGroups/8/", R"({"groupName":"CHECKERS"})").status, 200);
  EXPECT_THAT(put("API/UserGroups/8/", R"({"description":"x"})"), Refused(400, "PASWS167E"));
  EXPECT_THAT(put("API/UserGroups/99/", R"({"groupName":"x"})"), Refused(404, "PASWS199E"));
  EXPECT_THAT(put("API/UserGroups/30/", R"({"groupName":"x"})"), Refused(403, "PASWS041E"));
  set("update_group_merges", "on");
  put("API/UserGroups/8/", R"({"groupName":"Checkers","description":"new"})");
  EXPECT_EQ(text_of(group_in_list("Checkers"), "description"), "new");
}

TEST_F(GivenGroups, WhenDeletedThenNestingsOfItGoToo) {
  post("API/UserGroups", R"({"groupName":"Inner"})");
  post("API/UserGroups/8/Members/", R"({"memberId":"Inner","memberType":"Vault"})");
  EXPECT_EQ(del("API/UserGroups/41/").status, 200);
  EXPECT_THAT(member_names("Auditors"), ElementsAre("Auditor"));
  EXPECT_THAT(del("API/UserGroups/41/"), Refused(404, "PASWS199E"));
  use_profile("pam-12.6");
  EXPECT_EQ(del("API/UserGroups/20/").status, 204);
}

TEST_F(GivenGroups, WhenServerIsOldThenRenameAndDeleteAreNotSupported) {
  use_profile("pam-11.1");
  EXPECT_THAT(put("API/UserGroups/8/", R"({"groupName":"x"})"), Page(405));
  EXPECT_THAT(del("API/UserGroups/8/"), Page(405));
  set("create_group", "off");
  EXPECT_THAT(post("API/UserGroups/", R"({"groupName":"x"})"), Page(405));
}

TEST_F(GivenGroups, WhenCallerLacksARightThenForbidden) {
  log_on("viewer", "View.Pass.1");
  EXPECT_EQ(get("API/UserGroups").status, 200);
  EXPECT_THAT(post("API/UserGroups", R"({"groupName":"x"})"), Refused(403, "PASWS041E"));
  EXPECT_THAT(post("API/UserGroups/999/Members", "{"), Refused(403, "PASWS041E"));
  edit({{"op", "update-user"}, {"user", "viewer"}, {"set", {{"vaultAuthorization", json::array{}}}}});
  EXPECT_THAT(get("API/UserGroups"), Refused(403, "PASWS041E"));
  EXPECT_THAT(get("API/Users"), Refused(403, "PASWS041E"));
}
}  // namespace
}  // namespace dirsync::sim::vault
