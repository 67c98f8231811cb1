#pragma once
// Members of target groups who are there without us, and people who get nothing, as of the last run that read
// the target. Inside this folder only; calls throw as Query does.
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "store/sql.hpp"
#include "sync/model/record.hpp"

namespace dirsync::store {

/// Replaces all of that target; only what changed is written. Within a write transaction.
void keep_foreign(Database& database, std::string const& target, std::span<MembersOfOthers const> groups);
void keep_left_out(Database& database, std::string const& target, std::span<LeftOut const> groups);

/// Nothing where they are not known.
std::optional<std::vector<std::string>> foreign_names(Database& database, std::string const& target,
                                                      std::string const& group_id);
/// Without regard to the case of the group's name; nobody where none is kept.
LeftOut left_out_of(Database& database, std::string const& target, std::string const& group);

}  // namespace dirsync::store
