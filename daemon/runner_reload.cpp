// What runs and feeds work with, from the configuration in force: at the start, on a reload, at the end.
#include <systemd/sd-daemon.h>
#include <time.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "daemon/cli/context.hpp"
#include "daemon/config/reload.hpp"
#include "daemon/config/trust_files.hpp"
#include "daemon/runner.hpp"
#include "daemon/watch/feeds.hpp"
#include "sync/ports/gather.hpp"

namespace dirsync {
namespace asio = boost::asio;
namespace {

/// For the first answers of feeds, so that the first run covers what they tell.
constexpr std::chrono::seconds kFirstAnswers{5};

}  // namespace

/// Feeds go on where those of the last run stood. A store that cannot be read ends the service with its next
/// run; until then none is needed.
asio::awaitable<void> Runner::begin_feeds() {
  auto kept = state_.store.feed_cookies();
  auto cookies = kept ? std::move(*kept) : FeedCookies{};
  co_await follow_feeds(std::move(cookies));
}

asio::awaitable<void> Runner::follow_feeds(FeedCookies cookies) {
  auto made = watch::feeds_of(config_, wiring_->setup(), cookies);
  auto feeds = made ? std::move(*made) : watch::Feeds{};
  auto const& schedule = config_.schedule;
  watch::Pace const pace{.quiet = schedule.quiet, .longest_quiet = schedule.longest_quiet};
  co_await watch_.follow(std::move(feeds), pace);
  auto const until = since_boot() + kFirstAnswers;
  for (auto left = until - since_boot(); left.count() > 0 && !watch_.has_begun() && !ending_.is_asked();
       left = until - since_boot()) {
    pause_.expires_after(left);
    boost::system::error_code woken;  // by a feed, a signal, an ask
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

asio::awaitable<void> Runner::close() {
  std::vector<asio::awaitable<void>> closings;
  closings.push_back(watch_.stop());
  closings.push_back(wiring_->close());
  co_await gather(std::move(closings));
}

/// A valid configuration takes over between two runs; a broken one changes nothing.
asio::awaitable<void> Runner::take_over_configuration() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  auto const stamp = now.tv_sec * 1'000'000 + now.tv_nsec / 1000;
  ::sd_notify(0, ("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(stamp)).c_str());
  config::ProcessEnvironment const environment;
  auto loaded = config::load(arguments_.config, environment);
  auto const refuse = [this](std::string why) {
    say(Monitor::Level::error, "reload_refused", {{"err", std::move(why)}});
  };
  if (!loaded) {
    for (auto const& problem : loaded.error()) refuse(config::text(problem));
  } else if (loaded->service.state_dir != config_.service.state_dir) {
    refuse("service.state_dir cannot change while the service runs; restart it");
  } else if (auto const readable = config::check_trust_files(*loaded); !readable) {
    refuse(text(readable.error()));
  } else {
    co_await take_over(std::move(*loaded));
  }
  ::sd_notify(0, "READY=1");
}

asio::awaitable<void> Runner::take_over(config::Config config) {
  auto wiring = wire(config);
  if (!wiring) {
    say(Monitor::Level::error, "reload_refused", {{"err", text(wiring.error())}});
    co_return;
  }
  for (auto const& key : config::needing_restart(config_, config))
    say(Monitor::Level::warn, "restart_needed", {{"key", key}});
  config_ = std::move(config);
  side_back_off_.forget();
  leaver_books_.reset();
  expect_targets();
  auto const old = std::exchange(wiring_, std::move(*wiring));
  co_await old->close();
  listeners_.log.set_level(cli::log_options(arguments_, config_, false).level);
  listeners_.on_reload(config_);
  say(Monitor::Level::info, "reloaded", {{"configuration", config_.digest}});
  // A whole run comes next. Where the old feeds stood says nothing of what other settings look at.
  FeedCookies anew;
  co_await follow_feeds(std::move(anew));
}

}  // namespace dirsync
