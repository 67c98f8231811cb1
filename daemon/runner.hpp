#pragma once
// The runs of the service, one after the other, on a thread of their own.
#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>

#include "daemon/asked_runs.hpp"
#include "daemon/cli/arguments.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/config/config.hpp"
#include "daemon/control/health.hpp"
#include "daemon/control/metrics.hpp"
#include "daemon/ending.hpp"
#include "daemon/folded_log.hpp"
#include "daemon/log.hpp"
#include "daemon/manager_status.hpp"
#include "daemon/notify/message.hpp"
#include "daemon/schedule.hpp"
#include "daemon/watch/watch.hpp"
#include "daemon/wiring.hpp"
#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/report.hpp"

namespace dirsync {

/// A run comes on the schedule, when a directory's feed tells of changes, and when somebody asks for one. It
/// computes for seconds where a directory is large; whoever waits on another thread for signals or for the
/// service manager is not held up by it. Threads: constructor, start() and destructor of one; the rest
/// any.
class Runner {
 public:
  /// What it tells, and whom; all must outlive it.
  struct Listeners {
    Log& log;
    control::Metrics& metrics;
    control::Health& health;
    watch::FeedBoard& feeds;
    /// Called on the runner's thread at the end of a run, with all that is so.
    std::function<void(notify::Situation now, notify::Origin origin)> on_news;
    /// Called once, on the runner's thread, with the exit code, when it runs no more.
    std::function<void(int exit_code)> on_end;
    /// Called on the runner's thread whenever another configuration is in force.
    std::function<void(config::Config const&)> on_reload;
  };
  /// `arguments` and `state` must outlive it, and the store belongs to its thread from start() on.
  Runner(cli::Arguments const& arguments, config::Config config, cli::State& state, Listeners listeners);
  ~Runner();
  Runner(Runner const&) = delete;
  Runner& operator=(Runner const&) = delete;

  /// Makes the sides of the configuration and begins the first run. Errors: as Wiring::make(), told.
  Result<void> start();
  /// A run that comes before the schedule's next; `on_end` as AskedRuns::add() says, mostly on the runner's
  /// thread.
  void ask(AskedRuns::Asked asked, AskedRuns::OnEnd on_end);
  /// Somebody else has written there: what is shown of it is looked up anew.
  void look_at_store();
  /// A run of the schedule that comes at once, after the one at hand; it leaves out neither a directory nor
  /// that target (empty: any) for having failed.
  void retry(std::string target);
  /// Between two runs; a broken configuration changes nothing.
  void reload();
  /// Once: as Ending::ask(); again: at once.
  void end();
  /// As ManagerStatus::tell_ready().
  void tell_ready() { status_.tell_ready(); }
  /// When its thread last had nothing to compute: asks for it, and gives the last answer.
  std::chrono::steady_clock::time_point idle_at();

 private:
  void say(Monitor::Level level, std::string_view event, std::vector<Monitor::Field> fields = {});
  Result<std::unique_ptr<Wiring>> wire(config::Config const& config);
  boost::asio::awaitable<void> loop();
  boost::asio::awaitable<void> scheduled_run();
  boost::asio::awaitable<void> leavers_run();
  bool is_look_due() const;
  void keep_books(engine::Report& report);
  boost::asio::awaitable<void> asked_run(AskedRuns::Asked asked);
  boost::asio::awaitable<Result<engine::Report>> one_run(engine::RunRequest request);
  boost::asio::awaitable<void> wait();
  void set_next_run();
  boost::asio::awaitable<void> take_over_configuration();
  boost::asio::awaitable<void> take_over(config::Config config);
  boost::asio::awaitable<void> follow_feeds(FeedCookies cookies);
  boost::asio::awaitable<void> begin_feeds();
  boost::asio::awaitable<void> close();
  void end_for(Error const& of_journal);
  SinceBoot due() const;
  SinceBoot next_look_or_run() const;
  bool is_wanted() const;
  void take_up_retries();
  void tell_waiting();
  void measure();
  void expect_targets();
  void run_thread();
  void check_failure();

  cli::Arguments const& arguments_;
  config::Config config_;
  cli::State& state_;
  Listeners listeners_;
  SystemClock clock_;
  FoldedLog log_;
  ManagerStatus status_;
  std::string last_run_, frozen_;  // in a line
  bool waits_ = false;             // for the next run
  boost::asio::io_context io_;
  Ending ending_;
  boost::asio::steady_timer pause_;
  watch::Watch watch_;
  std::unique_ptr<Wiring> wiring_;
  SideBackOff side_back_off_;
  /// Since the last run of everything under the configuration in force; nothing: there was none yet.
  std::optional<engine::LeaverBooks> leaver_books_;
  std::mt19937_64 random_{std::random_device{}()};
  std::exception_ptr failure_;
  AskedRuns asked_;
  SinceBoot next_run_{0};  // of the schedule
  Time next_run_shown_{};
  bool reload_ = false;
  std::set<std::string> retries_;  // targets; of all: empty
  int exit_code_ = 0;
  std::atomic<std::chrono::steady_clock::time_point> idle_at_;
  std::jthread thread_;
};

}  // namespace dirsync
