// A side that cannot be read, or answers nonsense, is never taken for an empty one.
#include <gmock/gmock.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <sstream>
#include <utility>

#include "tests/support/net/free_port.hpp"
#include "tests/support/net/tcp_proxy.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace json = boost::json;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;

constexpr char kNoLimits[] = "first_plan = \"apply\"\nadditions = \"off\"\n";

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  std::istringstream stream{text};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

bool has_run_of_base64(std::string const& text, int length) {
  auto run = 0;
  return std::ranges::any_of(text, [&run, length](unsigned char c) {
    run = std::isalnum(c) != 0 || c == '+' || c == '/' || c == '=' ? run + 1 : 0;
    return run >= length;
  });
}

class BadInput : public World {
 protected:
  BadInput() { configuration.limits_keys = kNoLimits; }

  /// A run that must end with 5, name `side` and all `words` on one line, and leave a row that says so.
  json::value refused(std::string const& side, std::vector<std::string> const& words) {
    auto const finished = run({"sync", "--json"});
    EXPECT_EQ(finished.exit, 5) << finished.err << finished.out;
    testing::Matcher<std::string> all = HasSubstr("side=" + side);
    for (auto const& word : words) all = AllOf(all, HasSubstr(word));
    EXPECT_THAT(lines_of(finished.err), Contains(all));
    auto const rows = audit({"--action", "read", "--target", side});
    EXPECT_FALSE(rows.empty());
    for (auto const& row : rows) {
      EXPECT_EQ(text_at(row, "result"), "refused");
      for (auto const& word : words) EXPECT_THAT(text_at(row, "detail"), HasSubstr(word));
    }
    auto plan = document(finished);
    EXPECT_EQ(text_at(plan.as_object(), "verdict"), "refuse");
    return plan;
  }
  std::string another_ca() {
    auto const folder = folder_.path() / "other";
    std::filesystem::create_directory(folder);
    return make_certificates(folder).ca_file;
  }
  static std::string closed_url() { return "https://127.0.0.1:" + std::to_string(free_port()); }
};

// --- directory
// -------------------------------------------------------------------------------------------------

class GivenADirectoryThatFails : public BadInput {
 protected:
  void expect_nothing_written(std::vector<std::string> const& words) {
    configure();
    refused("corp", words);
    EXPECT_EQ(writes(), 0);
    EXPECT_EQ(differences(vault_->memberships(), vault_before_), "");
    EXPECT_EQ(differences(console_->memberships(), console_before_), "");
  }
};

TEST_F(GivenADirectoryThatFails, WhenThePasswordIsWrongThenRefused) {
  configuration.ldap_password_file = configuration.vault_password_file;
  expect_nothing_written({"result 49", kReaderDn, "check the bind DN, its password"});
}

TEST_F(GivenADirectoryThatFails, WhenTheCaIsAnotherThenRefused) {
  configuration.ldap_ca = another_ca();
  expect_nothing_written({slapd_->tls_uri(), "TLS handshake", "check tls.ca_file"});
}

TEST_F(GivenADirectoryThatFails, WhenThePortIsClosedThenRefused) {
  configuration.ldap_uri = "ldaps://127.0.0.1:" + std::to_string(free_port());
  expect_nothing_written({configuration.ldap_uri, "Connection refused", "check the URI"});
}

TEST_F(GivenADirectoryThatFails, WhenTheServersTimeLimitIsOverThenRefused) {
  // Every search below this suffix ends with the result that the overlay is told to give.
  Slapd::Options slow = slapd_options_;
  slow.global_lines = {"moduleload retcode"};
  slow.database_lines = {"overlay retcode", "retcode-parent \"ou=slow,dc=example,dc=com\"",
                         "retcode-item \"cn=groups\" 0x03 op=search"};
  slapd_->reconfigure(slow);
  configuration.groups_base = "cn=groups,ou=slow,dc=example,dc=com";
  expect_nothing_written({"result 3", "time=unlimited"});
}

