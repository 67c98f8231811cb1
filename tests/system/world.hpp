#pragma once
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/support/ldap/slapd.hpp"
#include "tests/support/net/certificates.hpp"
#include "tests/support/process/process.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/system/company.hpp"
#include "tests/system/simulator_process.hpp"

namespace dirsync::test {

/// The parts of dirsyncd.toml that tests change; the rest is the same for all. "..._keys" are whole lines.
/// Without `vault_url` there is no Vault.
struct Configuration {
  std::string state_dir, ldap_uri, ldap_ca, ldap_password_file;
  std::string vault_url, vault_ca, vault_password_file;
  std::string console_url, console_ca, console_password_file;
  std::string groups_base = "ou=groups,dc=example,dc=com";
  std::string disabled_key = ", disabled = \"(employeeType=disabled)\"";
  std::string users_keys;  // inside of directory.corp.users
  std::string service_keys, directory_keys, limits_keys = "first_plan = \"apply\"\n";
  std::string vault_keys, console_keys;  // of target.vault, target.console
  std::string vault_rule_keys, console_rule_keys;
  std::string more;
  std::string text() const;
};

/// slapd, both simulators and the real dirsyncd on loopback, in a folder of their own.
class World : public testing::Test {
 protected:
  World();
  /// Starts slapd and the simulators with `company`; the Vault unless `has_vault` is false.
  void SetUp() override;

  /// Runs `dirsyncd --config FILE WORDS...` to its end.
  Finished run(std::vector<std::string> words, Environment const& environment = {});
  std::unique_ptr<Process> start(std::vector<std::string> words, Environment const& environment = {});
  /// One JSON document from standard output; a test failure when it is none.
  static boost::json::value document(Finished const& finished);
  /// `sync --json` that must end with `exit`.
  boost::json::value sync(int exit);
  /// Writes dirsyncd.toml from `configuration`.
  void configure();
  std::filesystem::path config_file() const { return folder_.path() / "dirsyncd.toml"; }
  std::filesystem::path database() const { return folder_.path() / "state/dirsyncd.db"; }

  /// ldapmodify with these change records (RFC 2849), as the directory's administrator.
  void modify_directory(std::string const& records) { modify(*slapd_, records); }
  void modify(Slapd const& slapd, std::string const& records);
  /// Changes the directory and, in the same way, `company`.
  void join(std::string const& uid, std::string const& cn);
  void leave(std::string const& uid, std::string const& cn);
  void disable(std::string const& uid);

  /// What both targets should hold, from `company` alone, the people in `without` left out.
  Memberships expected_in_vault(std::set<std::string> const& without = {}) const;
  Memberships expected_in_console(std::set<std::string> const& without = {}) const;
  /// The targets hold exactly that, and all that was there before.
  void expect_in_sync(std::set<std::string> const& without = {});
  /// Waits until they do; false when they still do not after `longest`.
  bool comes_in_sync(std::set<std::string> const& without = {},
                     std::chrono::seconds longest = std::chrono::seconds{60});
  /// The same of memberships that somebody else worked out, without what was there before.
  bool comes_to_hold(Memberships vault, Memberships console, std::chrono::seconds longest);
  /// Calls that ask for a change, of all simulators.
  std::int64_t writes() const { return (vault_ ? vault_->writes() : 0) + console_->writes(); }
  void forget_calls() const;

  /// Rows of `log --json`, as objects.
  std::vector<boost::json::object> audit(std::vector<std::string> filters = {});
  void expect_chain_holds();

  TempFolder folder_;
  CertificateFiles certificates_;
  Company company = sample_company();
  bool has_vault = true;
  std::vector<std::string> console_options;  // of the simulator, see SimulatorProcess
  Slapd::Options slapd_options_;
  std::optional<Slapd> slapd_;
  std::optional<SimulatorProcess> vault_, console_;
  Memberships vault_before_, console_before_;
  Configuration configuration;

 private:
  std::filesystem::path secret_file(std::string const& name, std::string const& content) const;
  int runs_ = 0;
};

/// Empty when the two are equal, else a line for each difference.
std::string differences(Memberships const& have, Memberships const& want);

/// A text member of a JSON object.
std::string text_at(boost::json::object const& object, std::string_view key);

}  // namespace dirsync::test
