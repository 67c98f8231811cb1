// What each server version does, seen through its calls.
#include <array>

#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {
constexpr std::array kVersions = {"pam-11.1", "pam-12.0", "pam-12.2", "pam-12.6", "pam-14.4", "ispss"};

class GivenVersion : public VaultTest {
 public:
  void start(std::string_view profile) {
    use(std::string{profile});
    if (profile != "ispss") return log_on();
    auto const issued = sim_->handle(
        make_request("POST", "/oauth2/platformtoken",
                     "grant_type=client_credentials&client_id=svc-dirsync&client_secret=Sync.Pass.1",
                     {{"Content-Type", "application/x-www-form-urlencoded"}}));
    token_ = "Bearer " + text_of(object_of(issued), "access_token");
  }
  std::string status(Response const& answer) { return std::to_string(answer.status); }
  json::object groups(std::string const& query) {
    return object_of(get("API/UserGroups?includePredefinedUsers=true&" + query));
  }
  json::object group(std::string_view name) {
    auto const list = groups("includeMembers=true");
    for (auto const& each : list.at("value").as_array())
      if (text_of(each.as_object(), "groupName") == name) return each.as_object();
    return {};
  }
  std::size_t users(std::string const& query) {
    return object_of(get("API/Users?" + query)).at("Users").as_array().size();
  }
  Response create(std::string_view name) {
    return post("API/UserGroups/", json::serialize(json::object{{"groupName", name}}));
  }
  /// Members' keys, or what there is without members.
  static std::string shape(json::object const& group) {
    auto const* const members = group.if_contains("members");
    if (members == nullptr) return "omitted";
    auto const& list = members->as_array();
    return list.empty() ? "[]" : std::string{list.front().as_object().begin()->key()};
  }

  std::string version() {
    return text_of(object_of(get("WebServices/PIMServices.svc/Server")), "ExternalVersion");
  }
  std::string logon() { return status(log_on_as("viewer", "View.Pass.1")); }
  std::string concurrent_session() {
    log_on_as("svc-dirsync", "Sync.Pass.1", R"(,"concurrentSession":true)");
    return status(get("API/LoginsInfo"));
  }
  std::string member_key() { return shape(group("Vault Admins")); }
  std::string empty_members() { return shape(group("PVWAUsers")); }
  std::string name_filter() {
    return std::to_string(groups("filter=groupName%20eq%20Auditors").at("value").as_array().size());
  }
  std::string filter_with_space() {
    return status(get("API/UserGroups?filter=groupName%20eq%20Vault%20Admins"));
  }
  std::string one_group() { return status(get("API/UserGroups/11/")); }
  std::string one_groups_member_key() {
    auto const answer = get("API/UserGroups/11/?includeMembers=true");
    return answer.status == 200 ? shape(object_of(answer)) : "-";
  }
  std::string creation() { return status(create("Unix")); }
  std::string created_id() { return object_of(create("Unix")).contains("id") ? "yes" : "no"; }
  std::string rename() { return status(put("API/UserGroups/8/", R"({"groupName":"Checkers"})")); }
  std::string deletion() { return status(del("API/UserGroups/8/")); }
  std::string added_body() {
    auto const added = post("API/UserGroups/8/Members/", R"({"memberId":"mjones","memberType":"Vault"})");
    if (added.body.empty()) return "empty";
    return object_of(added).contains("id") ? "id" : "echo";
  }
  std::string domain_member() {
    return status(post("API/UserGroups/8/Members/",
                       R"({"memberId":"jsmith","memberType":"Domain","domainName":"corp.example.com"})"));
  }
  std::string user_dn() {
    auto const list = object_of(get("API/Users?ExtendedDetails=true&search=mjones"));
    return list.at("Users").at(0).as_object().contains("userDN") ? "yes" : "no";
  }
  std::string source_filter() { return std::to_string(users("source=LDAP")); }
  std::string user_page() { return std::to_string(users("pageOffset=1&pageSize=4")); }
  std::string pages() {
    for (int number = 0; number < 100; ++number)
      edit({{"op", "create-group"}, {"groupName", "team-" + std::to_string(number)}});
    return text_of(groups(""), "nextLink");
  }
  std::string directories() {
    edit({{"op", "add-member"}, {"group", "Vault Admins"}, {"member", "svc-dirsync"}});
    return status(get("API/Configuration/LDAP/Directories/"));
  }
  std::string first_generation() { return status(get("WebServices/PIMServices.svc/Verify")); }

