#pragma once
// Rows of the table of plans. Inside this folder only.
#include <optional>

#include "store/sql.hpp"

namespace dirsync::store {

/// In the order that read_plan() expects; `document_json` may follow.
#define DIRSYNC_PLAN_COLUMNS                                                                      \
  "digest, run, first_seen, last_seen, state, decided, decided_by, directory, approvals_needed, " \
  "decided_why"
inline constexpr int kPlanDocument = 10;  // column of a document that follows

/// With its approvals, and without its document. Throws as Query does.
StoredPlan read_plan(Database& database, Query const& row);
/// With its document; nothing: no such plan. Throws as Query does.
std::optional<StoredPlan> select_plan(Database& database, PlanDigest const& digest);

char const* to_text(StoredPlan::State state);  // as stored
Error no_such_plan(PlanDigest const& digest);

}  // namespace dirsync::store
