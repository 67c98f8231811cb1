#pragma once
// What the service tells, for those who watch it.
#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sync/ports/monitor.hpp"

namespace dirsync::control {

/// Lines for one reader. Thread: that of the executor.
class EventFeed {
 public:
  static constexpr std::size_t kMostWaiting = std::size_t{1} << 20;  // bytes

  explicit EventFeed(boost::asio::any_io_executor executor) : wake_(std::move(executor)) {}
  /// A reader who lets more than kMostWaiting wait has had them all: what waits is dropped, and the feed
  /// ends.
  void add(std::string_view line);
  void end();
  bool has_ended() const { return ended_; }
  bool has_overflowed() const { return overflowed_; }
  /// All that waits, which waits no more.
  std::string take();
  /// Until something waits, or the feed has ended, or so much time is over. One at a time.
  boost::asio::awaitable<void> wait(std::chrono::milliseconds at_most);

 private:
  boost::asio::steady_timer wake_;
  std::string waiting_;
  bool ended_ = false, overflowed_ = false;
};

/// Hands events to every feed, as JSON objects of a line each; costs next to nothing while nobody watches.
/// Thread: tell() and tell_progress() any, the rest that of the executor.
class Events {
 public:
  explicit Events(boost::asio::any_io_executor executor) : executor_(std::move(executor)) {}

  void tell(Monitor::Level level, std::string_view name, std::span<Monitor::Field const> fields);
  /// {"event": "progress", "what", "done", "total"}; at most five a second, the others are dropped.
  void tell_progress(std::string_view what, std::uint64_t done, std::uint64_t total);
  std::shared_ptr<EventFeed> subscribe();
  /// Ends all feeds, after what was told so far.
  void end();

 private:
  void hand_over(std::string line);
  void deliver(std::string const& line);

  boost::asio::any_io_executor executor_;
  std::vector<std::weak_ptr<EventFeed>> feeds_;
  std::atomic<bool> is_watched_ = false;
  std::atomic<std::chrono::steady_clock::time_point> told_progress_{};
};

}  // namespace dirsync::control
