#include "tests/simulators/vault/fixture.hpp"

namespace dirsync::sim::vault {
namespace {

class GivenWebServer : public VaultTest {
 protected:
  void SetUp() override { log_on(); }
};

TEST_F(GivenWebServer, WhenPathIsUnknownThenAPageComesWithoutLookingAtTheToken) {
  token_.clear();
  EXPECT_THAT(get("API/Nothing"), Page(404));
  EXPECT_THAT(sim_->handle(make_request("GET", "/Other/API/Users")), Page(404));
  EXPECT_THAT(get("API//Users"), Page(404));
}

TEST_F(GivenWebServer, WhenFixedPartsDifferInCaseThenTheyMatch) {
  EXPECT_EQ(
      sim_->handle(make_request("GET", "/passwordvault/api/usergroups/", "", {{"authorization", token_}}))
          .status,
      200);
}

TEST_F(GivenWebServer, WhenVerbIsWrongThenTheRightOnesAreNamed) {
  auto const listed = get("API/UserGroups/8/Members/");
  EXPECT_THAT(listed, Page(405));
  EXPECT_EQ(find_field(listed.headers, "Allow"), "POST");
  EXPECT_EQ(find_field(get("API/UserGroups/8/Members/Auditor/").headers, "Allow"), "DELETE");
  EXPECT_EQ(find_field(del("API/UserGroups/").headers, "Allow"), "GET, POST");
  EXPECT_EQ(find_field(del("API/Users/2/").headers, "Allow"), "GET");
}

TEST_F(GivenWebServer, WhenWriteHasNoLengthThenItIsRefused) {
  EXPECT_THAT(send("POST", "API/Auth/Logoff", {{"Authorization", token_}}), Page(411));
  EXPECT_EQ(get("API/LoginsInfo").status, 200);
}

TEST_F(GivenWebServer, WhenNameWithDotHasNoTrailingSlashThenItIsTakenForAFile) {
  EXPECT_THAT(del("API/UserGroups/8/Members/bsmith%40corp.example.com"), Page(404));
  EXPECT_THAT(del("API/UserGroups/8/Members/bsmith%40corp%2Eexample%2Ecom"), Page(404));
  EXPECT_THAT(del("API/UserGroups/8/Members/bsmith%40corp.example.com/"), Refused(404, "CAWS00001E"));
  EXPECT_THAT(del("API/UserGroups/8/Members/bsmith@corp.example.com/"), Refused(404, "CAWS00001E"));
}

TEST_F(GivenWebServer, WhenPathHasForbiddenCharactersThenItDoesNotReachTheService) {
  for (auto const* name : {"a+b", "a%2Bb", "a%25b", "a%2Fb", "a%2fb"})
    EXPECT_THAT(del("API/UserGroups/8/Members/" + std::string{name} + "/"), Page(404)) << name;
  EXPECT_THAT(del("API/UserGroups/8/Members/a%26b/"), Refused(404, "PASWS167E"));
  EXPECT_THAT(del("API/UserGroups/8/Members/a&b/"), Refused(404, "PASWS167E"));
  for (auto const* name : {"a%0Ab", "a%zzb", "a%FFb"})
    EXPECT_THAT(del("API/UserGroups/8/Members/" + std::string{name} + "/"), Page(400)) << name;
}

TEST_F(GivenWebServer, WhenWindowsKeepsANameThenItDoesNotReachTheServiceAndIsCounted) {
  for (auto const* name :
       {"..", "%2e%2e", ".", "CON", "nul.txt", "Com1", "jsmith.", "jsmith%20", "a%3Ab", "a%3Fb"})
    EXPECT_THAT(del("API/UserGroups/8/Members/" + std::string{name} + "/"), Page(404)) << name;
  EXPECT_EQ(sim_->counters().by_mark.at("unfit_paths"), 10);
  EXPECT_THAT(del("API/UserGroups/8/Members/conrad/"), Refused(404, "ITATS003E"));
  EXPECT_EQ(sim_->counters().by_mark.at("unfit_paths"), 10);
}

TEST_F(GivenWebServer, WhenWebDavIsInstalledThenPutAndDeleteFail) {
  set("webdav", "on");
  EXPECT_THAT(del("API/UserGroups/8/Members/Auditor/"), Page(405));
  EXPECT_THAT(put("API/UserGroups/8/", "{}"), Page(405));
  EXPECT_EQ(get("API/UserGroups").status, 200);
}

TEST_F(GivenWebServer, WhenCallIsRefusedThenItIsStillCountedAsTheWriteItWasMeantToBe) {
  del("API/UserGroups/8/Members/a+b/");
  auto const call = sim_->journal().back();
  EXPECT_EQ(call.route, "remove-member");
  EXPECT_TRUE(call.write);
  EXPECT_FALSE(call.changed);
  EXPECT_EQ(call.status, 404);
  EXPECT_EQ(sim_->counters().writes, 1);
  EXPECT_EQ(sim_->counters().changes, 0);
}
}  // namespace
}  // namespace dirsync::sim::vault
