// Configuration from real files: modes, secrets, and the examples in tests/golden and docs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "daemon/config/document.hpp"
#include "daemon/config/load.hpp"
#include "tests/support/config/memory_environment.hpp"
#include "tests/support/golden.hpp"

namespace dirsync::config {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

class GivenFiles : public testing::Test {
 protected:
  GivenFiles() {
    std::string folder = testing::TempDir() + "dirsync-config-XXXXXX";
    EXPECT_NE(::mkdtemp(folder.data()), nullptr);
    folder_ = folder;
  }
  ~GivenFiles() override { std::filesystem::remove_all(folder_); }

  std::string write(std::string const& name, std::string const& content, mode_t mode) const {
    auto const path = folder_ + "/" + name;
    std::ofstream{path} << content;
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return path;
  }
  std::string configuration(std::string const& password) const {
    return "[service]\nstate_dir = \"/srv/d\"\n[target.vault]\nkind = \"cyberark-vault\"\n"
           "url = \"https://127.0.0.1\"\nauth = { user = \"s\", password = " +
           password + " }\n";
  }
  static std::string problem(Loaded const& loaded) {
    return loaded ? "(none)" : text(loaded.error().front());
  }
  static std::string_view password(Loaded const& loaded) {
    return std::get<vault::Settings>(loaded->targets.at("vault").settings).password.reveal();
  }

  std::string folder_;
  ProcessEnvironment process_;
};

TEST_F(GivenFiles, WhenConfigurationCanBeWrittenByOthersThenItIsRefused) {
  for (mode_t const mode : {0664, 0646, 0666}) {
    auto const path = write("d.toml", configuration("{ env = \"HOME\" }"), mode);
    auto const loaded = load(path, process_);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error()[0].code, "insecure");
    EXPECT_THAT(problem(loaded), HasSubstr("run: chmod go-w " + path));
  }
  EXPECT_EQ(problem(load(write("d.toml", configuration("{ env = \"HOME\" }"), 0644), process_)), "(none)");
}

TEST_F(GivenFiles, WhenConfigurationIsNotThereThenItIsUnreadable) {
  auto const loaded = load(folder_ + "/none.toml", process_);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error()[0].code, "unreadable");
  EXPECT_THAT(problem(loaded), HasSubstr("none.toml: No such file"));
  EXPECT_THAT(problem(load(folder_, process_)), HasSubstr("is not a regular file"));
}

TEST_F(GivenFiles, WhenSecretFileIsOpenToOthersThenItIsRefused) {
  for (mode_t const mode : {0640, 0604, 0620}) {
    auto const secret = write("secret", "hunter2\n", mode);
    auto const loaded = load(write("d.toml", configuration("{ file = \"" + secret + "\" }"), 0644), process_);
    ASSERT_FALSE(loaded) << mode;
    EXPECT_EQ(loaded.error()[0].code, "insecure");
    EXPECT_EQ(loaded.error()[0].key, "target.vault.auth.password.file");
    EXPECT_THAT(problem(loaded), HasSubstr("run: chmod 0600 " + secret));
  }
}

TEST_F(GivenFiles, WhenKeytabIsOpenToOthersThenItIsRefused) {
  auto const with = [this](mode_t mode) {
    auto const keytab = write("krb5.keytab", "\x05\x02 keys", mode);
    return load(write("d.toml",
                      "[service]\nstate_dir = \"/srv/d\"\n[directory.corp]\nuris = [\"ldaps://127.0.0.1\"]\n"
                      "base = \"dc=x\"\nbind = { method = \"gssapi\", keytab = \"" +
                          keytab + "\" }\n",
                      0644),
                process_);
  };
  auto const open = with(0640);
  ASSERT_FALSE(open);
  EXPECT_EQ(open.error()[0].code, "insecure");
  EXPECT_EQ(open.error()[0].key, "directory.corp.bind.keytab");
  EXPECT_THAT(problem(open), HasSubstr("run: chmod 0600 " + folder_ + "/krb5.keytab"));
  EXPECT_EQ(problem(with(0600)), "(none)");
}

TEST_F(GivenFiles, WhenSecretFileIsPrivateThenItIsRead) {
  auto const secret = write("secret", "hunter2\n", 0600);
  auto const loaded = load(write("d.toml", configuration("{ file = \"" + secret + "\" }"), 0644), process_);
  ASSERT_TRUE(loaded) << problem(loaded);
  EXPECT_EQ(password(loaded), "hunter2");
}

