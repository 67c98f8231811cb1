#pragma once
// What one write to a user must say so that the changes of a plan happen and nothing else does.
#include <cstdint>
#include <string>
#include <vector>

#include "sync/console/api/answers.hpp"
#include "sync/model/change.hpp"

namespace dirsync::console {

/// The groups of a user after `changes` (add and remove, group_id set): groups that no change names stay.
std::vector<std::string> merged_groups(std::vector<std::string> const& now,
                                       std::vector<Change> const& changes);

/// True when the membership that `change` asks for is what `groups` says.
bool holds(Change const& change, std::vector<std::string> const& groups);

/// Whether the answer may have left lists out because they are empty: it is about a whole user, and tells no
/// other field that is empty.
bool may_leave_out_empty_lists(User const& user);

/// Why the user cannot be written, in words; empty when it can. The write replaces all groups and roles, so
/// each must be known. `listed_in_groups`: some group's complete member list names the user; then `groups`
/// missing from the answer is unknown, not empty. `left_out_when_empty`: that is so of lists in the console's
/// answers about users; else `roles` missing from the answer are unknown.
std::string unwritable_because(User const& user, bool listed_in_groups, bool left_out_when_empty);

/// The body of PUT users/{id}: `user` as read but for its groups; never a password.
std::string update_body(User const& user, bool send_user_name);

}  // namespace dirsync::console
