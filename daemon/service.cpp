#include "daemon/service.hpp"

#include <malloc.h>
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
#include "daemon/control/control_socket.hpp"
#include "daemon/control/desk.hpp"
#include "daemon/control/events.hpp"
#include "daemon/control/health.hpp"
#include "daemon/control/http_acceptor.hpp"
#include "daemon/control/http_server.hpp"
#include "daemon/control/looks.hpp"
#include "daemon/control/metrics.hpp"
#include "daemon/notify/sender.hpp"
#include "daemon/page/front.hpp"
#include "daemon/runner.hpp"
#include "store/errors.hpp"
#include "sync/model/join.hpp"

namespace dirsync {
namespace asio = boost::asio;
namespace {

/// Of the first reads; a server that does not answer must not keep the machine from coming up.
constexpr std::chrono::seconds kLongestStart{20};
constexpr std::chrono::seconds kLongestGoodbye{2};
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
        events_(io_.get_executor()),
        metrics_(log_),
        settings_(config.service),
        sender_(io_.get_executor(), log_),
        desk_(io_.get_executor(), config, state.folder,
              {.ask_for_run =
                   [this](AskedRuns::Asked asked, AskedRuns::OnEnd on_end) {
                     runner_->ask(std::move(asked), std::move(on_end));
                   },
               .on_change = [this] { runner_->look_at_store(); },
               .on_retry = [this](std::string const& target) { runner_->retry(target); },
               .feeds = [this] { return feeds_.states(); }},
              events_),
        looks_(io_.get_executor(), config, state.folder, [this] { return metrics_.certificates(); }),
        front_(config, notify::host_name(),
               {.desk = [this](control::Request request) { return desk_.answer(std::move(request)); },
                .looks = [this](control::Request request) { return looks_.answer(std::move(request)); },
                .is_look = control::Looks::knows,
                .person_of = [this](control::Request const& request) { return desk_.person_of(request); }}) {
    sender_.set(config.service.notify);
    log_.set_listener({[this](Monitor::Level level, std::string_view name,
                              std::span<Monitor::Field const> fields) { events_.tell(level, name, fields); },
                       [this](std::string_view what, std::uint64_t done, std::uint64_t total) {
                         events_.tell_progress(what, done, total);
                       }});
    runner_.emplace(arguments, std::move(config), state, listeners());
  }

  int run() {
    say("service_started", {{"version", DIRSYNC_VERSION}, {"configuration", file_}});
    cli::tell_of_missing_mark(log_, state_);
    auto open = listen();
    if (open) open = open_control();
    if (!open) {
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
            .feeds = feeds_,
            .on_news =
                [this](notify::Situation now, notify::Origin origin) {
                  asio::post(io_, [this, now = std::move(now), origin = std::move(origin)] {
                    sender_.tell(now, origin);
                  });
                },
            .on_end = [this](int exit_code) { asio::post(io_, [this, exit_code] { end(exit_code); }); },
            .on_reload =
                [this](config::Config const& now) {
                  asio::post(io_, [this, now] {
                    desk_.set_config(now);
                    looks_.set_config(now);
                    front_.set_config(now);
                    sender_.set(now.service.notify);
                  });
                }};
  }

  Result<void> listen() {
    if (settings_.http_listen.empty()) return {};
    control::HttpServer::Others others;
    if (settings_.http_page)
      others = [this](control::Request request) { return front_.on_listener(std::move(request)); };
    auto server = control::HttpServer::listen(
        io_.get_executor(), settings_.http_listen, [this](std::string_view path) { return page(path); },
        std::move(others));
    if (!server) return server.error();
    server_ = std::move(*server);
    return {};
  }

  /// Where a socket was not asked for, the service works without one as well.
  Result<void> open_control() {
    if (settings_.control_socket.empty()) return {};
    auto socket = control::ControlSocket::open(settings_.control_socket);
    if (!socket) {
      if (settings_.control_socket_given) return socket.error();
      Monitor::Field const fields[] = {{"err", text(socket.error())}};
      log_.event(Monitor::Level::warn, "no_control_socket", fields);
      return {};
    }
    control_socket_.emplace(std::move(*socket));
    constexpr control::HttpAcceptor::Limits kLimits{
        .connections = 256, .body = std::size_t{64} << 10, .errors_as_json = true};
    auto answer = [this](control::Request request) { return front_.on_socket(std::move(request)); };
    control_.emplace(io_.get_executor(), control_socket_->release(), kLimits, std::move(answer));
    return {};
  }

  /// Nothing runs any more. Who was answered may take the answer.
  void end(int exit_code) {
    exit_code_ = exit_code;
    if (!control_) return close_sender();
    linger_.expires_after(kLongestGoodbye);
    linger_.async_wait([this](boost::system::error_code) { close_sender(); });
    events_.end();
    control_->close([this] { linger_.cancel(); });
  }

  void close_sender() {
    sender_.close([this] { io_.stop(); });
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
  asio::steady_timer watchdog_, start_, linger_{io_};
  bool stopping_ = false;
  int exit_code_ = cli::kDone;
  control::Events events_;
  control::Metrics metrics_;
  control::Health health_;
  watch::FeedBoard feeds_;
  config::Service settings_;
  notify::Sender sender_;
  control::Desk desk_;
  control::Looks looks_;
  page::Front front_;
  std::unique_ptr<control::HttpServer> server_;
  std::optional<control::ControlSocket> control_socket_;
  std::optional<control::HttpAcceptor> control_;
  std::optional<Runner> runner_;  // last: its thread uses the rest
};

/// The service does not come up, and stays down: one attempt at each receiver, or several within the time.
void tell_of_store(cli::Arguments const& arguments, config::Config const& config, notify::Event event,
                   Error const& error) {
  constexpr std::chrono::seconds kLongest{15};
  Log log{cli::log_options(arguments, config, false)};
  asio::io_context io{1};
  notify::Sender sender{io.get_executor(), log};
  sender.set(config.service.notify);
  notify::Situation const now{{{event, "store", "", text(error)}}, {}};
  sender.tell(now, {notify::host_name(), RunId{0}, std::chrono::system_clock::now()});
  io.run_for(kLongest);
  sender.close([&io] { io.stop(); });
  io.restart();
  io.run();
}

}  // namespace

int run_service(cli::Arguments const& arguments) {
  // malloc_trim() between two runs gives back the top of the main arena alone, not that of a thread's own.
  ::mallopt(M_ARENA_MAX, 1);
  auto config = cli::read_config(arguments, config::Secrets::fetch);
  if (!config) return config::may_pass(config.error()) ? cli::kInternal : cli::kUsage;
  auto state = cli::open_state(*config, cli::StateUse::hold, "daemon");
  if (!state) {
    auto const& error = state.error();
    if (error.code == store::StoreErrc::behind)
      tell_of_store(arguments, *config, notify::Event::store_behind, error);
    if (error.code == store::StoreErrc::chain_broken)
      tell_of_store(arguments, *config, notify::Event::chain_broken, error);
    return cli::refuse_state(arguments, state.error());
  }
  return Service{arguments, std::move(*config), *state}.run();
}

}  // namespace dirsync
