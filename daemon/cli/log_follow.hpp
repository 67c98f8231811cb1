#pragma once
// log --follow.
#include "daemon/cli/log_rows.hpp"
#include "daemon/cli/state.hpp"

namespace dirsync::cli {

/// Shows the rows that fit, then each that is added, once and in order, until SIGINT or SIGTERM. The store is
/// looked at several times a second, so that the service may run, end and start again, and rows may be
/// pruned, meanwhile. Errors: those of the store that do not pass by themselves; StoreErrc::behind when the
/// trail does not go on from what was shown.
Result<void> follow_log(AuditFilter filter, RowForm form, State state);

}  // namespace dirsync::cli