TEST_F(GivenFiles, WhenSecretIsACredentialThenItsModeDoesNotMatter) {
  write("vault", "hunter3", 0640);
  ASSERT_EQ(::setenv("CREDENTIALS_DIRECTORY", folder_.c_str(), 1), 0);
  auto const by_name = load(write("d.toml", configuration("{ credential = \"vault\" }"), 0644), process_);
  auto const by_path =
      load(write("d.toml", configuration("{ file = \"" + folder_ + "/vault\" }"), 0644), process_);
  auto const outside =
      load(write("d.toml",
                 configuration("{ file = \"" + folder_ + "/../" +
                               std::filesystem::path{folder_}.filename().string() + "/vault\" }"),
                 0644),
           process_);
  ::unsetenv("CREDENTIALS_DIRECTORY");
  ASSERT_TRUE(by_name) << problem(by_name);
  ASSERT_TRUE(by_path) << problem(by_path);
  EXPECT_EQ(password(by_name), "hunter3");
  EXPECT_EQ(password(by_path), "hunter3");
  EXPECT_THAT(problem(outside), HasSubstr("is open to group or others"));
}

TEST_F(GivenFiles, WhenAFileHasToBeRootsAloneThenOwnerAndModeCount) {
  auto const secret = write("vault", "hunter3", 0640);
  EXPECT_TRUE(process_.file(secret, Privacy::any));
  if (process_.is_root()) {
    auto const open = process_.file(secret, Privacy::root_only);
    ASSERT_FALSE(open);
    EXPECT_EQ(open.error().code, ConfigErrc::insecure);
    EXPECT_THAT(open.error().context, HasSubstr("run: chmod 0600 " + secret));
    ASSERT_EQ(::chmod(secret.c_str(), 0600), 0);
    EXPECT_TRUE(process_.file(secret, Privacy::root_only));
    ASSERT_EQ(::chown(secret.c_str(), 4711, static_cast<gid_t>(-1)), 0);
  }
  auto const others = process_.file(secret, Privacy::root_only);
  ASSERT_FALSE(others);
  EXPECT_EQ(others.error().code, ConfigErrc::insecure);
  EXPECT_THAT(others.error().context, HasSubstr("does not belong to root"));
}

TEST(GivenBrokenConfiguration, WhenReadThenEveryMistakeIsNamedInFileOrder) {
  MemoryEnvironment environment;
  auto const loaded =
      parse(source_file("tests/golden/broken.toml"), "broken.toml", environment, Secrets::fetch);
  ASSERT_FALSE(loaded);
  std::string report;
  for (auto const& problem : loaded.error()) {
    report += text(problem) + "\n    [" + problem.code + "] " + problem.key + "\n";
  }
  expect_golden("broken.problems", report);
  EXPECT_EQ(report.find("hunter2"), report.npos) << "a secret was shown";
}

class GivenCompleteConfiguration : public testing::Test {
 protected:
  GivenCompleteConfiguration() : text_(source_file("tests/golden/complete.toml")) {
    environment_.variables = {{"CREDENTIALS_DIRECTORY", "/run/credentials"},
                              {"CONSOLE_PASSWORD", "console secret"}};
    environment_.files = {{"/run/credentials/corp-bind", "bind secret\n"},
                          {"/etc/dirsyncd/vault.secret", "vault secret"},
                          {"/etc/dirsyncd/krb5.keytab", "\x05\x02 keys"}};
  }
  std::string text_;
  MemoryEnvironment environment_;
};

TEST_F(GivenCompleteConfiguration, WhenReadThenEffectiveValuesAreThoseWritten) {
  auto const loaded = parse(text_, "complete.toml", environment_, Secrets::fetch);
  ASSERT_TRUE(loaded) << text(loaded.error().front());
  std::string effective;
  for (auto const& [key, value] : loaded->effective) effective += key + " = " + value + "\n";
  expect_golden("complete.effective", effective);
  EXPECT_EQ(effective.find(" secret\""), effective.npos);
}

