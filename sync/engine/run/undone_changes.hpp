#pragma once
// What undos took back, from one run to the next.
#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {

/// Before anything of an undo is sent: what it takes back is not to be done again by the next run, wherever
/// this one ends. With an audit row that names the run. Errors: the journal's.
Result<void> begin_undo(RunContext const& context, Judged const& judged);

/// What counts on: of an undo without what it did not achieve; of any other run without what the directory
/// says otherwise by now, or what was done again. Errors: the journal's.
Result<void> keep_undone(RunContext const& context, Drafted const& drafted, Report const& report);

}  // namespace dirsync::engine
