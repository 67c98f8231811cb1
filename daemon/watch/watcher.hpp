#pragma once
// Follows the feeds of all directories, each for itself.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "daemon/watch/feed_state.hpp"
#include "sync/model/record.hpp"
#include "sync/ports/clock.hpp"
#include "sync/ports/feed.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync::watch {

using Feeds = std::map<std::string, std::unique_ptr<Feed>>;  // by directory

/// Between two tries of a feed that fails: doubling from the first to the longest. A feed that was followed
/// for the longest begins anew.
struct Pauses {
  std::chrono::milliseconds first{1'000}, longest{60'000};
  /// After a refused bind: servers lock an account after a few wrong passwords within half an hour or so.
  std::chrono::milliseconds refused_bind{600'000};
};
/// After so many failures in a row; at least one.
std::chrono::milliseconds pause_after(std::uint64_t failures, Pauses const& pauses);

/// One coroutine a directory, which asks for more at once after each answer. Tells `feed_up` and `feed_down`.
/// Thread: event loop. Destroy it after stop(), or once nothing runs on its executor any more.
class Watcher {
 public:
  /// Called on the event loop; they must not stop the watcher.
  struct Listeners {
    std::function<void(std::string const& directory, FeedNews const& news)> on_news;
    std::function<void()> on_state;                      // states() are others
    std::function<void(std::exception_ptr)> on_failure;  // a defect of ours
  };
  /// `monitor` and `clock` must outlive it.
  Watcher(boost::asio::any_io_executor executor, Monitor& monitor, Clock const& clock, Listeners listeners,
          Pauses pauses = {});
  ~Watcher();
  Watcher(Watcher const&) = delete;
  Watcher& operator=(Watcher const&) = delete;

  /// While none is followed.
  void follow(Feeds feeds);
  /// Ends all of them, and waits until they have ended.
  boost::asio::awaitable<void> stop();
  /// Each has answered, or failed, once.
  bool have_all_answered() const;
  FeedStates states() const;
  /// Where they can go on after all that they have told; of those that say so.
  FeedCookies cookies() const;

 private:
  struct Followed;
  boost::asio::awaitable<void> follow_one(Followed& one);
  void note(Followed& one, FeedNews const& news);
  void note(Followed& one, Error const& error);
  void enter(Followed& one, FeedState::What what, std::string reason = {});

  boost::asio::any_io_executor executor_;
  Monitor& monitor_;
  Clock const& clock_;
  Listeners listeners_;
  Pauses pauses_;
  std::map<std::string, std::unique_ptr<Followed>> followed_;
  std::size_t running_ = 0;
  boost::asio::steady_timer ended_;
};

}  // namespace dirsync::watch
