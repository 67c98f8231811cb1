#pragma once
// How work ends when it is asked to.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <stop_token>

#include "sync/http/writes_in_hand.hpp"

namespace dirsync {

class Wiring;

/// The first request: nothing more is begun, and writes that are on their way are awaited, at most a minute;
/// what else goes on (a slow directory, a pause, a list) is broken off once none is. The second: at once.
/// Thread: that of `executor`.
class Ending {
 public:
  explicit Ending(boost::asio::any_io_executor executor) : quiet_(executor), grace_(executor) {}

  /// For engine::run().
  std::stop_token token() const { return stop_.get_token(); }
  /// Of the coroutine that is to be broken off.
  boost::asio::cancellation_slot slot() { return cancel_.slot(); }
  http::WritesInHand& writes() { return writes_; }
  bool is_asked() const { return stop_.stop_requested(); }
  /// The coroutine was told to end; it throws operation_aborted.
  bool has_broken_off() const { return broken_off_; }
  void ask();

 private:
  void break_off();
  void await_quiet();

  std::stop_source stop_;
  boost::asio::cancellation_signal cancel_;
  http::WritesInHand writes_;
  boost::asio::steady_timer quiet_, grace_;
  bool broken_off_ = false;
};

/// Runs `io` for what ends sessions and feeds, two seconds at the longest. `io`: does not run.
void end_sessions(boost::asio::io_context& io, boost::asio::awaitable<void> closing);
/// The same for the sessions of all targets.
void log_off(boost::asio::io_context& io, Wiring& wiring);

}  // namespace dirsync
