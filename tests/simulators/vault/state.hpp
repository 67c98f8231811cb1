#pragma once
// What the simulated Vault knows: users, groups and the LDAP directories behind it.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/simulators/common.hpp"

namespace dirsync::sim::vault {

using Id = std::int64_t;  // users, groups and mappings draw from one sequence

struct User {
  Id id = 0;
  std::string username, password;
  std::string source = "CyberArk";  // or LDAP
  std::string user_type = "EPVUser";
  std::string location = "\\";
  std::string user_dn;  // LDAP users: a snapshot, which may be stale
  std::string first_name, last_name, mail;
  std::vector<std::string> authorizations = {};
  std::vector<std::string> methods = {"AuthTypePass"};
  bool component = false, enabled = true, suspended = false, locked = false, password_expired = false;
  bool hidden = false;  // never listed, as Master and Batch
  std::int64_t failed_logons = 0;
};

struct Group {
  Id id = 0;
  std::string type = "Vault";  // or Directory
  std::string name, description, location = "\\";
  std::string directory, dn;  // Directory groups
  /// Users and nested groups; the text is shown in place of the object's own name when it is not empty.
  std::map<Id, std::string> members;
};

struct LdapUser {
  std::string account, principal_name, dn;
  std::string first_name, last_name, mail;
  bool enabled = true;
};

struct LdapGroup {
  std::string name, dn;
  std::vector<std::string> members;  // DNs
};

/// Decides whether an LDAP object may enter the Vault, and what it gets there.
struct Mapping {
  Id id = 0;
  std::string name, branch, location = "\\";
  std::vector<std::string> domain_groups;  // names of LDAP groups; none: everybody below the branch
  std::vector<std::string> vault_groups;   // groups that a new user is put into
  std::vector<std::string> authorizations;
};

struct Directory {
  std::string domain_name, base;
  std::string naming = "plain";  // plain, user@domain or prefix
  std::string prefix;
  bool provision_disabled = false;
  std::vector<LdapUser> users;
  std::vector<LdapGroup> groups;
  std::vector<Mapping> mappings;
};

class State {
 public:
  std::string server_name = "Vault", server_id = "3f0c7e1a-52d4-4f0e-9b57-2c1d8a6e4b90";
  std::set<std::string> locations = {"\\", "\\System"};
  std::vector<Directory> directories;

  std::map<Id, User> const& users() const { return users_; }
  std::map<Id, Group> const& groups() const { return groups_; }

  // Names compare without case. Null pointer when there is none.
  User* user(Id id);
  Group* group(Id id);
  User* user_named(std::string_view name);
  Group* group_named(std::string_view name);  // the first one: locations may hold groups of one name
  User const* user(Id id) const { return const_cast<State*>(this)->user(id); }
  Group const* group(Id id) const { return const_cast<State*>(this)->group(id); }
  User const* user_named(std::string_view name) const { return const_cast<State*>(this)->user_named(name); }
  Group const* group_named(std::string_view name) const {
    return const_cast<State*>(this)->group_named(name);
  }
  User const* user_with_dn(std::string_view dn) const;
  Group const* group_with_dn(std::string_view dn) const;
  bool name_taken(std::string_view name) const {
    return user_named(name) != nullptr || group_named(name) != nullptr;
  }
  bool group_name_taken(std::string_view name, std::string_view location) const;
  bool is_member(Id member, std::string_view group) const;
  Directory const* directory(std::string_view domain_name) const;

  /// Gives the object an id when it has none.
  User& add(User user);
  Group& add(Group group);
  void rename_group(Group& group, std::string name);
  // Take the object out of every group as well.
  void remove_user(Id id);
  void remove_group(Id id);

  json::object dump() const;
  /// Nothing, or what is wrong; then the state is as before.
  std::optional<std::string> load(json::value const& state);

 private:
  void take_from_groups(Id id);
  void forget_name(Group const& group);
  void note_id(Id id) { next_id_ = std::max(next_id_, id + 1); }

  Id next_id_ = 41;
  std::map<Id, User> users_;
  std::map<Id, Group> groups_;
  std::unordered_map<std::string, Id> user_names_;
  std::unordered_multimap<std::string, Id> group_names_;
};

/// A fresh installation with a service user `svc-dirsync`, some people and an LDAP directory.
json::value default_state();

// As in the state's JSON.
json::object to_json(User const& user);
User to_user(json::object const& object);
Group to_group(json::object const& object);

/// Groups that the installation of the Vault and its components makes.
bool is_predefined_group(std::string_view name);

/// Equal for DNs that differ only in case and spaces around separators.
std::string dn_key(std::string_view dn);
/// True when `dn` is `base` or below it.
bool is_below(std::string_view dn, std::string_view base);

}  // namespace dirsync::sim::vault
