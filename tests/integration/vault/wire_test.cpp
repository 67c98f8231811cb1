// What stands on the wire, byte by byte, call by call.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/integration/vault/simulated_vault.hpp"
#include "tests/support/run.hpp"

namespace dirsync::vault {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

/// "METHOD TARGET" and, where there is one, the body.
std::string line(sim::Request const& request) {
  return request.method + " " + request.target + (request.body.empty() ? "" : " " + request.body);
}

/// Group 57 and a group 666 of another name, and who is in them.
class GivenTheWire : public testing::Test {
 protected:
  void open(std::string profile) {
    vault_.emplace(io_, std::move(profile));
    vault_->edit(R"([
      {"op": "create-user", "username": "jsmith"},
      {"op": "create-user", "username": "john.doe@corp.example.com"},
      {"op": "create-user", "username": "CORP\\jsmith"},
      {"op": "create-user", "username": "Jane Roe"},
      {"op": "create-user", "username": "a+b"},
      {"op": "create-group", "id": 57, "groupName": "UnixAdmins"},
      {"op": "create-group", "id": 666, "groupName": "Fin Audit", "members": [36]},
      {"op": "add-member", "group": "UnixAdmins", "member": "john.doe@corp.example.com"},
      {"op": "add-member", "group": "UnixAdmins", "member": "CORP\\jsmith"},
      {"op": "add-member", "group": "UnixAdmins", "member": "Jane Roe"},
      {"op": "add-member", "group": "UnixAdmins", "member": "a+b"}])");
  }
  Observed read() {
    auto all = test::run(io_, vault_->target().read());
    EXPECT_TRUE(all) << (all ? "" : text(all.error()));
    return all ? *std::move(all) : Observed{};
  }
  /// What a change asks the server to change, as it stands on the wire; looks are left out.
  std::vector<std::string> sent_for(Change change, Outcome outcome = Outcome::done) {
    read();
    vault_->forget();
    std::vector<Change> batch{std::move(change)};
    auto const applied = test::run(io_, vault_->target().apply(std::move(batch))).at(0);
    EXPECT_STREQ(to_text(applied.outcome), to_text(outcome)) << applied.detail;
    auto sent = lines();
    std::erase_if(sent, [](std::string const& one) { return one.starts_with("GET "); });
    return sent;
  }
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (auto const& request : vault_->received()) all.push_back(line(request));
    return all;
  }
  static Change change(Verb verb, std::string principal = "") {
    Change made;
    made.verb = verb;
    made.group = "UnixAdmins";
    made.group_id = "57";
    made.principal = std::move(principal);
    return made;
  }

  boost::asio::io_context io_;
  std::optional<SimulatedVault> vault_;
};

TEST_F(GivenTheWire, WhenASessionReadsThenTheseCallsAndNoOther) {
  for (auto const* profile : {"pam-12.2", "pam-12.6", "pam-14.4"}) {
    open(profile);
    read();
    test::run(io_, [](Target& target) -> boost::asio::awaitable<bool> {
      co_await target.close();
      co_return true;
    }(vault_->target()));
    EXPECT_THAT(lines(),
                ElementsAre("POST /PasswordVault/API/Auth/CyberArk/Logon "
                            R"({"username":"svc-dirsync","password":"Sync.Pass.1","concurrentSession":true})",
                            "GET /PasswordVault/WebServices/PIMServices.svc/Server",
                            "GET /PasswordVault/API/Users?ExtendedDetails=true",
                            "GET /PasswordVault/API/UserGroups?includeMembers=true",
                            "POST /PasswordVault/API/Auth/Logoff"))
        << profile;
  }
}

TEST_F(GivenTheWire, WhenASessionIsOpenThenTokenCookieTypeAndLengthAreAsTheServerWantsThem) {
  open("pam-14.4");
  read();
  std::vector<Change> batch{change(Verb::add, "jsmith")};
  test::run(io_, vault_->target().apply(std::move(batch)));
  auto const all = vault_->received();
  ASSERT_EQ(all.size(), 5U);
  EXPECT_EQ(all[0].header("Authorization"), "");
  auto const token = std::string{all[1].header("Authorization")};
  EXPECT_THAT(token, Not(IsEmpty()));
  EXPECT_THAT(token, Not(StartsWith("Bearer")));
  for (std::size_t at = 1; at < all.size(); ++at) {
    EXPECT_EQ(all[at].header("Authorization"), token) << line(all[at]);
    EXPECT_THAT(std::string{all[at].header("Cookie")}, HasSubstr("CA11111=node1")) << line(all[at]);
  }
  for (auto const& request : all) {
    auto const has_body = !request.body.empty();
    EXPECT_EQ(request.header("Content-Type"), has_body ? "application/json" : "") << line(request);
    EXPECT_EQ(request.header("Content-Length"), has_body ? std::to_string(request.body.size()) : "");
    EXPECT_EQ(request.header("Expect"), "");
    EXPECT_EQ(request.header("Transfer-Encoding"), "");
  }
}