TEST_F(GivenCompleteConfiguration, WhenReadThenDirectoriesAreFilledIn) {
  auto const config = parse(text_, "complete.toml", environment_, Secrets::fetch).value();
  auto const& corp = config.directories.at("corp");
  EXPECT_EQ(corp.ldap.name, "corp");
  EXPECT_THAT(corp.ldap.uris, ElementsAre("ldaps://ldap1.example.com", "ldaps://ldap2.example.com:1636"));
  EXPECT_EQ(corp.ldap.flavour, ldap::Flavour::openldap);
  EXPECT_EQ(corp.ldap.base, "dc=example,dc=com");
  EXPECT_EQ(corp.ldap.bind.method, ldap::Bind::Method::simple);
  EXPECT_EQ(corp.ldap.bind.dn, "cn=dirsyncd,ou=services,dc=example,dc=com");
  EXPECT_EQ(corp.ldap.bind.password.reveal(), "bind secret");
  EXPECT_EQ(corp.ldap.tls.ca_file, "/etc/ssl/corp.pem");
  EXPECT_EQ(corp.ldap.tls.ca_dir, "/etc/ssl/corp");
  EXPECT_EQ(corp.ldap.tls.min_version, "1.3");
  EXPECT_EQ(corp.ldap.tls.cert_file, "/etc/dirsyncd/c.pem");
  EXPECT_EQ(corp.ldap.tls.key_file, "/etc/dirsyncd/k.pem");
  EXPECT_TRUE(corp.ldap.tls.verify);
  EXPECT_FALSE(corp.ldap.starttls || corp.ldap.tls.plaintext);
  EXPECT_EQ(corp.ldap.users.base, "ou=people,dc=example,dc=com");
  EXPECT_EQ(corp.ldap.users.filter, "(objectClass=inetOrgPerson)");
  EXPECT_EQ(corp.ldap.users.scope, ldap::Scope::one);
  EXPECT_EQ(corp.ldap.groups.filter, "(!(description=private))");
  EXPECT_EQ(corp.ldap.timeouts.connect, 1s);
  EXPECT_EQ(corp.ldap.timeouts.idle, 2s);
  EXPECT_EQ(corp.ldap.timeouts.total, 3min);
  EXPECT_EQ(corp.ldap.retry.attempts, 2);
  EXPECT_EQ(corp.ldap.retry.first, 100ms);
  EXPECT_EQ(corp.ldap.retry.longest, 10s);
  EXPECT_EQ(corp.user_name.text(), "{uid|lower}");
  EXPECT_EQ(corp.policy.disabled->text(), "(employeeType=disabled)");
  EXPECT_EQ(corp.policy.band.users, 11.5);
  EXPECT_EQ(corp.ldap.referrals.mode, ldap::ReferralSettings::Mode::follow);
  EXPECT_THAT(corp.ldap.referrals.hosts, ElementsAre("ldap3.example.com", "ldap4.example.com:1636"));
  auto const& lab = config.directories.at("lab");
  EXPECT_EQ(lab.ldap.srv, "lab.example.com");
  EXPECT_EQ(lab.ldap.bind.method, ldap::Bind::Method::gssapi);
  EXPECT_EQ(lab.ldap.bind.keytab, "/etc/dirsyncd/krb5.keytab");
  EXPECT_EQ(lab.ldap.bind.principal, "dirsyncd@LAB.EXAMPLE.COM");
  auto const& hq = config.directories.at("hq");
  EXPECT_TRUE(hq.ldap.canaries.empty());
  EXPECT_THAT(config.directories.at("corp").ldap.canaries,
              ElementsAre("cn=lamp,dc=example,dc=com", "cn=probe,ou=groups,dc=example,dc=com"));
  EXPECT_TRUE(hq.ldap.starttls);
  EXPECT_FALSE(hq.ldap.tls.verify);
  EXPECT_EQ(hq.ldap.bind.method, ldap::Bind::Method::anonymous);
}

