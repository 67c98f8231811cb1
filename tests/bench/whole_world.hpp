#pragma once
// A made-up directory in slapd, an empty Vault, and dirsyncd between them.
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "tests/bench/made_directory.hpp"
#include "tests/system/world.hpp"

namespace dirsync::bench {

/// Nobody waits for approval, and nothing is limited: what is measured is the work. Throws
/// std::runtime_error.
class WholeWorld : public test::World {
 public:
  explicit WholeWorld(MadeDirectory const& directory) : directory_(directory) {
    company = {};
    for (unsigned n = 0; n < directory.size().people; ++n)
      company.people.push_back(
          {.uid = person_uid(n), .name = "Person " + std::to_string(n), .in_console = false});
    for (unsigned n = 0; n < directory.size().groups; ++n)
      company.groups.push_back(group_of(directory.group(n)));
    slapd_options_.database_lines = {"dbnosync"};  // its own writes are not what is measured
    World::SetUp();
    vault_state_ = company.vault_state();
    write_configuration();
  }
  void TestBody() override {}

  std::string uri() const { return slapd_->uri(); }
  std::uint16_t ldap_port() const { return slapd_->port(); }
  std::filesystem::path const& folder() const { return folder_.path(); }
  std::vector<std::string> words(std::vector<std::string> command) const {
    command.insert(command.begin(), {DIRSYNC_BIN_DIR "/dirsyncd", "--config", config_file().string()});
    return command;
  }
  /// As before the first run: a Vault that knows the people and has none of the groups, and no store.
  void begin_anew() {
    vault_->put_state(vault_state_);
    std::filesystem::remove_all(configuration.state_dir);
    forget_calls();
  }
  /// Of each call to the Vault, milliseconds.
  void set_latency(int latency) const {
    vault_->replace_faults(R"([{"path":"/","delay_ms":)" + std::to_string(latency) + R"(,"count":0}])");
  }
  void forget() const { vault_->forget_calls(); }
  std::int64_t requests() const { return vault_->requests(); }
  std::int64_t writes() const { return vault_->writes(); }
  /// Bytes of all files of the store.
  std::uintmax_t store_bytes() const {
    std::uintmax_t bytes = 0;
    for (auto const& file : std::filesystem::recursive_directory_iterator{configuration.state_dir})
      if (file.is_regular_file()) bytes += file.file_size();
    return bytes;
  }
  /// Moves about a hundredth of all memberships: from each of so many groups one person leaves and another
  /// one comes; the next time they go back. Gives how many changed.
  unsigned change_one_percent() {
    auto const groups = static_cast<unsigned>(
        std::clamp<std::uint64_t>(directory_.size().memberships / 200, 1, directory_.size().groups - 1));
    std::string records;
    for (unsigned n = 1; n <= groups; ++n) {
      auto const dn = [](unsigned person) {
        return "uid=" + person_uid(person) + ",ou=people,dc=example,dc=com";
      };
      auto leaves = dn(directory_.group(n).people.front()), comes = dn(directory_.next_member(n));
      if (is_changed_) std::swap(leaves, comes);
      records += "dn: cn=" + group_cn(n) +
                 ",ou=groups,dc=example,dc=com\nchangetype: modify\ndelete: member\nmember: " + leaves +
                 "\n-\nadd: member\nmember: " + comes + "\n\n";
    }
    is_changed_ = !is_changed_;
    modify_directory(records);
    return 2 * groups;
  }

 private:
  static test::Group group_of(MadeDirectory::Group const& made) {
    test::Group group{.cn = made.cn};
    for (auto const person : made.people) group.people.push_back(person_uid(person));
    if (made.nested) group.groups.push_back(group_cn(*made.nested));
    return group;
  }
  void write_configuration() const {
    auto const& known = configuration;
    std::ofstream{config_file()}
        << "[service]\nstate_dir = \"" << known.state_dir << "\"\n\n[directory.corp]\nuris = [\""
        << known.ldap_uri << "\"]\nbase = \"dc=example,dc=com\"\nbind = { dn = \"" << test::kReaderDn
        << "\", password = { file = \"" << known.ldap_password_file << "\" } }\ntls = { ca_file = \""
        << known.ldap_ca
        << "\" }\nusers = { base = \"ou=people,dc=example,dc=com\", filter = \"(objectClass=inetOrgPerson)\" "
           "}\n"
           "groups = { base = \"ou=groups,dc=example,dc=com\" }\n\n[target.vault]\nkind = "
           "\"cyberark-vault\"\nurl = \""
        << known.vault_url << "\"\nauth = { user = \"svc-dirsync\", password = { file = \""
        << known.vault_password_file << "\" } }\ntls = { ca_file = \"" << known.vault_ca
        << "\" }\npace = { concurrency = 16, requests_per_second = 10000 }\ndomain = \"example.com\"\n\n"
           "[limits]\nfirst_plan = \"apply\"\nadditions = \"off\"\nremovals = \"off\"\nremovals_per_group = "
           "\"off\"\n"
           "empty_group = \"allow\"\nflaps = \"off\"\n\n"
           "[[rule]]\nname = \"privileged\"\ndirectory = \"corp\"\ntarget = \"vault\"\ngroups = "
           "\"(cn=pam-*)\"\n"
           "group_name = \"{cn|remove_prefix:pam-}\"\ncreate_groups = true\n";
  }

  MadeDirectory directory_;
  std::string vault_state_;
  bool is_changed_ = false;
};

}  // namespace dirsync::bench
