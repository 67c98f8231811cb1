// The audit trail: adding rows, reading them, checking them.
#include <algorithm>

#include "store/audit_rows.hpp"
#include "store/write.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {
// Bounds that are not asked for are bound to values that every row fits.
#define DIRSYNC_AUDIT_SELECT                                                                         \
  "SELECT " DIRSYNC_AUDIT_COLUMNS                                                                    \
  " FROM audit WHERE sequence > ?1 AND time >= ?2 AND time < ?3 AND (?4 = '' OR target = ?4) "       \
  "AND (?5 = '' OR verb = ?5 OR phase = ?5) AND (?6 = '' OR result = ?6) AND (?7 = -1 OR run = ?7) " \
  "AND sequence < ?8 "                                                                               \
  "ORDER BY sequence "
constexpr char kAscending[] = DIRSYNC_AUDIT_SELECT "ASC";
constexpr char kDescending[] = DIRSYNC_AUDIT_SELECT "DESC";
#undef DIRSYNC_AUDIT_SELECT

constexpr char kBeforeAllTimes[] = "";
constexpr char kAfterAllTimes[] = "~";

Query& bind_filter(Query& query, AuditFilter const& filter) {
  return query.with(filter.after_sequence, filter.since ? rfc3339(*filter.since) : kBeforeAllTimes,
                    filter.until ? rfc3339(*filter.until) : kAfterAllTimes, filter.target, filter.action,
                    filter.outcome, filter.run ? filter.run->value() : -1, filter.before_sequence);
}

bool same(std::string_view left, std::string_view right) { return fold_case(left) == fold_case(right); }
}  // namespace

bool fits_names(AuditFilter const& filter, AuditRow const& row) {
  return (filter.group.empty() || same(filter.group, row.group)) &&
         (filter.user.empty() || same(filter.user, row.principal) || same(filter.user, row.dn) ||
          std::ranges::any_of(parts_of(EntryId{row.id}),
                              [&filter](EntryId const& id) { return same(filter.user, id.value()); }) ||
          same(filter.user, row.id));
}

std::int64_t append_row(Database& database, AuditRow row) {
  static constexpr char kInsert[] =
      "INSERT INTO audit (sequence, time, run, phase, target, verb, group_name, principal, dn, id, rule, "
      "path, plan, actor, result, detail, previous, hash, delay_ms) "
      "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, -1))";
  auto const head = read_chain_head(database);
  row.sequence = head.sequence + 1;
  row.previous = head.hash;
  row.hash = hash_of(row);
  // The table's trigger moves the head.
  database.query(kInsert)
      .with(row.sequence, row.time, row.run, row.phase, row.target, row.verb, row.group, row.principal,
            row.dn, row.id, row.rule, row.path, row.plan, row.actor, row.result, row.detail, row.previous,
            row.hash, row.delay ? row.delay->count() : -1)
      .run();
  return row.sequence;
}

Result<void> Store::append(AuditRow row) {
  if (row.time == Time{}) row.time = options_.clock->now();
  return write("an audit row cannot be added", [this, &row]() -> Result<void> {
    append_row(*database_, row);
    return {};
  });
}

Result<void> Store::audit(AuditFilter const& filter, std::function<bool(AuditRow const&)> const& sink) {
  return database_->reading("the audit trail cannot be read", [this, &filter, &sink]() -> Result<void> {
    if (!filter.limit) {
      auto query = database_->query(kAscending);
      for (bind_filter(query, filter); query.step();) {
        auto const row = read_audit_row(query);
        if (fits_names(filter, row) && !sink(row)) return {};
      }
      return {};
    }
    std::vector<AuditRow> newest;
    auto query = database_->query(kDescending);
    for (bind_filter(query, filter); std::ssize(newest) < *filter.limit && query.step();)
      if (auto row = read_audit_row(query); fits_names(filter, row)) newest.push_back(std::move(row));
    for (auto row = newest.rbegin(); row != newest.rend() && sink(*row);) ++row;
    return {};
  });
}

Result<ChainHead> Store::chain_head() {
  return database_->attempt("the audit trail cannot be read",
                            [this]() -> Result<ChainHead> { return read_chain_head(*database_); });
}

}  // namespace dirsync::store