  struct Row {
    char const* what;
    std::string (GivenVersion::*seen)();
    std::array<char const*, kVersions.size()> expected;
  };
  void check(Row const& row) {
    for (std::size_t at = 0; at < kVersions.size(); ++at) {
      start(kVersions[at]);
      EXPECT_EQ((this->*row.seen)(), row.expected[at]) << row.what << ", " << kVersions[at];
    }
  }
};

TEST_F(GivenVersion, WhenSessionsAreOpenedThenItsRulesHold) {
  check({"version", &GivenVersion::version, {"11.1.0", "12.0.0", "12.2.0", "12.6.0", "14.4.0", "14.6.0"}});
  check({"logon", &GivenVersion::logon, {"200", "200", "200", "200", "200", "404"}});
  check({"concurrent session",
         &GivenVersion::concurrent_session,
         {"401", "200", "200", "200", "200", "200"}});  // ispss: there is no logon that could end the token
  check({"first generation", &GivenVersion::first_generation, {"200", "200", "200", "404", "404", "404"}});
}

TEST_F(GivenVersion, WhenGroupsAreReadThenItsAnswersHaveItsShape) {
  check({"member key in the list",
         &GivenVersion::member_key,
         {"omitted", "username", "username", "username", "username", "username"}});
  check({"group without members",
         &GivenVersion::empty_members,
         {"omitted", "[]", "[]", "[]", "omitted", "omitted"}});
  check({"name filter", &GivenVersion::name_filter, {"13", "13", "1", "1", "1", "1"}});
  check({"value with a space, unquoted",
         &GivenVersion::filter_with_space,
         {"200", "200", "200", "200", "200", "400"}});
  check({"one group", &GivenVersion::one_group, {"404", "404", "404", "200", "200", "200"}});
  check({"member key of one group",
         &GivenVersion::one_groups_member_key,
         {"-", "-", "-", "UserName", "username", "username"}});
  check({"pages",
         &GivenVersion::pages,
         {"", "", "", "", "", "api/UserGroups?offset=100&limit=100&includePredefinedUsers=true"}});
}

TEST_F(GivenVersion, WhenUsersAreReadThenItKnowsTheseParameters) {
  check({"userDN", &GivenVersion::user_dn, {"no", "no", "yes", "yes", "yes", "yes"}});
  check({"source", &GivenVersion::source_filter, {"18", "18", "18", "18", "2", "2"}});
  check({"a page of four", &GivenVersion::user_page, {"18", "18", "18", "18", "4", "4"}});
}

TEST_F(GivenVersion, WhenGroupsAndMembersAreWrittenThenItCanDoThisMuch) {
  check({"creation", &GivenVersion::creation, {"201", "201", "201", "201", "201", "201"}});
  check({"id of what was created", &GivenVersion::created_id, {"yes", "yes", "yes", "yes", "yes", "no"}});
  check({"rename", &GivenVersion::rename, {"405", "200", "200", "200", "200", "200"}});
  check({"deletion", &GivenVersion::deletion, {"405", "200", "200", "204", "204", "204"}});
  check(
      {"answer to an addition", &GivenVersion::added_body, {"echo", "echo", "echo", "echo", "id", "empty"}});
  check({"addition from a domain", &GivenVersion::domain_member, {"201", "201", "201", "201", "201", "400"}});
  check({"LDAP directories", &GivenVersion::directories, {"200", "200", "200", "200", "200", "404"}});
}
}  // namespace
}  // namespace dirsync::sim::vault
