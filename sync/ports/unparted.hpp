#pragma once
#include <boost/asio/awaitable.hpp>

namespace dirsync {

/// Runs `work` to its end although this coroutine is cancelled meanwhile: a write that was sent is settled
/// before the cancellation is seen. The call in hand still ends early, as one whose fate is unknown; the
/// next co_await after this one throws operation_aborted. What `work` throws is passed on.
/// Thread: event loop.
boost::asio::awaitable<void> unparted(boost::asio::awaitable<void> work);

/// Whether this coroutine was cancelled. Within unparted() nothing else tells.
boost::asio::awaitable<bool> is_cancelled();

}  // namespace dirsync