TEST_F(GivenADirectoryThatFails, WhenTheConnectionIsCutAnywhereThenRefusedAndNothingIsWritten) {
  for (std::size_t const after : {100U, 2'500U, 4'000U, 6'000U}) {
    TcpProxy const proxy{slapd_->tls_port(), TcpProxy::Fault::cut, after};
    configuration.ldap_uri = "ldaps://127.0.0.1:" + std::to_string(proxy.port());
    configure();
    auto const finished = run({"sync"});
    ASSERT_TRUE(proxy.faulted()) << after;
    EXPECT_EQ(finished.exit, 5) << after << finished.err;
    EXPECT_EQ(writes(), 0) << after;
    auto const row = audit({"--action", "read", "--limit", "1"}).at(0);
    EXPECT_EQ(text_at(row, "result"), "refused");
    EXPECT_THAT(text_at(row, "detail"), HasSubstr(configuration.ldap_uri));
  }
}

/// 40 groups more than the sample has, all in sync.
class GivenManyGroupsInSync : public BadInput {
 protected:
  GivenManyGroupsInSync() {
    for (int n = 0; n < 40; ++n)
      company.groups.push_back({"pam-many-" + std::to_string(n), {"u01", "u02"}, {}});
  }
  void SetUp() override {
    World::SetUp();
    sync(0);
    expect_in_sync();
    forget_calls();
    before_vault_ = vault_->memberships();
    before_console_ = console_->memberships();
  }
  /// slapd comes back with other rules; the next two runs write nothing and say why.
  void expect_refused_with(Slapd::Options const& options, std::vector<std::string> const& words) {
    slapd_->reconfigure(options);
    refused("corp", words);
    refused("corp", words);
    EXPECT_EQ(writes(), 0);
    EXPECT_EQ(differences(vault_->memberships(), before_vault_), "");
    EXPECT_EQ(differences(console_->memberships(), before_console_), "");
    slapd_->reconfigure(slapd_options_);
    sync(0);
    EXPECT_EQ(writes(), 0);
    expect_chain_holds();
  }
  Memberships before_vault_, before_console_;
};

TEST_F(GivenManyGroupsInSync, WhenTheServerGivesTenEntriesThenRefused) {
  auto options = slapd_options_;
  options.database_lines = {"sizelimit 10"};
  expect_refused_with(options, {"search for", "result 4", "size=unlimited"});
}

TEST_F(GivenManyGroupsInSync, WhenTheGroupsBaseIsHiddenThenRefused) {
  auto options = slapd_options_;
  options.access.insert(options.access.begin() + 1,
                        "access to dn.subtree=\"ou=groups,dc=example,dc=com\" by * none");
  expect_refused_with(options, {"ou=groups,dc=example,dc=com", "may read the base entry"});
}

TEST_F(GivenManyGroupsInSync, WhenEveryGroupBelowAReadableBaseIsHiddenThenRefused) {
  auto options = slapd_options_;
  options.access.insert(options.access.begin() + 1,
                        "access to dn.children=\"ou=groups,dc=example,dc=com\" by * none");
  expect_refused_with(options, {"band", "gave 0 groups", "--accept-band"});
}

TEST_F(GivenManyGroupsInSync, WhenEveryPersonIsHiddenThenRefused) {
  auto options = slapd_options_;
  options.access.insert(options.access.begin() + 1,
                        "access to dn.children=\"ou=people,dc=example,dc=com\" by * none");
  expect_refused_with(options, {"band", "gave 0 people"});
}

TEST_F(GivenManyGroupsInSync, WhenMemberValuesAreHiddenThenRefused) {
  auto options = slapd_options_;
  options.access.insert(options.access.begin() + 1,
                        "access to dn.children=\"ou=groups,dc=example,dc=com\" attrs=member by * none");
  expect_refused_with(options, {"member"});
}

TEST_F(GivenManyGroupsInSync, WhenAFewPeopleAreHiddenThenTheyKeepWhatTheyHave) {
  auto options = slapd_options_;
  for (auto const* uid : {"u01", "u02"})
    options.access.insert(options.access.begin() + 1,
                          "access to dn.exact=\"" + company.person(uid).dn() + "\" by * none");
  slapd_->reconfigure(options);
  // Their groups still name them, so one look confirms nothing; a second run does, and then the limits hold
  // the plan.
  sync(3);
  sync(4);
  EXPECT_EQ(writes(), 0);
  EXPECT_EQ(differences(vault_->memberships(), before_vault_), "");
  EXPECT_EQ(differences(console_->memberships(), before_console_), "");
}

// --- targets
// ---------------------------------------------------------------------------------------------------

/// What is wrong with one target, and what the message has to say.
struct Trouble {
  char const* name;
  enum class Kind { ca, port, password, faults } kind;
  std::string faults;  // for the simulator
  std::vector<std::string> words;
};
void PrintTo(Trouble const& trouble, std::ostream* out) { *out << trouble.name; }

constexpr char kProxyPage[] = R"([{"path":"/","status":200,"body":"<html><h1>Corporate proxy</h1></html>",
                                   "content_type":"text/html","count":0}])";
constexpr char kServerError[] =
    R"([{"path":"/","status":500,"body":"{\"ErrorMessage\":\"boom\"}","count":0}])";

