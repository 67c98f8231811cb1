#pragma once
// What is told of a run of the service that ended.
#include <string>
#include <vector>

#include "sync/engine/report.hpp"
#include "sync/model/freeze.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync {

/// The events of it: `run_finished` with `more`, and what waits for a person, was rejected, or is frozen.
void tell_run(Monitor& log, engine::Report const& report, std::vector<Monitor::Field> more);

/// The event of a run of leavers: `leavers_run`.
void tell_leavers_run(Monitor& log, engine::Report const& report);

/// "Run 12: run, exit 0, 3 done"
std::string in_a_line(engine::Report const& report);
/// "; frozen: changes of vault are frozen by ...", of each; empty where there is none.
std::string in_a_line(std::vector<Freeze> const& freezes);

}  // namespace dirsync
