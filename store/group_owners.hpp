#pragma once
// Who owns the groups of a directory, for people who review access. Inside this folder only; calls throw as
// Query does.
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "store/sql.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::store {

inline constexpr char kGroupOwnerTable[] = R"sql(
-- DNs of those who own a group, as of the last accepted read. A group without an owner is not here.
CREATE TABLE group_owner (
  directory INTEGER NOT NULL REFERENCES directory (number),
  group_id TEXT NOT NULL,
  owners BLOB NOT NULL,
  PRIMARY KEY (directory, group_id)
) STRICT, WITHOUT ROWID;
)sql";

/// Replaces all of the directory of that number; only what changed is written. Within a write transaction.
void keep_group_owners(Database& database, std::int64_t directory, Snapshot const& snapshot);

/// Of all directories, by the group's id.
std::map<EntryId, std::vector<std::string>> owners_of_groups(Database& database);

}  // namespace dirsync::store