class BadTarget : public BadInput, public testing::WithParamInterface<Trouble> {
 protected:
  /// Makes the trouble for the target of these settings.
  void make(std::string& url, std::string& ca, std::string& password_file,
            SimulatorProcess const& simulator) {
    switch (GetParam().kind) {
      case Trouble::Kind::ca:
        ca = another_ca();
        break;
      case Trouble::Kind::port:
        url = closed_url() + "/PasswordVault";
        break;
      case Trouble::Kind::password:
        password_file = configuration.ldap_password_file;
        break;
      case Trouble::Kind::faults:
        simulator.replace_faults(GetParam().faults);
        break;
    }
    configure();
  }
};

class GivenAVaultThatFails : public BadTarget {};

TEST_P(GivenAVaultThatFails, WhenSyncedThenItIsRefusedAndTheConsoleIsServed) {
  make(configuration.vault_url, configuration.vault_ca, configuration.vault_password_file, *vault_);
  auto const plan = refused("vault", GetParam().words);
  EXPECT_EQ(vault_->writes(), 0);
  EXPECT_EQ(differences(vault_->memberships(), vault_before_), "");
  auto console = expected_in_console();
  console.insert(console_before_.begin(), console_before_.end());
  EXPECT_EQ(differences(console_->memberships(), console), "");
  EXPECT_EQ(text_at(plan.at("targets").at("vault").as_object(), "verdict"), "refuse");
  EXPECT_EQ(text_at(plan.at("targets").at("console").as_object(), "verdict"), "run");
}

class GivenAConsoleThatFails : public BadTarget {};

TEST_P(GivenAConsoleThatFails, WhenSyncedThenItIsRefusedAndTheVaultIsServed) {
  make(configuration.console_url, configuration.console_ca, configuration.console_password_file, *console_);
  auto const plan = refused("console", GetParam().words);
  EXPECT_EQ(console_->writes(), 0);
  EXPECT_EQ(differences(console_->memberships(), console_before_), "");
  auto vault = expected_in_vault();
  vault.insert(vault_before_.begin(), vault_before_.end());
  EXPECT_EQ(differences(vault_->memberships(), vault), "");
  EXPECT_EQ(text_at(plan.at("targets").at("console").as_object(), "verdict"), "refuse");
  EXPECT_EQ(text_at(plan.at("targets").at("vault").as_object(), "verdict"), "run");
}

auto const kTroubleName = [](testing::TestParamInfo<Trouble> const& info) {
  return std::string{info.param.name};
};

INSTANTIATE_TEST_SUITE_P(
    Vault, GivenAVaultThatFails,
    testing::Values(
        Trouble{"WrongCa", Trouble::Kind::ca, "", {"TLS", "ca_file"}},
        Trouble{"ClosedPort", Trouble::Kind::port, "", {"could not be reached", "check"}},
        Trouble{"WrongPassword", Trouble::Kind::password, "", {"logon", "password"}},
        Trouble{"ProxyPage", Trouble::Kind::faults, kProxyPage, {"logon", "web page", "check url"}},
        Trouble{"ServerError", Trouble::Kind::faults, kServerError, {"logon", "500", "tries again"}},
        Trouble{
            "HtmlForTheGroups",
            Trouble::Kind::faults,
            R"([{"route":"list-groups","status":200,"body":"<html>hello</html>","content_type":"text/html","count":0}])",
            {"groups list", "check"}},
        Trouble{"HalfTheGroups",
                Trouble::Kind::faults,
                R"([{"route":"list-groups","cut_after":60,"count":0}])",
                {"groups list", "check"}},
        Trouble{
            "HalfAJsonText",
            Trouble::Kind::faults,
            R"([{"route":"list-groups","status":200,"body":"{\"value\":[{\"id\":11,\"groupName\":\"Va","count":0,
                    "content_type":"application/json"}])",
            {"groups list", "check"}},
        Trouble{"NoUsers",
                Trouble::Kind::faults,
                R"([{"route":"list-users","status":500,"count":0}])",
                {"users list", "500", "tries again"}}),
    kTroubleName);

INSTANTIATE_TEST_SUITE_P(
    Console, GivenAConsoleThatFails,
    testing::Values(
        Trouble{"WrongCa", Trouble::Kind::ca, "", {"TLS", "ca_file"}},
        Trouble{"ClosedPort", Trouble::Kind::port, "", {"could not be reached", "check"}},
        Trouble{"WrongPassword", Trouble::Kind::password, "", {"login of", "check url, user, password"}},
        Trouble{"ProxyPage", Trouble::Kind::faults, kProxyPage, {"no JSON", "check that url"}},
        Trouble{"ServerError", Trouble::Kind::faults, kServerError, {"500", "log"}},
        Trouble{
            "HtmlForTheGroups",
            Trouble::Kind::faults,
            R"([{"path":"/api/groups","status":200,"body":"<html>hello</html>","content_type":"text/html","count":0}])",
            {"/api/groups", "check"}},
        Trouble{"HalfTheGroups",
                Trouble::Kind::faults,
                R"([{"path":"/api/groups","cut_after":60,"count":0}])",
                {"/api/groups", "check"}},
        Trouble{"HalfAJsonText",
                Trouble::Kind::faults,
                R"([{"path":"/api/groups","status":200,"body":"{\"groups\":[{\"id\":\"x","count":0,
                    "content_type":"application/json"}])",
                {"/api/groups", "check"}},
        Trouble{"NoUsers",
                Trouble::Kind::faults,
                R"([{"path":"/api/users","status":500,"count":0}])",
                {"/api/users", "500", "log"}}),
    kTroubleName);

