#pragma once
// What everything that writes groups shares: bodies, what an answer means, roles, looks.
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/console/api/answers.hpp"
#include "sync/console/write/write_context.hpp"
#include "sync/rest/mark.hpp"
#include "sync/rest/mended_text.hpp"

namespace dirsync::console {
using rest::bears_mark;
using rest::kMark;

/// Why a group is not written back.
inline constexpr std::string_view kBrokenDescription =
    "the group's description is no Unicode text, and a write would replace it; correct it in the console";

/// Everything that the console lets a write say about a group.
struct GroupFields {
  std::string name, description;
  std::vector<std::string> roles;       // ids
  std::optional<std::int64_t> version;  // as it was read; none for a group to create
};
rest::Write create_request(Profile const& profile, GroupFields const& fields);
/// Errors: HttpErrc::bad_path for an id that no path can carry.
Result<rest::Write> update_request(Profile const& profile, std::string const& id, GroupFields const& fields);
Result<rest::Write> delete_request(Profile const& profile, std::string const& id);

/// The group other than `except` (an id) that bears the name, else one whose name differs only by case.
Group const* namesake(std::vector<Group> const& groups, std::string const& name, std::string const& except);

/// The ids of the roles of these names. Errors: ConsoleErrc::ambiguous naming the role and those there are.
Result<std::vector<std::string>> role_ids(std::vector<std::string> const& names,
                                          std::vector<Role> const& roles);
/// The same of the roles known so far; looks above the organization for names that it lacks itself.
boost::asio::awaitable<Result<std::vector<std::string>>> find_role_ids(WriteContext context,
                                                                       std::vector<std::string> names);
/// The ids of the roles that a group has, of which some releases tell the names only. Errors: not told, or by
/// a name that several roles bear, here or above, so that a write, which replaces all roles, must not be
/// sent.
boost::asio::awaitable<Result<std::vector<std::string>>> ids_of_roles(WriteContext context, Ids told);

/// What the answer to a deletion comes to.
struct Deletion {
  std::optional<Applied> settled;  // nothing: looks tell
  Applied unless_gone;             // the outcome when they show the group
};
Deletion deletion_after(std::string const& doing, Result<http::Response> const& answer);

/// The outcome of a write that no look could be made at: unknown, whatever it would be if one showed that it
/// was not done. `unseen`: the error of the last look.
Applied without_a_look(Applied if_not_done, Error const& unseen);

/// Ordered, each once.
std::vector<std::string> in_order(std::vector<std::string> ids);

/// Looks at the group, at once and after pauses, until `wanted` says yes; it gets nothing for a group that is
/// gone. False when it never did. Errors: the last look failed.
using Wanted = std::function<bool(Group const*)>;
boost::asio::awaitable<Result<bool>> look_at_group_until(WriteContext context, std::string id, Wanted wanted);

}  // namespace dirsync::console