TEST_F(GivenCompleteConfiguration, WhenReadThenTargetsAreFilledIn) {
  auto const config = parse(text_, "complete.toml", environment_, Secrets::fetch).value();
  auto const& vault = std::get<vault::Settings>(config.targets.at("vault").settings);
  EXPECT_EQ(vault.http.target, "vault");
  EXPECT_THAT(vault.http.urls, ElementsAre("https://pvwa.example.com/PasswordVault"));
  EXPECT_EQ(vault.http.tls.ca_file, "/etc/ssl/corp.pem");
  EXPECT_EQ(vault.http.timeouts.total, 6min);
  EXPECT_EQ(vault.http.retry.attempts, 3);
  EXPECT_EQ(vault.http.pace.concurrency, 8);
  EXPECT_EQ(vault.http.pace.requests_per_second, 40.5);
  EXPECT_EQ(vault.method, vault::AuthMethod::ldap);
  EXPECT_EQ(vault.assume_version, "12.6");
  EXPECT_EQ(vault.user, "svc-dirsyncd");
  EXPECT_EQ(vault.password.reveal(), "vault secret");
  EXPECT_THAT(vault.domains,
              ElementsAre(std::pair{"corp", "example.com"}, std::pair{"hq", "hq.example.com"}));
  EXPECT_THAT(vault.protected_groups, ElementsAre("Break Glass"));
  EXPECT_EQ(config.targets.at("vault").limits.groups_created, 20);
  auto const& console = std::get<console::Settings>(config.targets.at("console").settings);
  EXPECT_THAT(console.http.urls, ElementsAre("http://127.0.0.1:8080", "https://pulse.example.com"));
  EXPECT_EQ(console.profile, "pulse-2.0.2");
  EXPECT_EQ(console.organization, "plant-a");
  EXPECT_EQ(console.org_domain, "plant-a.example.com");
  EXPECT_EQ(console.api_version, "0.17");
  EXPECT_TRUE(console.create_users);
  EXPECT_EQ(console.page_size, 100);
  EXPECT_EQ(console.group_name_characters, " -_()");
  EXPECT_EQ(console.user, "svc-dirsyncd@example.com");
  EXPECT_EQ(console.password.reveal(), "console secret");
  EXPECT_THAT(console.protected_groups, ElementsAre("Operators"));
}

TEST_F(GivenCompleteConfiguration, WhenReadThenReceiversOfNewsAreFilledIn) {
  auto const config = parse(text_, "complete.toml", environment_, Secrets::fetch).value();
  ASSERT_EQ(config.service.notify.size(), 2U);
  auto const& [way, events] = config.service.notify[0];
  auto const& webhook = std::get<Webhook>(way);
  EXPECT_EQ(webhook.url, "https://hooks.example.com/dirsyncd?token=abc");
  EXPECT_EQ(webhook.secret.reveal(), "console secret");
  EXPECT_EQ(webhook.ca_file, "/etc/ssl/corp.pem");
  EXPECT_THAT(events, ElementsAre("held", "failing"));
  auto const& mail = std::get<Mail>(config.service.notify[1].way);
  EXPECT_EQ(mail.sendmail, "/usr/sbin/sendmail");
  EXPECT_THAT(mail.to, ElementsAre("ops@example.com", "root"));
  EXPECT_EQ(config.service.notify[1].events.size(), kNotifyEvents.size());
}

TEST_F(GivenCompleteConfiguration, WhenReadThenServiceRulesAndLimitsAreFilledIn) {
  auto const config = parse(text_, "complete.toml", environment_, Secrets::fetch).value();
  EXPECT_EQ(config.service.state_dir, "/srv/dirsyncd");
  EXPECT_EQ(config.service.control_socket, "/run/dirsync/control.sock");
  EXPECT_EQ(config.service.http_listen, "127.0.0.1:9464");
  EXPECT_FALSE(config.service.http_page);
  EXPECT_EQ(config.service.log.level, LogLevel::debug);
  EXPECT_EQ(config.service.log.format, LogFormat::json);
  EXPECT_EQ(config.schedule.interval, 10min);
  EXPECT_FALSE(config.schedule.watch);
  EXPECT_EQ(config.limits.additions, (PercentLimit{false, 30, 40, 4000}));
  EXPECT_EQ(config.limits.groups_created, 30);
  EXPECT_EQ(config.limits.groups_deleted, std::nullopt);
  EXPECT_EQ(config.limits.confirm, (Limits::Confirm{.reads = 3, .apart = 90s, .removals_above = 7}));
  EXPECT_EQ(config.limits.approval_ttl, 12h);
  ASSERT_EQ(config.rules.size(), 3U);
  auto const& rule = config.rules[0];
  EXPECT_EQ(rule.name, "unix-admins");
  EXPECT_EQ(rule.directory, "corp");
  EXPECT_EQ(rule.target, "vault");
  EXPECT_EQ(std::get<MatchingGroups>(rule.selection).filter, "(cn=pam-*)");
  EXPECT_EQ(rule.group_name.text(), "{cn|remove_prefix:pam-}");
  EXPECT_TRUE(rule.create_groups && rule.adopt && rule.allow_empty);
  EXPECT_FALSE(rule.nested);
  EXPECT_EQ(rule.delete_groups, DeleteGroups::when_empty);
  EXPECT_EQ(rule.foreign_members, ForeignMembers::remove);
  EXPECT_EQ(rule.source_gone, SourceGone::empty);
  EXPECT_THAT(rule.exclude, ElementsAre("cn=interns,ou=groups,dc=example,dc=com"));
  EXPECT_EQ(rule.exclude_people->text(), "(employeeType=robot)");
  EXPECT_EQ(rule.max_depth, 4);
  EXPECT_EQ(rule.limits.removals.allowed(1'000'000), 1);
  EXPECT_EQ(rule.limits.privileged, (Limits::Privileged{{"Tier0 Operators", "Night Shift"}, 0, 0, 3}));
  EXPECT_THAT(std::get<NamedGroups>(config.rules[1].selection).dns,
              ElementsAre("cn=plant,ou=groups,dc=example,dc=com"));
  EXPECT_THAT(config.rules[1].roles, ElementsAre("Device Administrator"));
  EXPECT_EQ(std::get<GroupsBelow>(config.rules[2].selection).dn, "cn=all,dc=hq");
}

