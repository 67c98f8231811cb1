#pragma once
// Where feeds can go on. Inside this folder only; within Database::transaction.
#include "store/sql.hpp"
#include "sync/model/record.hpp"

namespace dirsync::store {

/// Those of `run` replace earlier ones of the same directories. `time`: of its end.
void keep_feed_cookies(Database& database, RunRecord const& run, Time time);

}  // namespace dirsync::store
