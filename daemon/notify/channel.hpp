#pragma once
// The way of news to one receiver: what it was told, what waits for it, and when it is tried again.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "daemon/notify/queue.hpp"
#include "daemon/notify/receiver.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync::notify {

/// `failures` in a row, from 1: a second, doubling, at most an hour.
std::chrono::milliseconds pause_after(int failures);

/// Of the same news, from the first to the one after which they are dropped. More than one: what refuses
/// everything for a while (a proxy, a token that is just replaced) costs nothing.
constexpr int kMostRefusals = 5;

/// Thread: event loop.
class Channel {
 public:
  /// `name`: for the log. `events`: names of those that it is told.
  Channel(boost::asio::any_io_executor executor, std::string name, std::vector<std::string> const& events,
          std::unique_ptr<Receiver> receiver, Monitor& monitor);

  std::string const& name() const { return name_; }
  /// All that is so now: what is new for this receiver is added to what waits.
  void tell(Situation const& now, Origin const& origin);
  /// What the other one was told and what waits there, as far as it is of the events of this one.
  void take_over(Channel const& other);
  bool has_waiting() const { return !queue_.empty(); }
  /// Delivers until nothing waits. News that the receiver refuses `kMostRefusals` times are dropped, so that
  /// those behind them arrive; whatever else fails is tried without end. Told in the log: `notify_failed`
  /// once until the cause changes, `notify_refused` and `notify_dropped`. May be cancelled.
  boost::asio::awaitable<void> deliver();

 private:
  void add(News news, Origin origin);
  void note_failure(Error const& error);
  /// Whether these were refused as often as they may be. Counts.
  bool is_refused_for_good(std::vector<Waiting> const& batch, Error const& error);
  void drop(std::vector<Waiting> const& batch, Error const& error);

  std::string name_;
  std::set<std::string> events_;
  std::unique_ptr<Receiver> receiver_;
  Monitor& monitor_;
  boost::asio::steady_timer pause_;
  Told told_;
  Queue queue_;
  std::size_t dropped_ = 0;
  int failures_ = 0;     // in a row
  std::string refused_;  // event and subject of what was refused last
  int refusals_ = 0;     // of it
  std::string failing_;  // as it was told; empty: it works
};

}  // namespace dirsync::notify
