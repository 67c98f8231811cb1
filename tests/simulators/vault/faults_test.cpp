// What goes wrong on the way to a Vault, as tests of a client ask for it.
#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class GivenFaults : public VaultTest {
 protected:
  void SetUp() override {
    use("pam-14.4");
    log_on();
    edit({{"op", "create-group"}, {"groupName", "Unix"}});
    sim_->forget_calls();
  }
  void faults(std::string_view rules) {
    auto const wrong = sim_->replace_faults(json::parse(rules));
    ASSERT_FALSE(wrong) << *wrong;
  }
  Response add(std::string_view name) {
    return post("API/UserGroups/41/Members/", json::serialize(json::object{{"memberId", name}}));
  }
};

TEST_F(GivenFaults, WhenThrottledThenRetryAfterIsANumberADateOrMissing) {
  faults(R"([{"route":"add-member","status":429,"headers":{"Retry-After":"2"}},
             {"route":"add-member","nth":2,"status":429,
              "headers":{"Retry-After":"Wed, 21 Oct 2026 07:28:00 GMT"}},
             {"route":"add-member","nth":3,"status":429}])");
  for (auto const& wanted :
       {std::optional<std::string>{"2"}, std::optional<std::string>{"Wed, 21 Oct 2026 07:28:00 GMT"},
        std::optional<std::string>{}}) {
    auto const throttled = add("mjones");
    EXPECT_EQ(throttled.status, 429);
    EXPECT_EQ(find_field(throttled.headers, "Retry-After"), wanted);
  }
  EXPECT_THAT(member_names("Unix"), IsEmpty());
  EXPECT_EQ(add("mjones").status, 201);
}

TEST_F(GivenFaults, WhenTheServerFailsThenJsonAPageOrNothingComes) {
  faults(R"([{"status":500,"body":{"ErrorCode":"CAWS00001E","ErrorMessage":"x"}},
             {"nth":2,"status":503,"body":"<html>Service Unavailable</html>"}, {"nth":3,"status":500}])");
  EXPECT_THAT(get("API/Users"), Refused(500, "CAWS00001E"));
  EXPECT_THAT(get("API/Users"), Page(503));
  auto const empty = get("API/Users");
  EXPECT_EQ(empty.status, 500);
  EXPECT_EQ(empty.body, "");
}

TEST_F(GivenFaults, WhenTheGatewayRefusesThenItsWordsArriveAsGiven) {
  faults(R"([{"status":503,"body":{"code":"ITADM111E","message":"try again"}}])");
  EXPECT_EQ(get("API/Users").body, R"({"code":"ITADM111E","message":"try again"})");
}

TEST_F(GivenFaults, WhenTheSecondWriteLosesItsAnswerThenItHappenedWhateverItWas) {
  faults(R"([{"write":true,"nth":2,"drop":true}])");
  EXPECT_FALSE(add("mjones").drop);
  EXPECT_FALSE(get("API/UserGroups").drop);
  EXPECT_TRUE(del("API/UserGroups/41/Members/mjones/").drop);
  EXPECT_THAT(member_names("Unix"), IsEmpty());
}

TEST_F(GivenFaults, WhenTheTokenEndsBeforeEachCallThenASecondUnauthorizedFollows) {
  faults(R"([{"route":"list-groups","nth":2,"count":2,"do":{"op":"revoke-tokens"}}])");
  EXPECT_EQ(get("API/UserGroups").status, 200);
  EXPECT_THAT(get("API/UserGroups"), Refused(401, "PASWS006E"));
  log_on();
  EXPECT_THAT(get("API/UserGroups"), Refused(401, "PASWS006E"));
  log_on();
  EXPECT_EQ(get("API/UserGroups").status, 200);
}

TEST_F(GivenFaults, WhenAnExistingGroupIsAPageThenItIsStillThere) {
  faults(R"([{"route":"get-group","status":404,"body":"<html>404</html>"}])");
  EXPECT_THAT(get("API/UserGroups/41/"), Page(404));
  EXPECT_EQ(get("API/UserGroups/41/").status, 200);
}

TEST_F(GivenFaults, WhenTheGroupIsRenamedDuringTheRunThenItsIdStillLeadsToIt) {
  faults(R"([{"route":"add-member","do":{"op":"rename-group","group":"Unix","name":"Linux"}}])");
  EXPECT_EQ(add("mjones").status, 201);
  EXPECT_THAT(member_names("Linux"), ElementsAre("mjones"));
}

TEST_F(GivenFaults, WhenTheGroupIsRecreatedDuringTheRunThenItsOldIdLeadsNowhere) {
  faults(R"([{"route":"add-member","do":{"op":"recreate-group","group":"Unix"}},
             {"route":"remove-member","do":{"op":"delete-group","group":"Unix"}}])");
  EXPECT_THAT(add("mjones"), Refused(404, "PASWS199E"));
  EXPECT_EQ(number_of(group_in_list("Unix"), "id"), 42);
  EXPECT_THAT(del("API/UserGroups/42/Members/mjones/"), Refused(404, "PASWS199E"));
  EXPECT_TRUE(group_in_list("Unix").empty());
}

TEST_F(GivenFaults, WhenSomebodyElseIsFasterThenTheCallMeetsTheirState) {
  faults(R"([{"route":"add-member","do":{"op":"add-member","group":"Unix","member":"mjones"}},
             {"route":"remove-member","do":{"op":"remove-member","group":"Unix","member":"mjones"}}])");
  EXPECT_THAT(add("mjones"), Refused(409, "PASWS213E"));
  EXPECT_THAT(del("API/UserGroups/41/Members/mjones/"), Refused(404, "CAWS00001E"));
  EXPECT_EQ(sim_->counters().changes, 0);
}

