#include "daemon/service.hpp"

#include <signal.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>
#include <stop_token>

#include "daemon/cli/context.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/wiring.hpp"
#include "daemon/witness.hpp"
#include "sync/engine/engine.hpp"
#include "sync/model/join.hpp"

namespace dirsync {
namespace asio = boost::asio;
namespace {

/// How long calls in hand may take after SIGTERM before everything is cancelled. Below systemd's
/// TimeoutStopSec.
constexpr std::chrono::seconds kGrace{60};

class Service {
 public:
  Service(cli::Arguments const& arguments, config::Config config, cli::State& state)
      : arguments_(arguments),
        config_(std::move(config)),
        state_(state),
        log_(cli::log_options(arguments, config_, false)),
        io_(1),
        signals_(io_, SIGTERM, SIGINT, SIGHUP),
        pause_(io_),
        watchdog_(io_),
        grace_(io_) {}

  int run() {
    if (!rewire()) return cli::kUsage;
    asio::co_spawn(io_, loop(),
                   asio::bind_cancellation_slot(cancel_.slot(), [this](std::exception_ptr failure) {
                     failure_ = std::move(failure);
                     // Not cancel(): a timer that has just expired would start the next one.
                     io_.stop();
                   }));
    await_signal();
    feed_watchdog();
    say(Monitor::Level::info, "service_started",
        {{"version", DIRSYNC_VERSION}, {"configuration", config_.file}});
    cli::tell_of_missing_mark(log_, state_);
    ::sd_notify(0, "READY=1\nSTATUS=Started");
    io_.run();
    check_failure();
    say(Monitor::Level::info, "service_stopped", {});
    return exit_code_;
  }

 private:
  /// A run that was cancelled ends so because we asked for it. Anything else is ours.
  void check_failure() {
    if (!failure_ || cli::is_cancellation(failure_)) return;
    try {
      std::rethrow_exception(failure_);
    } catch (std::exception const& error) {
      say(Monitor::Level::error, "internal_error", {{"err", error.what()}});
    }
    exit_code_ = cli::kInternal;
  }

  void say(Monitor::Level level, std::string_view event, std::vector<Monitor::Field> fields) {
    log_.event(level, event, fields);
  }

  bool rewire() {
    auto wiring = Wiring::make(io_.get_executor(), config_, state_.store, clock_, log_);
    if (!wiring) {
      say(Monitor::Level::error, "configuration_unusable", {{"err", text(wiring.error())}});
      return false;
    }
    wiring_ = std::move(*wiring);
    return true;
  }

  asio::awaitable<void> loop() {
    while (!stopping()) {
      if (std::exchange(reload_, false)) co_await reload();
      if (stopping()) break;
      co_await one_run();
      if (!stopping() && !reload_) co_await wait();
    }
    co_await wiring_->close();
  }

  asio::awaitable<void> one_run() {
    engine::RunRequest request;
    request.apply = true;
    request.trigger = "daemon";
    request.actor = "daemon";
    for (auto const& warning : config_.warnings)
      say(Monitor::Level::warn, "insecure_setting", {{"text", warning}});
    auto const report = co_await engine::run(wiring_->setup(), std::move(request), stop_.get_token());
    if (!report) {
      // Without a journal nothing may be sent; systemd restarts us and tells.
      say(Monitor::Level::error, "journal_failed", {{"err", text(report.error())}});
      exit_code_ = cli::kInternal;
      stop_.request_stop();
      co_return;
    }
    tell(*report);
  }

  void tell(engine::Report const& report) {
    std::map<std::string, std::size_t> counts;
    auto const settled = by_change(report.plan, report.outcomes);
    for (std::size_t at = 0; at < settled.size(); ++at) {
      auto const outcome = outcome_text(report.plan.changes[at], settled[at]);
      ++counts[outcome.empty() ? "planned" : outcome];
    }
    auto const exit = static_cast<int>(report.exit);
    std::vector<Monitor::Field> fields{{"cycle", std::to_string(report.run.value())},
                                       {"verdict", to_text(report.plan.verdict)},
                                       {"exit", std::to_string(exit)},
                                       {"plan", report.plan.digest.value()},
                                       {"changes", std::to_string(report.plan.changes.size())},
                                       {"ms", std::to_string(report.total.count())}};
    for (auto const& [outcome, count] : counts) fields.push_back({outcome, std::to_string(count)});
    for (auto& field : tell_chain_head(state_.store)) fields.push_back(std::move(field));
    say(exit == 0 ? Monitor::Level::info : Monitor::Level::warn, "run_finished", std::move(fields));
    if (report.plan.held && !report.applied) {
      auto const reasons = join(report.plan.reasons, "; ", &Reason::text);
      say(Monitor::Level::warn, "plan_held",
          {{"cycle", std::to_string(report.run.value())},
           {"plan", report.plan.digest.value()},
           {"reasons", reasons}});
    }
    auto const status = "STATUS=Run " + std::to_string(report.run.value()) + ": " +
                        to_text(report.plan.verdict) + ", exit " + std::to_string(exit);
    ::sd_notify(0, status.c_str());
  }

