#include "daemon/service.hpp"

#include <signal.h>
#include <systemd/sd-daemon.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>

#include "daemon/cli/context.hpp"
#include "daemon/cli/state.hpp"
#include "daemon/control/health.hpp"
#include "daemon/control/http_server.hpp"
#include "daemon/control/metrics.hpp"
#include "daemon/notify/sender.hpp"
#include "daemon/runner.hpp"
#include "store/errors.hpp"
#include "sync/model/join.hpp"

namespace dirsync {
namespace asio = boost::asio;
namespace {

/// Of the first reads; a server that does not answer must not keep the machine from coming up.
constexpr std::chrono::seconds kLongestStart{20};
/// A runner that has computed for so long is stuck, as far as anybody can tell.
constexpr std::chrono::minutes kLongestWork{15};

/// What signals and the service manager talk to. Runs on the main thread.
class Service {
 public:
  Service(cli::Arguments const& arguments, config::Config config, cli::State& state)
      : state_(state),
        log_(cli::log_options(arguments, config, false)),
        file_(config.file),
        io_(1),
        signals_(io_, SIGTERM, SIGINT, SIGHUP),
        watchdog_(io_),
        start_(io_, kLongestStart),
        metrics_(log_),
        http_listen_(config.service.http_listen),
        sender_(io_.get_executor(), log_) {
    sender_.set(config.service.notify);
    runner_.emplace(arguments, std::move(config), state, listeners());
  }

  int run() {
    say("service_started", {{"version", DIRSYNC_VERSION}, {"configuration", file_}});
    cli::tell_of_missing_mark(log_, state_);
    if (auto const open = listen(); !open) {
      Monitor::Field const fields[] = {{"err", text(open.error())}};
      log_.event(Monitor::Level::error, "configuration_unusable", fields);
      return cli::exit_of(open.error());
    }
    if (auto const started = runner_->start(); !started) return cli::exit_of(started.error());
    await_signal();
    feed_watchdog();
    ::sd_notify(0, "STATUS=Started");
    start_.async_wait([this](boost::system::error_code failed) {
      if (!failed) runner_->tell_ready();
    });
    io_.run();
    say("service_stopped", {});
    return exit_code_;
  }

 private:
  /// All of them are called on the runner's thread.
  Runner::Listeners listeners() {
    return {.log = log_,
            .metrics = metrics_,
            .health = health_,
            .on_news =
                [this](notify::Situation now, notify::Origin origin) {
                  asio::post(io_, [this, now = std::move(now), origin = std::move(origin)] {
                    sender_.tell(now, origin);
                  });
                },
            .on_receivers =
                [this](std::vector<config::Notify> receivers) {
                  asio::post(io_, [this, receivers = std::move(receivers)] { sender_.set(receivers); });
                },
            .on_end =
                [this](int exit_code) {
                  asio::post(io_, [this, exit_code] {
                    exit_code_ = exit_code;
                    sender_.close([this] { io_.stop(); });
                  });
                }};
  }

  Result<void> listen() {
    if (http_listen_.empty()) return {};
    auto server = control::HttpServer::listen(io_.get_executor(), http_listen_,
                                              [this](std::string_view path) { return page(path); });
    if (!server) return server.error();
    server_ = std::move(*server);
    return {};
  }

  std::optional<control::Page> page(std::string_view path) const {
    if (path == "/metrics")
      return control::Page{
          .status = 200, .content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_.text()};
    if (path == "/healthz") return control::Page{.body = "ok\n"};
    if (path != "/readyz") return std::nullopt;
    auto const reasons = health_.reasons(std::chrono::system_clock::now());
    if (reasons.empty()) return control::Page{.body = "ok\n"};
    return control::Page{.status = 503, .body = join(reasons, "\n", std::identity{}) + "\n"};
  }

  void say(std::string_view event, std::vector<Monitor::Field> const& fields) {
    log_.event(Monitor::Level::info, event, fields);
  }

  void await_signal() {
    signals_.async_wait([this](boost::system::error_code failed, int signal) {
      if (failed) return;
      if (signal == SIGHUP)
        runner_->reload();
      else
        stop();
      await_signal();
    });
  }

  void stop() {
    if (!std::exchange(stopping_, true)) {
      ::sd_notify(0, "STOPPING=1\nSTATUS=Finishing the calls in hand");
      say("stopping", {});
    }
    runner_->end();
  }

  /// Only while progress is possible: a runner that does not come back gets no more time.
  void feed_watchdog() {
    std::uint64_t period = 0;
    if (::sd_watchdog_enabled(0, &period) <= 0) return;
    if (std::chrono::steady_clock::now() - runner_->idle_at() < kLongestWork) ::sd_notify(0, "WATCHDOG=1");
    watchdog_.expires_after(std::chrono::microseconds{period / 3});
    watchdog_.async_wait([this](boost::system::error_code failed) {
      if (!failed) feed_watchdog();
    });
  }

  cli::State const& state_;
  Log log_;
  std::string file_;
  asio::io_context io_;
  asio::signal_set signals_;
  asio::steady_timer watchdog_, start_;
  bool stopping_ = false;
  int exit_code_ = cli::kDone;
  control::Metrics metrics_;
  control::Health health_;
  std::string http_listen_;
  std::unique_ptr<control::HttpServer> server_;
  notify::Sender sender_;
  std::optional<Runner> runner_;  // last: its thread uses the rest
};

/// The service does not come up, and stays down: one attempt at each receiver, or several within the time.
void tell_of_store_behind(cli::Arguments const& arguments, config::Config const& config, Error const& error) {
  constexpr std::chrono::seconds kLongest{15};
  Log log{cli::log_options(arguments, config, false)};
  asio::io_context io{1};
  notify::Sender sender{io.get_executor(), log};
  sender.set(config.service.notify);
  notify::Situation const now{{{notify::Event::store_behind, "store", "", text(error)}}, {}};
  sender.tell(now, {notify::host_name(), RunId{0}, std::chrono::system_clock::now()});
  io.run_for(kLongest);
  sender.close([&io] { io.stop(); });
  io.restart();
  io.run();
}

}  // namespace

int run_service(cli::Arguments const& arguments) {
  auto config = cli::read_config(arguments, config::Secrets::fetch);
  if (!config) return config::may_pass(config.error()) ? cli::kInternal : cli::kUsage;
  auto state = cli::open_state(*config, cli::StateUse::hold, "daemon");
  if (!state) {
    if (state.error().code == store::StoreErrc::behind)
      tell_of_store_behind(arguments, *config, state.error());
    return cli::refuse_state(arguments, state.error());
  }
  return Service{arguments, std::move(*config), *state}.run();
}

}  // namespace dirsync
