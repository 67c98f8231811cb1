#pragma once
#include <set>
#include <string>
#include <vector>

namespace dirsync::test {

struct Person {
  std::string uid;
  std::string name;          // cn
  bool named_by_cn = false;  // the DN is cn=..., whose value then needs escaping
  bool in_vault = true;      // else the Vault can provision them from the directory
  bool in_console = true;    // has logged in at least once
  std::string dn() const;
  std::string mail() const { return uid + "@example.com"; }
};

struct Group {
  std::string cn;
  std::vector<std::string> people{};  // by uid
  std::vector<std::string> groups{};  // by cn
  std::string dn() const;
};

/// People and groups of a made-up company, and what follows from them, worked out in the simplest way there
/// is.
struct Company {
  std::vector<Person> people;
  std::vector<Group> groups;

  Person const& person(std::string const& uid) const;
  Group& group(std::string const& cn);
  Group const& group(std::string const& cn) const { return const_cast<Company*>(this)->group(cn); }

  /// uids of everybody in the group, at any depth.
  std::set<std::string> everybody_in(std::string const& cn) const;

  /// A content for slapd, below dc=example,dc=com, with the service account `cn=dirsyncd,dc=example,dc=com`.
  std::string ldif() const;
  /// States for the simulators (tests/simulators/README.md, README-console.md).
  std::string vault_state() const;
  std::string console_state() const;
};

constexpr char kReaderDn[] = "cn=dirsyncd,dc=example,dc=com";
constexpr char kReaderPassword[] = "Reader.Pass.1";
constexpr char kVaultPassword[] = "Sync.Pass.1";
constexpr char kConsolePassword[] = "Dirsync#2021";

/// 30 people; groups pam-* and iot-* over nested teams, two of which hold each other; names that need
/// escaping in DNs, URLs, JSON and TOML. Nobody is disabled.
Company sample_company();

}  // namespace dirsync::test