TEST_F(GivenFaults, WhenAListDisagreesThenItsCountCanFitAllTheSame) {
  auto const sizes = [this] {
    auto const list = object_of(get("API/UserGroups"));
    return std::pair{list.at("value").as_array().size(), list.at("count").to_number<std::size_t>()};
  };
  set("list_fault", "duplicate");
  EXPECT_EQ(sizes(), std::pair(std::size_t{15}, std::size_t{14}));
  set("count_as", "sent");
  EXPECT_EQ(sizes(), std::pair(std::size_t{15}, std::size_t{15}));
  set("list_fault", "truncated");
  EXPECT_EQ(sizes(), std::pair(std::size_t{13}, std::size_t{13}));
}

TEST_F(GivenFaults, WhenTheUsersListIsBrokenThenTotalAndEntriesDisagree) {
  auto const sizes = [this] {
    auto const list = object_of(get("API/Users"));
    return std::pair{list.at("Users").as_array().size(), list.at("Total").to_number<std::size_t>()};
  };
  set("users_fault", "truncated");
  EXPECT_EQ(sizes(), std::pair(std::size_t{17}, std::size_t{18}));
  set("users_fault", "duplicate");
  EXPECT_EQ(sizes(), std::pair(std::size_t{19}, std::size_t{18}));
}

TEST_F(GivenFaults, WhenAUserAndAGroupHaveOneNameThenTheUserIsMeant) {
  set("unique_names", "kind");
  edit({{"op", "create-user"}, {"username", "Unix"}});
  EXPECT_EQ(post("API/UserGroups/", R"({"groupName":"mjones"})").status, 201);
  EXPECT_THAT(post("API/UserGroups/", R"({"groupName":"MJones"})"), Refused(409, "CAWS00001E"));
  EXPECT_EQ(add("mjones").status, 201);
  EXPECT_EQ(json::serialize(group_in_list("Unix").at("members")), R"([{"username":"mjones","id":36}])");
}

TEST_F(GivenFaults, WhenNamesAreUniquePerLocationThenTwoGroupsHaveOne) {
  set("unique_names", "location");
  auto const elsewhere = R"({"groupName":"unix","location":"\\Company"})";
  EXPECT_EQ(post("API/UserGroups/", elsewhere).status, 201);
  EXPECT_THAT(post("API/UserGroups/", elsewhere), Refused(409, "CAWS00001E"));
  EXPECT_EQ(put("API/UserGroups/42/", R"({"groupName":"Auditors"})").status, 200);
  EXPECT_EQ(put("API/UserGroups/42/", R"({"groupName":"Unix"})").status, 200);
  auto const found = object_of(get("API/UserGroups?filter=groupName%20eq%20unix"));
  EXPECT_THAT(found.at("value").as_array(), SizeIs(2));
  auto const state = sim_->state();
  EXPECT_FALSE(sim_->replace_state(state));
  EXPECT_EQ(del("API/UserGroups/41/").status, 204);
  EXPECT_EQ(number_of(group_in_list("Unix"), "id"), 42);
}

struct OddName {
  std::string name;
  enum class Removal { done, page, invalid } removal = Removal::done;
};

class GivenOddName : public GivenFaults, public testing::WithParamInterface<OddName> {};

TEST_P(GivenOddName, WhenAddedAndRemovedThenThePathDecides) {
  auto const& [name, removal] = GetParam();
  edit({{"op", "create-user"}, {"username", name}});
  EXPECT_EQ(add(name).status, 201);
  EXPECT_THAT(member_names("Unix"), ElementsAre(name));
  auto const removed = del("API/UserGroups/41/Members/" + percent_encode(name) + "/");
  switch (removal) {
    case OddName::Removal::done:
      EXPECT_EQ(removed.status, 204);
      break;
    case OddName::Removal::page:
      EXPECT_THAT(removed, Page(404));
      break;
    case OddName::Removal::invalid:
      EXPECT_THAT(removed, Refused(404, "PASWS167E"));
      break;
  }
  EXPECT_EQ(member_names("Unix").empty(), removal == OddName::Removal::done);
}

TEST_P(GivenOddName, WhenAGroupIsCalledSoThenItIsCreatedListedAndRenamed) {
  auto const& name = GetParam().name;
  auto const body = json::serialize(json::object{{"groupName", name}});
  EXPECT_EQ(post("API/UserGroups/", body).status, 201);
  EXPECT_EQ(text_of(group_in_list(name), "groupName"), name);
  EXPECT_EQ(put("API/UserGroups/42/", R"({"groupName":"Plain"})").status, 200);
  EXPECT_EQ(put("API/UserGroups/42/", body).status, 200);
}

INSTANTIATE_TEST_SUITE_P(Names, GivenOddName,
                         testing::Values(OddName{"first.last"}, OddName{"jane@corp.example.com"},
                                         OddName{"Jane Roe"}, OddName{"CORP\\jane"}, OddName{"j\"quote"},
                                         OddName{"o'neil"}, OddName{"Zo\xC3\xAB \xE5\xB1\xB1"},
                                         OddName{std::string(128, 'x')},
                                         OddName{"a+b", OddName::Removal::page},
                                         OddName{"50%", OddName::Removal::page},
                                         OddName{"DOMAIN/jane", OddName::Removal::page},
                                         OddName{"a&b", OddName::Removal::invalid}));
}  // namespace
}  // namespace dirsync::sim::vault