/// A number in the text of a configuration, with the key that it is the value of.
struct WrittenNumber {
  std::string key, digits;
  std::size_t at = 0;  // in the text
};

std::vector<WrittenNumber> numbers_in(std::string const& text) {
  static std::regex const number{R"((\w+) = ([0-9]+)(?![.0-9]))"};
  std::vector<WrittenNumber> numbers;
  for (std::sregex_iterator found{text.begin(), text.end(), number}, none; found != none; ++found)
    numbers.push_back({(*found)[1], (*found)[2], static_cast<std::size_t>(found->position(2))});
  return numbers;
}

TEST_F(GivenCompleteConfiguration, WhenAnyWholeNumberIsWrittenAsAFractionThenItIsRefusedWhereItStands) {
  std::set<std::string> const fractions{"groups", "users", "values", "percent", "requests_per_second"};
  auto const numbers = numbers_in(text_);
  ASSERT_GT(numbers.size(), 30U);
  for (auto const& [key, digits, at] : numbers) {
    auto changed = text_;
    changed.insert(at + digits.size(), ".5");
    auto const loaded = parse(changed, "complete.toml", environment_, Secrets::fetch);
    auto const line =
        std::count(changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(at), '\n') + 1;
    auto const column = at - changed.rfind('\n', at);
    auto const where = "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + key;
    if (fractions.contains(key)) {
      EXPECT_TRUE(loaded) << where;
      continue;
    }
    ASSERT_FALSE(loaded) << where;
    // Limits that are compared with that one may have been told as well.
    EXPECT_THAT(
        loaded.error(),
        Contains(AllOf(Field(&ConfigProblem::code, "wrong-type"),
                       Field(&ConfigProblem::file, "complete.toml"), Field(&ConfigProblem::line, line),
                       Field(&ConfigProblem::column, static_cast<int>(column)),
                       Field(&ConfigProblem::text, HasSubstr("it must be a whole number")))))
        << where;
  }
}

/// "parent.key" of every row of the tables in docs/configuration.md.
std::set<std::string> documented_keys() {
  std::istringstream lines{source_file("docs/configuration.md")};
  std::set<std::string> keys;
  std::vector<std::string> parents;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) {
      parents.clear();
      for (std::size_t at = 0; (at = line.find("`[", at)) != line.npos;) {
        auto const start = line.find_first_not_of("`[", at);
        auto const end = line.find(']', start);
        parents.push_back(line.substr(start, end - start));
        at = end;
      }
    } else if (line.starts_with("| `")) {
      auto const key = line.substr(3, line.find('`', 3) - 3);
      for (auto const& parent : parents) keys.insert(parent + "." + key);
    }
  }
  return keys;
}

/// Keys that hold tables have rows of their own, or are chapters; those that a chapter shares with others may
/// lack them.
TEST_F(GivenCompleteConfiguration, WhenKeyIsAcceptedThenItIsDocumented) {
  auto const documented = documented_keys();
  auto const known = keys_known_to(text_, environment_);
  ASSERT_GT(known.size(), 150U);
  std::set<std::string> const chapters{"service", "schedule",    "directory", "directory.NAME",
                                       "target",  "target.NAME", "rule",      "limits"};
  for (auto const& key : known) {
    EXPECT_TRUE(documented.contains(key) || chapters.contains(key))
        << key << " is missing in docs/configuration.md";
  }
}

