// The Vault target over TLS against the simulator, for the oldest and the newest way the API answers.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <filesystem>

#include "sync/vault/errors.hpp"
#include "sync/vault/vault_target.hpp"
#include "tests/simulators/server.hpp"
#include "tests/simulators/vault/vault_sim.hpp"
#include "tests/support/certificates.hpp"
#include "tests/support/run.hpp"

namespace dirsync::vault {
namespace {

class VaultOverTls : public testing::TestWithParam<char const*> {
 protected:
  static void SetUpTestSuite() {
    char folder[] = "/tmp/dirsync-vault-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    folder_ = folder;
    certificates_ = test::make_certificates(folder_);
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  void SetUp() override {
    sim::VaultSim::Options options;
    options.profile = GetParam();
    options.knobs = knobs_;
    simulator_ = std::make_unique<sim::VaultSim>(std::move(options));
    sim::Server::Options where;
    where.certificate_file = certificates_.cert_file;
    where.key_file = certificates_.key_file;
    server_ = std::make_unique<sim::Server>(
        where,
        [simulator = simulator_.get()](sim::Request const& request) { return simulator->handle(request); });
    Settings settings;
    settings.http.target = "vault";
    settings.http.urls = {"https://127.0.0.1:" + std::to_string(server_->port()) + "/PasswordVault"};
    settings.http.tls.ca_file = certificates_.ca_file;
    settings.http.pace = {4, 0};
    settings.http.retry = {4, std::chrono::milliseconds{1}, std::chrono::seconds{5}};
    settings.user = "svc-dirsync";
    settings.password = Secret{"Sync.Pass.1"};
    auto opened = open_vault(io_.get_executor(), "vault", std::move(settings));
    ASSERT_TRUE(opened) << text(opened.error());
    target_ = *std::move(opened);
    edit(R"({"op":"create-group","groupName":"UnixAdmins","members":[36,28]})");
  }

  void edit(std::string const& json) { ASSERT_EQ(simulator_->edit(sim::json::parse(json)), std::nullopt); }
  void faults(std::string const& json) {
    ASSERT_EQ(simulator_->replace_faults(sim::json::parse(json)), std::nullopt);
  }
  Result<Observed> read() { return test::run(io_, target_->read()); }
  Observed observed() {
    auto result = read();
    EXPECT_TRUE(result) << (result ? "" : text(result.error()));
    if (!result) return {};
    simulator_->forget_calls();
    return *std::move(result);
  }
  static TargetGroup const& group_in(Observed const& all, std::string_view name) {
    auto const found = std::ranges::find(all.groups, name, &TargetGroup::name);
    EXPECT_NE(found, all.groups.end()) << name;
    return *found;
  }
  static std::vector<std::string> members_of(Observed const& all, TargetGroup const& group) {
    std::vector<std::string> names;
    for (auto const user : group.users) names.push_back(all.users.at(user).name);
    std::ranges::sort(names);
    return names;
  }
  std::vector<std::string> members() {
    auto const all = observed();
    return members_of(all, group_in(all, "UnixAdmins"));
  }
  Change change(Verb verb, std::string principal = "") {
    Change made;
    made.verb = verb;
    made.group = "UnixAdmins";
    made.group_id = group_in(observed(), "UnixAdmins").id;
    made.principal = std::move(principal);
    return made;
  }
  Applied apply(Change made) {
    std::vector<Change> batch{std::move(made)};
    return test::run(io_, target_->apply(std::move(batch))).at(0);
  }
  std::vector<sim::Call> writes() const {
    std::vector<sim::Call> found;
    for (auto const& call : simulator_->journal())
      if (call.write) found.push_back(call);
    return found;
  }
  std::string under_unix_admins(Change const& made, std::string const& rest) const {
    return "/PasswordVault/API/UserGroups/" + made.group_id + "/Members/" + rest;
  }

  static inline std::filesystem::path folder_;
  static inline test::CertificateFiles certificates_;
  sim::Fields knobs_;
  boost::asio::io_context io_;
  std::unique_ptr<sim::VaultSim> simulator_;
  std::unique_ptr<sim::Server> server_;
  std::unique_ptr<Target> target_;
};

class GivenVaultServer : public VaultOverTls {};

TEST_P(GivenVaultServer, WhenReadThenMembersUsersAndProtection) {
  auto const all = observed();
  auto const& group = group_in(all, "UnixAdmins");
  EXPECT_EQ(members_of(all, group), (std::vector<std::string>{"local.operator", "mjones"}));
  EXPECT_EQ(group.protected_because, "");
  EXPECT_NE(group_in(all, "Vault Admins").protected_because, "");
  EXPECT_TRUE(group_in(all, "CyberArk Admins").directory_group);
  auto const mary = std::ranges::find(all.users, "mjones", &TargetUser::name);
  ASSERT_NE(mary, all.users.end());
  EXPECT_EQ(mary->dn, "CN=Mary Jones,OU=People,DC=corp,DC=example,DC=com");
  EXPECT_EQ(mary->source, UserSource::directory);
  EXPECT_EQ(mary->protected_because, "");
  for (auto const& clause : all.certificate.clauses) EXPECT_TRUE(clause.holds) << clause.name;
}
TEST_P(GivenVaultServer, WhenReadTwiceThenOneLogonAndNoWrite) {
  ASSERT_TRUE(read());
  ASSERT_TRUE(read());
  EXPECT_EQ(simulator_->counters().logons, 1);
  EXPECT_EQ(simulator_->counters().changes, 0);
}
TEST_P(GivenVaultServer, WhenReadThenCallsAreAsDocumented) {
  ASSERT_TRUE(read());
  std::vector<std::string> targets;
  for (auto const& call : simulator_->journal()) targets.push_back(call.method + " " + call.target);
  for (auto const* expected :
       {"POST /PasswordVault/API/Auth/CyberArk/Logon", "GET /PasswordVault/API/Users?ExtendedDetails=true",
        "GET /PasswordVault/API/UserGroups?includeMembers=true"})
    EXPECT_NE(std::ranges::find(targets, expected), targets.end()) << expected;
}
TEST_P(GivenVaultServer, WhenMemberIsAddedThenOneWriteOfTheDocumentedForm) {
  auto const made = change(Verb::add, "bsmith@corp.example.com");
  EXPECT_EQ(apply(made).outcome, Outcome::done);
  auto const sent = writes();
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0].method, "POST");
  EXPECT_EQ(sent[0].target, under_unix_admins(made, ""));
  EXPECT_EQ(sent[0].body, R"({"memberId":"bsmith@corp.example.com","memberType":"Vault"})");
  EXPECT_EQ(members(), (std::vector<std::string>{"bsmith@corp.example.com", "local.operator", "mjones"}));
  EXPECT_EQ(apply(made).outcome, Outcome::already);
}
TEST_P(GivenVaultServer, WhenMembersWithOddNamesAreRemovedThenAddressed) {
  for (auto const& [name, encoded] :
       {std::pair{"john.doe@corp.example.com", "john.doe%40corp.example.com/"},
        std::pair{"CORP\\\\jsmith", "CORP%5Cjsmith/"}, std::pair{"Jane Roe", "Jane%20Roe/"},
        std::pair{"J\xC3\xBCrgen", "J%C3%BCrgen/"}}) {
    edit(R"({"op":"create-user","username":")" + std::string{name} + "\"}");
    edit(R"({"op":"add-member","group":"UnixAdmins","member":")" + std::string{name} + "\"}");
    auto const plain = sim::json::parse("\"" + std::string{name} + "\"").get_string();
    auto const made = change(Verb::remove, std::string{plain});
    auto const applied = apply(made);
    EXPECT_EQ(applied.outcome, Outcome::done) << name << ": " << applied.detail;
    auto const sent = writes();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0].method, "DELETE");
    EXPECT_EQ(sent[0].target, under_unix_admins(made, encoded));
  }
  EXPECT_EQ(members(), (std::vector<std::string>{"local.operator", "mjones"}));
}
TEST_P(GivenVaultServer, WhenNameCannotBeAddressedThenNotSent) {
  EXPECT_EQ(apply(change(Verb::remove, "a+b")).outcome, Outcome::failed);
  EXPECT_TRUE(writes().empty());
}
TEST_P(GivenVaultServer, WhenRemovedByAnotherMeanwhileThenAlready) {
  auto const made = change(Verb::remove, "mjones");
  edit(R"({"op":"remove-member","group":"UnixAdmins","member":"mjones"})");
  EXPECT_EQ(apply(made).outcome, Outcome::already);
}
TEST_P(GivenVaultServer, WhenConnectionDropsAfterTheEffectThenDoneAndNotSentTwice) {
  auto const made = change(Verb::remove, "mjones");
  faults(R"([{"method":"DELETE","drop":true}])");
  EXPECT_EQ(apply(made).outcome, Outcome::done);
  EXPECT_EQ(writes().size(), 1U);
}
TEST_P(GivenVaultServer, WhenConnectionDropsBeforeTheEffectThenSentOnceMore) {
  auto const made = change(Verb::add, "bsmith@corp.example.com");
  faults(R"([{"method":"POST","path":"/Members/","drop":true,"effect":"prevented"}])");
  EXPECT_EQ(apply(made).outcome, Outcome::done);
  EXPECT_EQ(members().size(), 3U);
}
TEST_P(GivenVaultServer, WhenThrottledThenRepeatedByTheClient) {
  auto const made = change(Verb::add, "bsmith@corp.example.com");
  faults(R"([{"method":"POST","path":"/Members/","status":429,"headers":{"Retry-After":"0"},"count":2}])");
  EXPECT_EQ(apply(made).outcome, Outcome::done);
  EXPECT_EQ(writes().size(), 3U);
}
TEST_P(GivenVaultServer, WhenSessionIsKilledThenOneNewLogon) {
  auto const made = change(Verb::add, "bsmith@corp.example.com");
  edit(R"({"op":"revoke-tokens"})");
  EXPECT_EQ(apply(made).outcome, Outcome::done);
  EXPECT_EQ(simulator_->counters().logons, 1);
}
TEST_P(GivenVaultServer, WhenGroupsAreCreatedRenamedAndDeletedThenEachOnce) {
  ASSERT_TRUE(read());
  Change creation;
  creation.verb = Verb::create_group;
  creation.group = "Fresh Group";
  auto const created = apply(creation);
  ASSERT_EQ(created.outcome, Outcome::done) << created.detail;
  auto const all = observed();
  EXPECT_EQ(group_in(all, "Fresh Group").id, created.group_id);
  EXPECT_EQ(apply(creation).outcome, Outcome::failed);
  auto other = creation;
  other.verb = Verb::rename_group;
  other.detail = "Renamed Group";
  other.group_id = created.group_id;
  EXPECT_EQ(apply(other).outcome, Outcome::done);
  EXPECT_EQ(group_in(observed(), "Renamed Group").id, created.group_id);
  other.verb = Verb::delete_group;
  EXPECT_EQ(apply(other).outcome, Outcome::done);
  EXPECT_EQ(apply(other).outcome, Outcome::already);
}
TEST_P(GivenVaultServer, WhenPersonIsProvisionedThenNameOfTheVaultIsTold) {
  auto made = change(Verb::add, "jsmith");
  made.domain = "corp.example.com";
  made.dn = "cn=john smith, ou=People,dc=corp,dc=example,dc=com";
  auto const applied = apply(made);
  EXPECT_EQ(applied.outcome, Outcome::done) << applied.detail;
  EXPECT_EQ(applied.principal, "jsmith");
  EXPECT_EQ(writes().front().body,
            R"({"memberId":"jsmith","memberType":"Domain","domainName":"corp.example.com"})");
  EXPECT_EQ(members(), (std::vector<std::string>{"jsmith", "local.operator", "mjones"}));
}
TEST_P(GivenVaultServer, WhenVaultTakesANamesakeThenTakenBack) {
  auto made = change(Verb::add, "jsmith");
  made.domain = "corp.example.com";
  made.dn = "CN=Jane Smith,OU=Sales,DC=corp,DC=example,DC=com";
  auto const applied = apply(made);
  EXPECT_EQ(applied.outcome, Outcome::failed);
  EXPECT_EQ(members(), (std::vector<std::string>{"local.operator", "mjones"})) << applied.detail;
}
TEST_P(GivenVaultServer, WhenGroupIsReadAloneThenAsInTheWholeRead) {
  auto const all = observed();
  auto const& whole = group_in(all, "UnixAdmins");
  auto const alone = test::run(io_, target_->read_group(whole.id, all));
  ASSERT_TRUE(alone && *alone);
  EXPECT_EQ((*alone)->users, whole.users);
  edit(R"({"op":"delete-group","group":"UnixAdmins"})");
  auto const gone = test::run(io_, target_->read_group(whole.id, all));
  ASSERT_TRUE(gone) << text(gone.error());
  EXPECT_FALSE(*gone);
}
TEST_P(GivenVaultServer, WhenListIsCutThenNothingIsBelieved) {
  ASSERT_TRUE(read());
  faults(R"([{"path":"includeMembers","cut_after":200,"count":0}])");
  EXPECT_FALSE(read());
}
TEST_P(GivenVaultServer, WhenStrangersAndNestedGroupsAreMembersThenToldApart) {
  edit(R"({"op":"add-stray-member","group":"UnixAdmins","id":9999,"username":"ghost"})");
  edit(R"({"op":"add-stray-member","group":"UnixAdmins","id":27,"username":"Auditors"})");
  edit(R"({"op":"add-member","group":"UnixAdmins","member":"PVWAUsers"})");
  auto const all = observed();
  auto const& group = group_in(all, "UnixAdmins");
  EXPECT_EQ(group.users.size(), 2U);
  auto const kind_of = [&group](std::string_view name) {
    return std::ranges::find(group.others, name, &OtherMember::name)->kind;
  };
  ASSERT_EQ(group.others.size(), 3U);
  EXPECT_EQ(kind_of("ghost"), OtherMember::Kind::unknown);
  EXPECT_EQ(kind_of("Auditors"), OtherMember::Kind::unknown);
  EXPECT_EQ(kind_of("PVWAUsers"), OtherMember::Kind::group);
}

INSTANTIATE_TEST_SUITE_P(Profiles, GivenVaultServer, testing::Values("pam-12.2", "pam-14.4"),
                         [](auto const& profile) {
                           std::string name = profile.param;
                           std::erase_if(name, [](char c) { return c == '-' || c == '.'; });
                           return name;
                         });

class GivenOldVaultServer : public VaultOverTls {};

TEST_P(GivenOldVaultServer, WhenReadThenRefusedByVersion) {
  auto const result = read();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, VaultErrc::old_version);
  EXPECT_EQ(simulator_->counters().writes, 0);
}

INSTANTIATE_TEST_SUITE_P(Profiles, GivenOldVaultServer, testing::Values("pam-11.1"),
                         [](auto const&) { return std::string{"pam111"}; });

}  // namespace
}  // namespace dirsync::vault