TEST_F(BadInput, WhenATargetFailsAfterAGoodRunThenItKeepsItsMembersAndIsServedAgainLater) {
  sync(0);
  forget_calls();
  vault_->replace_faults(
      R"([{"route":"list-groups","status":200,"body":"{\"value\":[],\"count\":0}","count":0,
                              "content_type":"application/json"}])");
  leave("u06", "team-b");
  auto const finished = run({"sync"});
  EXPECT_TRUE(finished.exit == 5 || finished.exit == 4) << finished.exit << finished.out << finished.err;
  EXPECT_EQ(vault_->writes(), 0);
  vault_->replace_faults("[]");
  forget_calls();
  sync(0);
  expect_in_sync();
}

// --- secrets
// ---------------------------------------------------------------------------------------------------

TEST_F(BadInput, WhenEverythingIsTracedThenNoSecretIsInAnyOutputOrFile) {
  std::string everything;
  auto const keep = [&everything](Finished const& finished) { everything += finished.out + finished.err; };
  keep(run({"sync", "--log-level", "trace"}));
  EXPECT_NE(writes(), 0);
  vault_->replace_faults(R"([{"route":"list-users","status":401,"count":2}])");
  console_->edit(R"({"op":"expire_tokens","which":"all"})");
  keep(run({"sync", "--log-level", "trace", "--json"}));
  configuration.ldap_password_file = configuration.console_password_file;
  auto const console_password =
      std::exchange(configuration.console_password_file, configuration.vault_password_file);
  configuration.vault_password_file = console_password;
  configure();
  keep(run({"sync", "--log-level", "trace"}));
  for (auto const* command : {"log", "runs", "status"}) keep(run({command}));
  keep(run({"log", "--json"}));
  keep(run({"run", "show", "1", "--json"}));
  for (auto const& file : std::filesystem::directory_iterator{folder_.path() / "state"})
    everything += content_of(file);
  ASSERT_GT(everything.size(), 10'000U);
  EXPECT_NE(everything.find("event=http_request"), std::string::npos);
  EXPECT_NE(everything.find("event=ldap_search"), std::string::npos);
  // Tokens of the console hold the canary, Basic credentials are base64.
  for (auto const* secret : {kReaderPassword, kVaultPassword, kConsolePassword, "canary-access-token",
                             "canary-refresh-token", "RGlyc3luYyMyMDIx", "Authorization", "Bearer "})
    EXPECT_EQ(everything.find(secret), std::string::npos) << secret;
  // Tokens of the Vault have 180 signs of base64. Nothing else is as long; two hashes that stand together
  // have 128.
  EXPECT_FALSE(has_run_of_base64(everything, 170));
}

// --- a CA file that is just being replaced

class GivenCaFiles : public BadInput, public testing::WithParamInterface<std::string> {
 protected:
  std::filesystem::path const file_ = folder_.path() / "replaced-ca.pem";
  std::string whole_;

  void SetUp() override {
    World::SetUp();
    auto& ca = GetParam() == "corp"    ? configuration.ldap_ca
               : GetParam() == "vault" ? configuration.vault_ca
                                       : configuration.console_ca;
    std::ostringstream text;
    text << std::ifstream{ca}.rdbuf();
    whole_ = text.str();
    ca = file_;
    configure();
  }
  void put(std::string const& text) const { std::ofstream{file_} << text; }
};

TEST_P(GivenCaFiles, WhenMissingThenTheSideIsUnreadUntilItIsThere) {
  refused(GetParam(), {"ca_file"});
  put(whole_);
  sync(0);
}

TEST_P(GivenCaFiles, WhenHalfWrittenThenTheSideIsUnreadUntilItIsWhole) {
  put(whole_.substr(0, whole_.size() / 2));
  refused(GetParam(), {"ca_file"});
  put(whole_);
  sync(0);
}

INSTANTIATE_TEST_SUITE_P(Sides, GivenCaFiles, testing::Values("corp", "vault", "console"),
                         [](auto const& side) { return side.param; });

}  // namespace
}  // namespace dirsync::test
