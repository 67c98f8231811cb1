#pragma once
// What the simulated console stores: organizations, roles, groups and users.
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace dirsync::sim::console {

/// Times in milliseconds since 1970; `by` are user ids.
struct Stamps {
  std::int64_t created = 0;
  std::int64_t updated = 0;
  std::string created_by;
  std::string updated_by;
  std::int64_t version = 1;

  void touch(std::int64_t now, std::string const& by) {
    updated = now;
    updated_by = by;
    ++version;
  }
};

struct Organization {
  std::string id;
  std::string name;
  std::string domain_name;
  std::string status = "ACTIVE";
  std::optional<std::string> parent;
  Stamps stamps;
};

struct Role {
  std::string id;
  std::string name;
  std::string description;
  std::string org;
  std::vector<std::string> permissions;  // names
  Stamps stamps;
};

struct Group {
  std::string id;
  std::string name;
  std::string description;
  std::string org;
  bool is_default = false;
  std::vector<std::string> roles;  // ids
  Stamps stamps;
};

struct User {
  std::string id;
  std::string name;
  std::string display_name;
  std::string email;
  std::string status = "ACTIVE";
  std::string type = "basic";
  std::string org;
  std::string password;             // empty: cannot log in with a password
  std::vector<std::string> roles;   // ids
  std::vector<std::string> groups;  // ids; the only place where memberships are stored
  Stamps stamps;
};

struct State {
  std::vector<Organization> organizations;
  std::vector<Role> roles;
  std::vector<Group> groups;
  std::vector<User> users;
  /// The account of the client under test; changes to it are counted.
  std::string service_user;
  std::uint64_t ids_given = 0;

  std::string new_id();
  /// The user of that id, or null; quick among thousands, too.
  User const* user(std::string_view id) const;
  User* user(std::string_view id) { return const_cast<User*>(std::as_const(*this).user(id)); }
  /// `org`, then its parents up to the root.
  std::vector<std::string> lineage(std::string const& org) const;
  /// True when `org` is `top` or lies below it.
  bool within(std::string const& org, std::string const& top) const;
  bool has_members(std::string const& group) const;
  /// Takes the group away, and out of all its members.
  void erase_group(std::string const& id);
  std::vector<std::string> permissions_of(User const& user) const;

  /// Where users stood when they were last looked for: a hint, as anybody may change the list.
  mutable std::unordered_map<std::string, std::size_t> places;
};

inline bool contains(std::vector<std::string> const& list, std::string_view value) {
  return std::ranges::find(list, value) != list.end();
}

/// The entry of that id, or null.
template <class Entries>
auto* find(Entries& entries, std::string_view id) {
  auto const at = std::ranges::find_if(entries, [id](auto const& entry) { return entry.id == id; });
  return at == entries.end() ? nullptr : &*at;
}

/// All permission names; a permission's number is its place, counted from 1.
std::vector<std::string> const& permission_names();

/// The state of a fresh installation with the two stock groups and eight stock roles in `root`, child
/// `plant-a`, an administrator, the service user, and fillers that make every list longer than one page.
State seed(int filler_groups, int filler_users);

}  // namespace dirsync::sim::console
