// The units of systemd/ under a real systemd. Needs root with CAP_SYS_ADMIN, and says so where that is
// missing.
#include <gmock/gmock.h>

#include <fstream>
#include <regex>

#include "tests/support/ldap/kdc.hpp"
#include "tests/support/systemd/box.hpp"
#include "tests/system/world.hpp"

namespace dirsync::test {
namespace {
namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr char kConfiguration[] = "/etc/dirsyncd/dirsyncd.toml";
constexpr char kState[] = "/var/lib/dirsyncd";

/// dirsyncd and its units as installed, with servers to talk to; nothing is started.
class GivenTheUnitsUnderSystemd : public World {
 protected:
  GivenTheUnitsUnderSystemd() {
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.more = "[schedule]\ninterval = \"1s\"\njitter = \"0s\"\nwatch = false\n";
  }
  void SetUp() override {
    if (auto const obstacle = SystemdBox::obstacle(); !obstacle.empty()) GTEST_SKIP() << obstacle;
    fs::create_directory(shared_);
    fs::permissions(shared_, fs::perms{0755});
    box_.emplace(shared_);
    network_.emplace(*box_);
    World::SetUp();
    configuration.state_dir = kState;
    configuration.ldap_ca = share(slapd_->ca_file(), "ldap-ca.pem");
    configuration.vault_ca = configuration.console_ca = share(certificates_.ca_file, "ca.pem");
    configuration.ldap_password_file = credential("corp-bind", kReaderPassword);
    configuration.vault_password_file = credential("vault", kVaultPassword);
    configuration.console_password_file = credential("console", kConsolePassword);
    install();
    // LeakSanitizer traces its own process, which the sandbox forbids.
    for (auto const* unit : {"dirsyncd.service", "dirsyncd-sync.service"})
      drop_in(unit, "[Service]\nEnvironment=ASAN_OPTIONS=detect_leaks=0\n", "20-sanitizer.conf");
  }

  /// The path inside.
  std::string share(fs::path const& file, std::string const& name) const {
    fs::copy_file(file, shared_ / name);
    fs::permissions(shared_ / name, fs::perms{0644});
    return "/opt/box/" + name;
  }
  void write(std::string const& inside, std::string const& text, fs::perms mode = fs::perms{0644}) const {
    auto const file = box_->outside(inside);
    fs::create_directories(file.parent_path());
    std::ofstream{file} << text;
    fs::permissions(file, mode);
  }
  /// A file that only root can read; what a configuration needs in its place for install().
  std::string credential(std::string const& name, std::string const& secret) const {
    write("/etc/dirsyncd/credentials/" + name, secret, fs::perms{0600});
    return "credential:" + name;
  }
  /// The file that the service reads, from `configuration`.
  void install() const {
    static std::regex const marked{R"~(\{ file = "credential:([\w-]+)" \})~"};
    auto text = std::regex_replace(configuration.text(), marked, "{ credential = \"$1\" }");
    static std::regex const simple{R"(bind = \{[^{]*\{[^}]*\} \})"};
    if (!logon_.empty()) text = std::regex_replace(text, simple, "bind = " + logon_);
    write(kConfiguration, text);
  }
  void drop_in(std::string const& unit, std::string const& text, std::string const& name = "50-test.conf") {
    write("/etc/systemd/system/" + unit + ".d/" + name, text);
    systemctl({"daemon-reload"});
  }
  void no_drop_in(std::string const& unit) {
    fs::remove(box_->outside("/etc/systemd/system/" + unit + ".d/50-test.conf"));
    systemctl({"daemon-reload"});
  }
  void systemctl(std::vector<std::string> words) {
    words.insert(words.begin(), "systemctl");
    box_->output(std::move(words));
  }
  std::string state(std::string const& unit = "dirsyncd") { return box_->property(unit, "ActiveState"); }
  bool becomes(std::string const& wanted) {
    return eventually([this, &wanted] { return state() == wanted; });
  }
  std::string main_pid() { return box_->property("dirsyncd", "MainPID"); }
  /// What the units, and systemd about them, wrote to the journal.
  std::string log() {
    return box_->output({"journalctl", "--quiet", "--no-pager", "--output", "cat", "--unit", "dirsyncd*"});
  }
  bool says(std::string_view part) {
    return eventually([this, part] { return log().find(part) != std::string::npos; });
  }
  void expect_in_sync_soon() {
    EXPECT_TRUE(says("verdict=in-sync")) << log();
    expect_in_sync();
  }
  std::string owner_and_mode(std::string const& inside) {
    return box_->output({"stat", "--format", "%F, %U:%G %a", inside});
  }
  /// A number of the account: `--user` or `--group`.
  std::string account(std::string const& which) {
    auto number = box_->output({"id", which, "dirsyncd"});
    number.pop_back();
    return number;
  }
  void expect_chain_holds_inside() { EXPECT_EQ(box_->run({"dirsyncd", "log", "verify"}).exit, 0); }
  std::int64_t changes_of_the_vault() const {
    return vault_->get("counters").at("changes").to_number<std::int64_t>();
  }