TEST_F(GivenCompleteConfiguration, WhenKeyIsDocumentedThenItIsAccepted) {
  auto const known = keys_known_to(text_, environment_);
  std::set<std::string> const only_elsewhere{"target.NAME.tls.starttls",   "rule.limits.confirm",
                                             "rule.limits.approval_ttl",   "rule.limits.leavers",
                                             "rule.limits.approvals",      "target.NAME.limits.approvals",
                                             "target.NAME.limits.confirm", "target.NAME.limits.approval_ttl",
                                             "target.NAME.limits.leavers", "rule.limits.flaps",
                                             "target.NAME.limits.flaps"};
  for (auto const& key : documented_keys()) {
    EXPECT_TRUE(known.contains(key) || only_elsewhere.contains(key)) << key << " does not exist";
  }
}

TEST(GivenDocumentation, WhenItsExampleIsReadThenItHolds) {
  auto const page = source_file("docs/configuration.md");
  auto const start = page.find("```toml\n") + 8;
  MemoryEnvironment const environment;
  auto const loaded =
      parse(page.substr(start, page.find("```", start) - start), "docs", environment, Secrets::leave);
  EXPECT_TRUE(loaded) << text(loaded.error().front());
}

/// docs/examples/dirsyncd.toml: "# " begins an explanation, "#" alone a setting that is not in use.
class GivenTheExample : public testing::Test {
 protected:
  GivenTheExample() : text_(source_file("docs/examples/dirsyncd.toml")) {
    environment_.variables = {{"CREDENTIALS_DIRECTORY", "/run/credentials"}, {"BRANCH_PASSWORD", "secret"}};
    environment_.files = {
        {"/run/credentials/corp-bind", "secret"},      {"/run/credentials/vault", "secret"},
        {"/run/credentials/console", "secret"},        {"/run/credentials/hook", "secret"},
        {"/var/lib/dirsyncd-secrets/cloud", "secret"}, {"/etc/dirsyncd/dirsyncd.keytab", "\x05\x02 keys"}};
  }
  /// With all settings in use.
  std::string whole() const { return std::regex_replace(text_, std::regex{"(^|\n)#(?! |\n)"}, "$1"); }

  std::string text_;
  MemoryEnvironment environment_;
};

/// Every key of `table` and below, as keys_known_to spells them: the names that a person chose are NAME.
void add_keys(Table const& table, std::string const& path, std::set<std::string>& keys) {
  static std::set<std::string> const named{"directory.", "target.", "target.NAME.domains."};
  for (auto const& entry : table) {
    auto const key = path + (named.contains(path) ? "NAME" : entry.key);
    keys.insert(key);
    if (auto const* const below = std::get_if<Table>(&entry.value.value)) add_keys(*below, key + ".", keys);
    auto const* const list = std::get_if<Array>(&entry.value.value);
    if (list == nullptr) continue;
    for (auto const& node : *list)
      if (auto const* const below = std::get_if<Table>(&node.value)) add_keys(*below, key + ".", keys);
  }
}

TEST_F(GivenTheExample, WhenReadAsItIsThenItHolds) {
  auto const loaded = parse(text_, "dirsyncd.toml", environment_, Secrets::fetch);
  ASSERT_TRUE(loaded) << text(loaded.error().front());
  EXPECT_TRUE(loaded->warnings.empty());
}

TEST_F(GivenTheExample, WhenEverySettingIsInUseThenItHoldsAndHasEveryKey) {
  auto const loaded = parse(whole(), "dirsyncd.toml", environment_, Secrets::fetch);
  ASSERT_TRUE(loaded) << text(loaded.error().front());
  auto const document = read_document(whole(), "dirsyncd.toml");
  ASSERT_TRUE(document);
  std::set<std::string> written;
  add_keys(*document, "", written);
  auto const known = keys_known_to(whole(), environment_);
  ASSERT_GT(known.size(), 150U);
  // Secrets are alike everywhere: each kind of them is shown with some target.
  std::set<std::string> const shown_with_targets{"directory.NAME.bind.password.env",
                                                 "directory.NAME.bind.password.file",
                                                 "service.notify.secret.env", "service.notify.secret.file"};
  for (auto const& key : known)
    EXPECT_TRUE(written.contains(key) || shown_with_targets.contains(key)) << key << " is not in the example";
}

}  // namespace
}  // namespace dirsync::config
