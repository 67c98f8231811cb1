#pragma once
#include <cstdint>
#include <span>

#include "store/errors.hpp"
#include "store/sql.hpp"

namespace dirsync::store {

/// One step forward. Released steps never change; a new layout is a new step at the end.
struct Migration {
  std::int64_t version;  // of the schema after it: 1, 2, ...
  char const* sql;
  /// What SQL cannot do, within the same transaction; null for most.
  void (*fill)(Database& database) = nullptr;
};
std::span<Migration const> migrations();

/// Marks our files in SQLite's header (`PRAGMA application_id`): "dsyd".
inline constexpr std::int64_t kApplicationId = 0x64737964;

/// The schema version of the file, 0 for an empty one, without changing it.
/// Errors: StoreErrc::newer, foreign, corrupt, busy, unwritable.
Result<std::int64_t> inspect(Database& database, std::span<Migration const> steps);

/// Files up to this size, in bytes, are checked as a whole when they are opened: in less than half a second.
inline constexpr std::int64_t kCheckedAsAWhole = 64 << 20;

/// Reads every page and row; of a file of more than `whole_up_to` bytes those of the tables that say what is
/// so now. The history (runs, audit trail, who was in a group before) grows with time, and the start of the
/// service must not; `dirsyncd log verify` reads the audit trail. Errors: StoreErrc::corrupt.
Result<void> check_pages(Database& database, std::int64_t whole_up_to = kCheckedAsAWhole);

/// Runs the steps that the file has not seen, all in one transaction.
Result<void> migrate(Database& database, std::span<Migration const> steps);

}  // namespace dirsync::store
