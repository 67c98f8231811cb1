#pragma once
// The console's objects as plain values, and the parsing of its answers.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/console/api/ids.hpp"
#include "sync/console/api/paging.hpp"
#include "sync/console/api/profile.hpp"
#include "sync/console/api/version.hpp"
#include "sync/model/error.hpp"

namespace dirsync::console {

// A list may tell an object without its id, or without its name, but not without both.

struct Organization {
  std::string id, name;
};

struct Role {
  std::string id, name, organization;
};

struct Group {
  std::string id, name, organization;
  std::string description;
  bool is_default = false;
  Ids roles;  // told in single answers only
  std::optional<std::int64_t> version;
  std::optional<std::int64_t> created, updated;  // milliseconds since 1970
};

struct User {
  std::string id, name, organization;
  // As read; absent stays absent when written back.
  std::optional<std::string> user_name, display_name, email, status;
  Ids groups, roles;  // told in single answers only
  std::optional<std::int64_t> version;
  bool tells_an_empty_field = false;  // a list or a text: an answer that leaves empty ones out has none
};

/// One member of a group.
struct Member {
  std::string record;  // id of the list item
  std::string id;      // of the user; empty where the list has none
  std::string name;    // empty where the list has none
  std::string organization;
  std::string assignee_type = "USER";
};

template <class T>
struct Page {
  std::optional<PageInfo> info;
  std::vector<T> items;
};

/// All parsers: `body` is JSON. Errors: ConsoleErrc::malformed, without quoting the body.
Result<Page<Organization>> parse_organizations(std::string_view body, Profile const& profile);
Result<Page<Role>> parse_roles(std::string_view body, Profile const& profile);
Result<Page<Group>> parse_groups(std::string_view body, Profile const& profile);
Result<Page<User>> parse_users(std::string_view body, Profile const& profile);
Result<Page<Member>> parse_group_users(std::string_view body, Profile const& profile);  // console-groups
Result<Page<Member>> parse_group_members(std::string_view body,
                                         Profile const& profile);  // membership records

Result<Group> parse_group(std::string_view body, Profile const& profile);
Result<User> parse_user(std::string_view body, Profile const& profile);
Result<Versions> parse_versions(std::string_view body);
/// The id that a creation answers.
Result<std::string> parse_id(std::string_view body);

}  // namespace dirsync::console
