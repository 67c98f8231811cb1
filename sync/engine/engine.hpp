#pragma once
// One run: read, recover, line up, draft, judge, apply, record.
#include <boost/asio/awaitable.hpp>
#include <stop_token>

#include "sync/engine/report.hpp"
#include "sync/engine/setup.hpp"

namespace dirsync::engine {

/// One pass. `setup` must outlive it. `stop`: once asked, calls in hand end and are recorded, and nothing
/// more is sent; a run that begins afterwards sends nothing at all. Errors: a broken journal; nothing more
/// was sent from then on. A cancellation is thrown as operation_aborted once what was sent is recorded.
/// Thread: event loop; one run at a time.
boost::asio::awaitable<Result<Report>> run(Setup const& setup, RunRequest request, std::stop_token stop);

}  // namespace dirsync::engine
