#pragma once
// What a person changes by hand: a run of one change, through the same protocol as any other.
#include <boost/asio/awaitable.hpp>
#include <string>

#include "sync/engine/apply/carry_out.hpp"
#include "sync/ports/clock.hpp"
#include "sync/ports/guarded_target.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync::engine {

/// Where it is recorded; all must outlive the change.
struct HandPorts {
  Journal* journal = nullptr;
  Monitor* monitor = nullptr;
  Clock const* clock = nullptr;
};

struct HandChange {
  RunStart start;  // whose actor stands in every row
  Change change;   // complete, but for `n`
  Guard guard;     // of what was read just before
  Send send;
};

struct HandReport {
  RunId run;
  Settled settled;
};

/// Announces the change, unless the guard refuses it (`skipped`, with a row that says so), sends it and
/// records it, with a run of its own; one that nobody saw end is looked up by the next run like any other.
/// Errors: the journal's. Where the change was sent the error says so. Thread: event loop.
boost::asio::awaitable<Result<HandReport>> change_by_hand(HandPorts const& audit, HandChange wanted);

}  // namespace dirsync::engine