  std::string logon_;  // to the directory, in place of the simple bind
  fs::path const shared_ = folder_.path() / "box";
  std::optional<SystemdBox> box_;
  std::optional<InNetworkOf> network_;
};

TEST_F(GivenTheUnitsUnderSystemd, WhenStartedThenTheServiceIsActiveOnceItIsReadyAndNotBefore) {
  drop_in("dirsyncd.service",
          "[Service]\nExecStart=\nExecStart=/bin/sh -c 'until [ -e /run/go ]; do sleep 0.1; done; exec "
          "/usr/sbin/dirsyncd run'\n");
  systemctl({"start", "--no-block", "dirsyncd"});
  ASSERT_TRUE(eventually([this] { return main_pid() != "0"; }));
  EXPECT_EQ(state(), "activating");
  write("/run/go", "");
  ASSERT_TRUE(becomes("active")) << log();
  EXPECT_THAT(log(), HasSubstr("event=service_started"));
  expect_in_sync_soon();
  EXPECT_TRUE(eventually([this] {
    return box_->property("dirsyncd", "StatusText").find("in-sync, exit 0") != std::string::npos;
  }));
}

TEST_F(GivenTheUnitsUnderSystemd, WhenStartedThenFolderAndCredentialsBelongToTheAccountAlone) {
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
  EXPECT_EQ(owner_and_mode(kState), "directory, dirsyncd:dirsyncd 700\n");
  EXPECT_EQ(owner_and_mode(kState + std::string{"/dirsyncd.db"}), "regular file, dirsyncd:dirsyncd 600\n");
  EXPECT_EQ(owner_and_mode("/run/dirsyncd"), "directory, dirsyncd:dirsyncd 750\n");
  for (auto const* name : {"corp-bind", "vault", "console"})
    EXPECT_THAT(owner_and_mode(std::string{"/run/credentials/dirsyncd.service/"} + name),
                AllOf(HasSubstr("dirsyncd:"), HasSubstr(" 400")));
  EXPECT_EQ(box_->output({"ps", "--no-headers", "--format", "user:20", "--pid", main_pid()}).find("dirsyncd"),
            0U);
  expect_chain_holds_inside();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenAPersonIsInTheGroupThenTheSocketIsTheirsAndNobodyElses) {
  constexpr int kAnn = 4711, kBob = 4712;
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
  EXPECT_EQ(owner_and_mode("/run/dirsyncd/control.sock"), "socket, dirsyncd:dirsyncd 660\n");
  auto const as = [this](int person, std::string const& group, std::vector<std::string> const& words) {
    std::vector<std::string> all{"setpriv", "--reuid=" + std::to_string(person),
                                 "--regid=" + std::to_string(person), "--groups=" + group, "dirsyncd"};
    all.insert(all.end(), words.begin(), words.end());
    return box_->run(std::move(all));
  };
  auto const group = account("--group");
  EXPECT_EQ(as(kAnn, group, {"status"}).exit, 0);
  auto const synced = as(kAnn, group, {"sync"});
  EXPECT_EQ(synced.exit, 0) << synced.err;
  EXPECT_THAT(box_->output({"dirsyncd", "runs", "--json"}), HasSubstr("uid:" + std::to_string(kAnn)));
  EXPECT_EQ(as(kBob, "4712", {"status"}).exit, 2);
  systemctl({"stop", "dirsyncd"});
  EXPECT_FALSE(fs::exists(box_->outside("/run/dirsyncd/control.sock")));
}

TEST_F(GivenTheUnitsUnderSystemd, WhenACredentialIsEncryptedThenItTakesThePlaceOfThePlainOne) {
  auto const plain = "/etc/dirsyncd/credentials/vault", sealed = "/etc/dirsyncd/credentials/vault.cred";
  box_->output({"systemd-creds", "setup"});
  box_->output({"systemd-creds", "encrypt", "--with-key=host", "--name=vault", plain, sealed});
  fs::remove(box_->outside(plain));
  drop_in("dirsyncd.service", std::string{"[Service]\nLoadCredentialEncrypted=vault:"} + sealed + "\n");
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenReloadedThenItSaysSoAndTheSameProcessGoesOn) {
  configuration.more = "[schedule]\ninterval = \"1h\"\njitter = \"0s\"\nwatch = false\n";
  install();
  systemctl({"start", "dirsyncd"});
  ASSERT_TRUE(says("event=run_finished"));
  auto const process = main_pid();
  // The reload ends the old sessions, and this one takes its time.
  vault_->replace_faults(R"([{"path":"ogoff","delay_ms":4000,"count":0}])");
  systemctl({"reload", "--no-block", "dirsyncd"});
  EXPECT_TRUE(becomes("reloading"));
  EXPECT_TRUE(becomes("active"));
  EXPECT_THAT(log(), HasSubstr("event=reloaded"));
  vault_->replace_faults("[]");

  configuration.service_keys = "colour = \"blue\"\n";
  install();
  systemctl({"reload", "dirsyncd"});
  EXPECT_TRUE(says("event=reload_refused")) << log();
  EXPECT_TRUE(becomes("active"));
  EXPECT_EQ(main_pid(), process);
  EXPECT_EQ(box_->property("dirsyncd", "NRestarts"), "0");
}

TEST_F(GivenTheUnitsUnderSystemd, WhenTheServiceHangsThenTheWatchdogEndsItAndItIsStartedAgain) {
  drop_in("dirsyncd.service", "[Service]\nWatchdogSec=5s\nRestartSec=100ms\n");
  systemctl({"start", "dirsyncd"});
  ASSERT_TRUE(says("verdict=in-sync")) << log();
  auto const process = main_pid();
  systemctl({"kill", "--signal", "SIGSTOP", "dirsyncd"});
  ASSERT_TRUE(says("Failed with result 'watchdog'")) << log();
  EXPECT_TRUE(eventually([this] { return box_->property("dirsyncd", "NRestarts") == "1"; }));
  ASSERT_TRUE(becomes("active")) << log();
  EXPECT_NE(main_pid(), process);
  systemctl({"stop", "dirsyncd"});
  EXPECT_EQ(box_->property("dirsyncd", "Result"), "success") << log();
  expect_in_sync();
  expect_chain_holds_inside();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenStoppedInTheMiddleOfARunThenItEndsByItselfAndTheNextStartGoesOn) {
  vault_->replace_faults(R"([{"route":"add-member","delay_ms":300,"count":0}])");
  systemctl({"start", "dirsyncd"});
  ASSERT_TRUE(eventually([this] { return vault_->writes() >= 5; })) << log();
  systemctl({"stop", "dirsyncd"});
  EXPECT_EQ(box_->property("dirsyncd", "Result"), "success") << log();
  EXPECT_EQ(box_->property("dirsyncd", "ExecMainStatus"), "0");
  EXPECT_THAT(log(), AllOf(HasSubstr("event=service_stopped"), Not(HasSubstr("timed out"))));
  auto wanted = 0;
  for (auto const& [group, members] : expected_in_vault()) wanted += 1 + static_cast<int>(members.size());
  EXPECT_LT(changes_of_the_vault(), wanted) << "it was stopped too late to show anything";
  vault_->replace_faults("[]");
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
  EXPECT_EQ(changes_of_the_vault(), wanted);
  expect_chain_holds_inside();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenTheConfigurationIsWrongThenTheUnitFailsWithTwoAndIsLeftDown) {
  configuration.service_keys = "colour = \"blue\"\n";
  install();
  EXPECT_NE(box_->run({"systemctl", "start", "dirsyncd"}).exit, 0);
  EXPECT_EQ(state(), "failed") << "between two attempts it would be activating";
  EXPECT_EQ(box_->property("dirsyncd", "ExecMainStatus"), "2");
  EXPECT_EQ(box_->property("dirsyncd", "NRestarts"), "0");
  EXPECT_THAT(log(), HasSubstr("colour"));
}

TEST_F(GivenTheUnitsUnderSystemd, WhenWhatIsMissingMayComeThenTheUnitIsTriedAgain) {
  drop_in("dirsyncd.service",
          "[Unit]\nStartLimitIntervalSec=0\n[Service]\nRestartSec=100ms\nLoadCredential=more:/etc/dirsyncd/"
          "credentials/more\n");
  EXPECT_NE(box_->run({"systemctl", "start", "dirsyncd"}).exit, 0);
  EXPECT_THAT(log(), HasSubstr("status=243/CREDENTIALS"));
  credential("more", "any");
  EXPECT_TRUE(becomes("active")) << log();
  expect_in_sync_soon();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenASecretIsMissingThatNobodyNamesThenTheServiceStarts) {
  fs::remove(box_->outside("/etc/dirsyncd/credentials/console"));
  configuration.console_password_file = credential("pulse", kConsolePassword);
  install();
  drop_in("dirsyncd.service", "[Service]\nLoadCredential=pulse:/etc/dirsyncd/credentials/pulse\n");
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenASecretIsMissingThatTheConfigurationNamesThenTheLogSaysWhere) {
  fs::remove(box_->outside("/etc/dirsyncd/credentials/console"));
  EXPECT_NE(box_->run({"systemctl", "start", "dirsyncd"}).exit, 0);
  EXPECT_EQ(state(), "failed");
  EXPECT_EQ(box_->property("dirsyncd", "ExecMainStatus"), "2");
  EXPECT_TRUE(says("put the secret into /etc/dirsyncd/credentials/console")) << log();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenRootRunsACommandThenItReadsTheSecretsThatTheUnitLoads) {
  auto const checked = box_->run({"dirsyncd", "config", "check"});
  EXPECT_EQ(checked.exit, 0) << checked.err;
  fs::permissions(box_->outside("/etc/dirsyncd/credentials/vault"), fs::perms{0644});
  auto const refused = box_->run({"dirsyncd", "config", "check"});
  EXPECT_EQ(refused.exit, 2);
  EXPECT_THAT(refused.err, HasSubstr("chmod 0600 /etc/dirsyncd/credentials/vault"));
  fs::remove(box_->outside("/etc/dirsyncd/credentials/vault"));
  EXPECT_THAT(
      box_->run({"dirsyncd", "config", "check"}).err,
      AllOf(HasSubstr("cannot read /etc/dirsyncd/credentials/vault"), HasSubstr("LoadCredential=vault:")));
}

TEST_F(GivenTheUnitsUnderSystemd, WhenUpgradedFromADynamicUserThenTheStateGoesOverToTheAccount) {
  box_->output({"userdel", "dirsyncd"});
  drop_in("dirsyncd.service", "[Service]\nUser=\nGroup=\nDynamicUser=yes\n");
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
  EXPECT_THAT(owner_and_mode(kState), StartsWith("symbolic link"));
  systemctl({"stop", "dirsyncd"});
  no_drop_in("dirsyncd.service");
  box_->output({"systemd-sysusers", "dirsyncd.conf"});
  forget_calls();
  systemctl({"start", "dirsyncd"});
  ASSERT_TRUE(eventually([this] { return vault_->requests() > 0 && console_->requests() > 0; })) << log();
  systemctl({"stop", "dirsyncd"});
  EXPECT_EQ(owner_and_mode(kState), "directory, dirsyncd:dirsyncd 700\n");
  EXPECT_EQ(owner_and_mode(kState + std::string{"/dirsyncd.db"}), "regular file, dirsyncd:dirsyncd 600\n");
  EXPECT_EQ(writes(), 0);
  expect_in_sync();
  expect_chain_holds_inside();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenTheDirectoryIsASocketThenItSeesTheAccountOfTheService) {
  slapd_options_.access = {"access to * by dn.exact=\"gidNumber=" + account("--group") + "+uidNumber=" +
                           account("--user") + ",cn=peercred,cn=external,cn=auth\" read by * none"};
  slapd_->reconfigure(slapd_options_);
  auto const encoded = slapd_->socket_uri().substr(std::string_view{"ldapi://"}.size());
  fs::path const socket = std::regex_replace(encoded, std::regex{"%2F"}, "/");
  fs::create_hard_link(socket, shared_ / "ldapi");
  configuration.ldap_uri = "ldapi://%2Fopt%2Fbox%2Fldapi";
  logon_ = "{ method = \"external\" }";
  install();
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenACredentialIsAKeytabThenTheLogonIsByKerberos) {
  Kdc kdc;
  slapd_options_.global_lines = Kdc::server_lines();
  slapd_options_.environment = kdc.server_environment();
  slapd_options_.access = {"access to * by users read by * none"};
  slapd_->reconfigure(slapd_options_);
  write("/etc/krb5.conf", content_of(kdc.config_file()));
  credential("keytab", content_of(kdc.add_principal("dirsyncd")));
  drop_in("dirsyncd.service", "[Service]\nLoadCredential=keytab:/etc/dirsyncd/credentials/keytab\n");
  logon_ =
      "{ method = \"gssapi\", keytab = \"/run/credentials/dirsyncd.service/keytab\", principal = "
      "\"dirsyncd@EXAMPLE.TEST\" }";
  install();
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenTheAddressesAreListedThenTheListedOnesAreReached) {
  auto const example = box_->outside("/run/systemd/system/dirsyncd.service.d/10-addresses.conf.example");
  drop_in("dirsyncd.service", content_of(example));
  systemctl({"start", "dirsyncd"});
  expect_in_sync_soon();
}

TEST_F(GivenTheUnitsUnderSystemd, WhenRunByTheTimerThenTheServiceIsStoppedAndOneRunDoesTheWork) {
  configuration.limits_keys = "";
  install();
  systemctl({"start", "dirsyncd"});
  ASSERT_TRUE(says("event=plan_held"));
  configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
  install();
  drop_in("dirsyncd-sync.timer", "[Timer]\nOnActiveSec=\nOnActiveSec=100ms\nRandomizedDelaySec=0\n");
  systemctl({"start", "dirsyncd-sync.timer"});
  EXPECT_TRUE(becomes("inactive"));
  ASSERT_TRUE(says("Result: ")) << log();
  expect_in_sync();
  EXPECT_TRUE(eventually([this] { return state("dirsyncd-sync.service") == "inactive"; })) << log();
  EXPECT_EQ(box_->property("dirsyncd-sync.service", "Result"), "success");
  EXPECT_EQ(owner_and_mode(kState), "directory, dirsyncd:dirsyncd 700\n");
  systemctl({"start", "dirsyncd"});
  EXPECT_EQ(state("dirsyncd-sync.timer"), "inactive");
}

TEST_F(GivenTheUnitsUnderSystemd, WhenOneRunMeetsAHeldPlanOrTheServiceThenItsUnitFailsWithItsExitCode) {
  configuration.limits_keys = "";
  install();
  EXPECT_NE(box_->run({"systemctl", "start", "dirsyncd-sync"}).exit, 0);
  EXPECT_EQ(box_->property("dirsyncd-sync", "ExecMainStatus"), "4") << log();
  configuration.service_keys = "control_socket = \"\"\n";
  install();
  systemctl({"start", "dirsyncd"});
  EXPECT_NE(box_->run({"systemctl", "start", "dirsyncd-sync"}).exit, 0);
  EXPECT_EQ(box_->property("dirsyncd-sync", "ExecMainStatus"), "7") << log();
  EXPECT_EQ(state(), "active");
  EXPECT_EQ(owner_and_mode("/run/dirsyncd"), "directory, dirsyncd:dirsyncd 750\n");
}

}  // namespace
}  // namespace dirsync::test
