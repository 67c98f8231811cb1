#pragma once
// The entries of accepted reads and who was in which group: pages of entries, a packed set of numbers for
// each group, and what stood there before. Inside this folder only; calls throw as Query does.
#include <cstdint>
#include <functional>
#include <string>

#include "store/packing.hpp"
#include "store/sql.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::store {

/// `record` lives until the call returns.
using EntryVisitor = std::function<void(std::uint32_t number, EntryRecord const& record)>;

/// Visits every entry that the directory ever had, in the order of their numbers.
void visit_entries(Database& database, std::string const& directory, EntryVisitor const& visit);

/// Brings pages and sets of the directory of that number up to what was read. Within a write transaction.
void keep_entries(Database& database, std::int64_t directory, RunId run, Snapshot const& snapshot);

}  // namespace dirsync::store