  asio::awaitable<void> wait() {
    auto const jitter = config_.schedule.jitter.count();
    std::uniform_int_distribution<std::int64_t> more{0, jitter > 0 ? jitter : 0};
    pause_.expires_after(config_.schedule.interval + std::chrono::milliseconds{more(random_)});
    boost::system::error_code ended_early;  // by a signal, which the loop then sees
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, ended_early));
  }

  /// SIGHUP: a valid configuration takes over between two runs; a broken one changes nothing.
  asio::awaitable<void> reload() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    auto const stamp = now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
    ::sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(stamp)).c_str());
    config::ProcessEnvironment const environment;
    auto loaded = config::load(arguments_.config, environment);
    if (!loaded) {
      for (auto const& problem : loaded.error())
        say(Monitor::Level::error, "reload_refused", {{"err", config::text(problem)}});
    } else if (loaded->service.state_dir != config_.service.state_dir) {
      say(Monitor::Level::error, "reload_refused",
          {{"err", "service.state_dir cannot change while the service runs; restart it"}});
    } else {
      auto old_config = std::exchange(config_, std::move(*loaded));
      auto old_wiring = std::move(wiring_);
      if (rewire()) {
        co_await old_wiring->close();
        log_.set_level(cli::log_options(arguments_, config_, false).level);
        say(Monitor::Level::info, "reloaded", {{"configuration", config_.digest}});
      } else {
        config_ = std::move(old_config);
        wiring_ = std::move(old_wiring);
      }
    }
    ::sd_notify(0, "READY=1");
  }

  void await_signal() {
    signals_.async_wait([this](boost::system::error_code failed, int signal) {
      if (failed) return;
      if (signal == SIGHUP)
        reload_ = true;
      else
        stop();
      pause_.cancel();
      await_signal();
    });
  }

  bool stopping() const { return stop_.stop_requested(); }

  /// The first signal lets calls in hand end, the second ends them.
  void stop() {
    if (!stop_.request_stop()) return cancel_.emit(asio::cancellation_type::terminal);
    ::sd_notify(0, "STOPPING=1\nSTATUS=Finishing the calls in hand");
    say(Monitor::Level::info, "stopping", {});
    grace_.expires_after(kGrace);
    grace_.async_wait([this](boost::system::error_code failed) {
      if (!failed) cancel_.emit(asio::cancellation_type::terminal);
    });
  }

  void feed_watchdog() {
    std::uint64_t period = 0;
    if (::sd_watchdog_enabled(0, &period) <= 0) return;
    ::sd_notify(0, "WATCHDOG=1");
    watchdog_.expires_after(std::chrono::microseconds{period / 3});
    watchdog_.async_wait([this](boost::system::error_code failed) {
      if (!failed) feed_watchdog();
    });
  }

  cli::Arguments const& arguments_;
  config::Config config_;
  cli::State& state_;
  SystemClock clock_;
  Log log_;
  asio::io_context io_;
  asio::signal_set signals_;
  asio::steady_timer pause_, watchdog_, grace_;
  asio::cancellation_signal cancel_;
  std::unique_ptr<Wiring> wiring_;
  std::mt19937_64 random_{std::random_device{}()};
  std::exception_ptr failure_;
  std::stop_source stop_;  // of this service; every run is given its token
  bool reload_ = false;
  int exit_code_ = cli::kDone;
};

}  // namespace

int run_service(cli::Arguments const& arguments) {
  auto config = cli::load_config(arguments, config::Secrets::fetch);
  if (!config) return cli::kUsage;
  auto state = cli::open_state(*config, cli::StateUse::hold, "daemon");
  if (!state) return cli::refuse_state(arguments, state.error());
  return Service{arguments, std::move(*config), *state}.run();
}

}  // namespace dirsync
