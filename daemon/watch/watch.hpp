#pragma once
// What the service does about its directories' feeds: when they cause a run, and what that run is told.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <exception>
#include <functional>
#include <optional>
#include <string>

#include "daemon/control/metrics.hpp"
#include "daemon/schedule.hpp"
#include "daemon/watch/feed_state.hpp"
#include "daemon/watch/full_reads.hpp"
#include "daemon/watch/gathering.hpp"
#include "daemon/watch/leaver_looks.hpp"
#include "daemon/watch/leaver_news.hpp"
#include "daemon/watch/spacing.hpp"
#include "daemon/watch/watcher.hpp"
#include "sync/engine/report.hpp"

namespace dirsync::watch {

/// RunRequest::trigger of a run that feeds caused.
constexpr char kFeedTrigger[] = "feed";
/// The same of one of leavers alone, which goes ahead of that.
constexpr char kLeaversTrigger[] = "leavers";

/// Thread: event loop. Destroy it as a Watcher.
class Watch {
 public:
  /// All must outlive it.
  struct Listeners {
    Monitor& log;
    Clock const& clock;
    control::Metrics& metrics;
    FeedBoard& board;
    LeaverNews::May may_be_leavers;
    std::function<void()> on_news;  // due() or has_begun() may say something else now
    std::function<void(std::exception_ptr)> on_failure;
  };
  Watch(boost::asio::any_io_executor executor, Listeners listeners);

  /// Follows these and no others; waits until the ones before have ended. What those told stays.
  boost::asio::awaitable<void> follow(Feeds feeds, Pace pace);
  boost::asio::awaitable<void> stop() { return watcher_.stop(); }
  /// Every feed has answered, or failed, once.
  bool has_begun() const { return watcher_.have_all_answered(); }
  /// When a run is to begin for what feeds told; nothing: for nothing.
  std::optional<SinceBoot> due() const;

  /// When a run of leavers is to begin, ahead of that; nothing: feeds told of nobody, or of too many.
  std::optional<SinceBoot> look_due() const { return leaver_looks_.due(); }
  /// As LeaverLooks::is_all_told().
  bool is_all_told() const { return leaver_looks_.is_all_told(); }
  /// It begins now: gives it what feeds told of. For the run of everything that stays told.
  void begin_look(engine::RunRequest& request, SinceBoot now);
  void end_look(SinceBoot now) { leaver_looks_.note_look(look_began_, now); }

  /// A run of everything begins now; `by_feed`: for what feeds told. Gives it all that they have told, and
  /// has it give way for what they tell from now on.
  void begin_run(engine::RunRequest& request, bool by_feed, SinceBoot now);
  /// It ended so. Where it could not read a side, what feeds told is looked at once more, not before `again`.
  void end_run(engine::Report const& report, SinceBoot now, SinceBoot again);

  /// As FullReads, of every run that reads everything, whatever caused it; tells what no feed told of.
  void begin_full_read();
  void end_full_read(FullReads::Books const& before, FullReads::Books const& later) {
    full_reads_.end(before, later);
  }

 private:
  void note(std::string const& directory, FeedNews const& news);
  void tell_states();

  Listeners listeners_;
  Watcher watcher_;
  Gathering gathering_;
  LeaverNews leaver_news_;
  LeaverLooks leaver_looks_;
  FullReads full_reads_;
  Spacing spacing_;
  Gathered looked_at_;  // by the run that goes on
  bool by_feed_ = false;
  SinceBoot began_{0}, look_began_{0};
};

}  // namespace dirsync::watch
