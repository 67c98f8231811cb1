#pragma once
// How long removals took, from the directory's change until they were made: what people and programs are
// told. A directory that stamps its entries to the second makes that up to a second more than it was. Thread:
// any.
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/engine/report.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync {

using Delays = std::vector<std::chrono::milliseconds>;

/// Nothing where there was no removal whose delay is known.
struct RevocationDelay {
  std::optional<std::chrono::milliseconds> p50, p99, worst;
  std::optional<std::int64_t> over_target;  // removals that took longer; nothing as well without a target
};
/// Percentiles are of the nearest rank: one of the delays, and never below the true one.
RevocationDelay revocation_delay(Delays const& ascending, std::optional<std::chrono::milliseconds> target);

/// Of the removals that the run made, as far as known; ascending.
Delays removal_delays(engine::Report const& report);

/// Tells once of those that took longer than `target`: event revocation_late. Without a target nothing.
void tell_late_removals(Monitor& log, engine::Report const& report,
                        std::optional<std::chrono::milliseconds> target);

/// For `status`, with a line feed; empty where nothing is known. `delay`: of the last day.
std::string revocation_line(RevocationDelay const& delay);

}  // namespace dirsync