TEST_F(GivenTheWire, WhenAGroupIsReadAloneThenItsDetailsAreAskedFor) {
  open("pam-14.4");
  auto const all = read();
  vault_->forget();
  ASSERT_TRUE(test::run(io_, vault_->target().read_group("666", all)));
  EXPECT_THAT(lines(), ElementsAre("GET /PasswordVault/API/UserGroups/666/?includeMembers=true"));
}

TEST_F(GivenTheWire, WhenAGroupIsReadAloneBeforeDetailsExistThenItIsSearchedFor) {
  for (auto const* profile : {"pam-12.0", "pam-12.2"}) {
    open(profile);
    auto const all = read();
    vault_->forget();
    ASSERT_TRUE(test::run(io_, vault_->target().read_group("666", all)));
    EXPECT_THAT(lines(),
                ElementsAre("GET /PasswordVault/API/UserGroups?search=Fin%20Audit&includeMembers=true"));
  }
}

TEST_F(GivenTheWire, WhenAUserOfTheVaultIsAddedThenTypeVaultAndNoDomain) {
  open("pam-14.4");
  EXPECT_THAT(sent_for(change(Verb::add, "jsmith")),
              ElementsAre("POST /PasswordVault/API/UserGroups/57/Members/ "
                          R"({"memberId":"jsmith","memberType":"Vault"})"));
}

TEST_F(GivenTheWire, WhenAPersonIsProvisionedThenTypeDomainAndTheDomainsName) {
  open("pam-14.4");
  vault_->edit(R"({"op": "delete-user", "user": "jsmith"})");
  auto made = change(Verb::add, "jsmith");
  made.domain = "corp.example.com";
  made.dn = "CN=John Smith,OU=People,DC=corp,DC=example,DC=com";
  EXPECT_THAT(
      sent_for(std::move(made)),
      testing::Contains("POST /PasswordVault/API/UserGroups/57/Members/ "
                        R"({"memberId":"jsmith","memberType":"Domain","domainName":"corp.example.com"})"));
}

TEST_F(GivenTheWire, WhenMembersAreRemovedThenTheirNamesAreEncodedOnceAndASlashEndsThePath) {
  open("pam-14.4");
  auto const removal_of = [](std::string const& encoded) {
    return ElementsAre("DELETE /PasswordVault/API/UserGroups/57/Members/" + encoded + "/");
  };
  EXPECT_THAT(sent_for(change(Verb::remove, "john.doe@corp.example.com")),
              removal_of("john.doe%40corp.example.com"));
  EXPECT_THAT(sent_for(change(Verb::remove, "Jane Roe")), removal_of("Jane%20Roe"));
  EXPECT_EQ(vault_->members("UnixAdmins"), (std::set<std::string>{"CORP\\jsmith", "a+b"}));
}

TEST_F(GivenTheWire, WhenANameHoldsWhatIisOrAServerTakesForItselfThenNothingIsSent) {
  open("pam-14.4");
  for (auto const* name : {"a+b", "CORP\\jsmith"})
    EXPECT_THAT(sent_for(change(Verb::remove, name), Outcome::failed), IsEmpty()) << name;
}

TEST_F(GivenTheWire, WhenGroupsAreCreatedRenamedAndDeletedThenSo) {
  open("pam-14.4");
  auto creation = change(Verb::create_group);
  creation.group = "Fresh Group";
  EXPECT_THAT(
      sent_for(creation),
      ElementsAre("POST /PasswordVault/API/UserGroups/ "
                  R"({"groupName":"Fresh Group","description":"Managed by dirsyncd","location":"\\"})"));
  auto rename = change(Verb::rename_group);
  rename.new_name = "LinuxAdmins";
  EXPECT_THAT(sent_for(rename),
              ElementsAre(R"(PUT /PasswordVault/API/UserGroups/57/ {"groupName":"LinuxAdmins"})"));
  auto const id = vault_->group_id("Fresh Group");
  auto deletion = change(Verb::delete_group);
  deletion.group = "Fresh Group";
  deletion.group_id = id;
  EXPECT_THAT(sent_for(deletion), ElementsAre("DELETE /PasswordVault/API/UserGroups/" + id + "/"));
}

TEST_F(GivenTheWire, WhenListsComeInPagesThenTheLinksAreFollowedAsGiven) {
  open("pam-14.4");
  vault_->set({{"page_size", "10"}});
  read();
  EXPECT_THAT(lines(), testing::IsSupersetOf(
                           {"GET /PasswordVault/API/UserGroups?includeMembers=true",
                            "GET /PasswordVault/api/UserGroups?offset=10&limit=10&includeMembers=true"}));
}

}  // namespace
}  // namespace dirsync::vault
