#include "daemon/cli/pruned_notice.hpp"

#include <cstdio>

#include "daemon/cli/screen.hpp"

namespace dirsync::cli {
namespace {

/// Of the oldest row that is there; nothing without rows.
Result<std::optional<Time>> first_time(store::Store& store) {
  std::optional<Time> first;
  auto const read = store.audit({}, [&first](AuditRow const& row) {
    first = row.time;
    return false;
  });
  if (!read) return read.error();
  return first;
}

bool may_be_among(store::PrunedRows const& pruned, AuditFilter const& filter, std::optional<Time> first) {
  if (filter.after_sequence >= pruned.rows()) return false;
  if (filter.run) return *filter.run <= pruned.last_run;
  if (filter.limit) return false;
  return !filter.since || !first || *filter.since < *first;
}

}  // namespace

std::string pruned_text(store::PrunedRows const& pruned) {
  return "rows 1 to " + std::to_string(pruned.rows()) + " of the audit trail, of runs up to " +
         std::to_string(pruned.last_run.value()) + ", were pruned at " +
         rfc3339(pruned.checkpoint.checkpoint.time) + "; an export of before that has them";
}

Result<void> tell_of_pruned(store::Store& store, AuditFilter const& filter) {
  auto const pruned = store.pruned();
  if (!pruned) return pruned.error();
  if (!*pruned) return {};
  auto const first = first_time(store);
  if (!first) return first.error();
  if (may_be_among(**pruned, filter, *first)) show(stderr, "dirsyncd: " + pruned_text(**pruned) + "\n");
  return {};
}

}  // namespace dirsync::cli
