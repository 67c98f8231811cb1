#pragma once
// Rows of the audit trail as they stand in the file. Inside this folder only; within Database::attempt,
// ::reading or ::transaction.
#include <cstdint>
#include <functional>
#include <limits>
#include <string>

#include "store/chain.hpp"
#include "store/sql.hpp"

namespace dirsync::store {

/// In the order in which read_audit_row() takes them.
#define DIRSYNC_AUDIT_COLUMNS                                                                          \
  "sequence, time, run, phase, target, verb, group_name, principal, dn, id, rule, path, plan, actor, " \
  "result, detail, previous, hash, delay_ms"

/// A time that we would not have written cannot be hashed as it stands, and a value of another type reads the
/// same but is not found by those who look for it: such a row loses its hash, so no check lets it pass.
AuditRow read_audit_row(Query const& query);

/// For read_audit_rows(): also those with a sequence that no row of ours has.
inline constexpr auto kBeforeAllRows = std::numeric_limits<std::int64_t>::min();

/// Rows with a sequence above `after`, in order, until `sink` returns false.
void read_audit_rows(Database& database, std::int64_t after,
                     std::function<bool(AuditRow const&)> const& sink);

/// The first row of that time or later, found by halving: there is no index of the times, which go up with
/// the rows. `time`: as rfc3339() writes it.
std::int64_t first_row_since(Database& database, std::string const& time);

/// As stored apart from the rows. One that is gone reads as that of an empty trail, which no trail with rows
/// fits.
ChainHead read_chain_head(Database& database);

}  // namespace dirsync::store
