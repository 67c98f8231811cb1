#include "store/audit_rows.hpp"

namespace dirsync::store {

AuditRow read_audit_row(Query const& query) {
  AuditRow row;
  row.sequence = query.integer(0);
  std::string time;
  auto is_as_written = query.read_text(1, time) && query.is_integer(2);
  row.time = parse_rfc3339(time).value_or(Time{});
  row.run = RunId{query.integer(2)};
  auto column = 3;
  for (auto* const field :
       {&row.phase, &row.target, &row.verb, &row.group, &row.principal, &row.dn, &row.id, &row.rule,
        &row.path, &row.plan, &row.actor, &row.result, &row.detail, &row.previous, &row.hash})
    is_as_written &= query.read_text(column++, *field);
  // Beside the row: it may be lost, and tells nothing of the trail.
  if (query.is_integer(column)) row.delay = std::chrono::milliseconds{query.integer(column)};
  if (!is_as_written || rfc3339(row.time) != time) row.hash.clear();
  return row;
}

void read_audit_rows(Database& database, std::int64_t after,
                     std::function<bool(AuditRow const&)> const& sink) {
  static constexpr char kRows[] =
      "SELECT " DIRSYNC_AUDIT_COLUMNS " FROM audit WHERE sequence >= ? ORDER BY sequence";
  auto rows = database.query(kRows);
  for (rows.with(after == kBeforeAllRows ? kBeforeAllRows : after + 1); rows.step();)
    if (!sink(read_audit_row(rows))) return;
}

std::int64_t first_row_since(Database& database, std::string const& time) {
  static constexpr char kEnd[] = "SELECT coalesce(max(sequence), 0) FROM audit";
  static constexpr char kNext[] =
      "SELECT sequence, time FROM audit WHERE sequence >= ? ORDER BY sequence LIMIT 1";
  std::int64_t low = 1, high = 0;
  {
    auto end = database.query(kEnd);
    end.step();
    high = end.integer(0) + 1;
  }
  while (low < high) {
    auto const middle = low + (high - low) / 2;
    auto next = database.query(kNext);
    if (!next.with(middle).step() || next.text(1) >= time)
      high = middle;
    else
      low = next.integer(0) + 1;
  }
  return low;
}

ChainHead read_chain_head(Database& database) {
  static constexpr char kHead[] = "SELECT sequence, hash FROM audit_head WHERE only = 1";
  auto head = database.query(kHead);
  if (!head.step()) return {0, kNoHash};
  return {head.integer(0), head.text(1)};
}

}  // namespace dirsync::store
