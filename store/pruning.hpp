#pragma once
// The rows that were taken out of the audit trail, as the file tells of them. Inside this folder only; within
// Database::reading or, to write, ::transaction.
#include <optional>

#include "store/pruned_rows.hpp"
#include "store/sql.hpp"

namespace dirsync::store {

/// Nothing while all rows are there. One that we would not have written so has no signature.
std::optional<PrunedRows> read_pruned(Database& database);

/// Takes these rows out, with the checkpoints of so many or fewer. They go on from those that were taken out
/// before. Keeps who approved which plan.
void take_out(Database& database, PrunedRows const& pruned);

}  // namespace dirsync::store
