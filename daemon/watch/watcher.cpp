#include "daemon/watch/watcher.hpp"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "daemon/cli/context.hpp"
#include "daemon/schedule.hpp"
#include "ldap/errors.hpp"
#include "sync/model/assert.hpp"

namespace dirsync::watch {
namespace asio = boost::asio;
using std::chrono::milliseconds;
using What = FeedState::What;

std::string_view to_text(What what) {
  switch (what) {
    case What::off:
      return "off";
    case What::starting:
      return "starting";
    case What::following:
      return "following";
    case What::down:
      return "down";
  }
  return "";
}

milliseconds pause_after(std::uint64_t failures, Pauses const& pauses) {
  auto pause = pauses.first;
  for (std::uint64_t at = 1; at < failures && pause < pauses.longest; ++at) pause *= 2;
  return std::min(pause, pauses.longest);
}

struct Watcher::Followed {
  Followed(std::string directory, std::unique_ptr<Feed> followed, asio::any_io_executor executor)
      : name(std::move(directory)), feed(std::move(followed)), pause(std::move(executor)) {}
  std::string name;
  std::unique_ptr<Feed> feed;
  asio::steady_timer pause;
  asio::cancellation_signal cancel;
  FeedState state;
  SinceBoot entered{0};  // that state
  std::string cookie;
  std::uint64_t failures = 0;  // in a row
  bool has_answered = false, is_stopping = false;
};

Watcher::Watcher(asio::any_io_executor executor, Monitor& monitor, Clock const& clock, Listeners listeners,
                 Pauses pauses)
    : executor_(executor),
      monitor_(monitor),
      clock_(clock),
      listeners_(std::move(listeners)),
      pauses_(pauses),
      ended_(executor, asio::steady_timer::time_point::max()) {}

Watcher::~Watcher() = default;

void Watcher::follow(Feeds feeds) {
  DIRSYNC_ASSERT(followed_.empty());
  for (auto& [name, feed] : feeds) {
    auto& one =
        *followed_.emplace(name, std::make_unique<Followed>(name, std::move(feed), executor_)).first->second;
    enter(one, What::starting);
    ++running_;
    asio::co_spawn(executor_, follow_one(one),
                   asio::bind_cancellation_slot(one.cancel.slot(), [this](std::exception_ptr failure) {
                     --running_;
                     ended_.cancel();
                     if (failure && !cli::is_cancellation(failure)) listeners_.on_failure(failure);
                   }));
  }
  listeners_.on_state();
}

asio::awaitable<void> Watcher::stop() {
  for (auto& [name, one] : followed_) {
    one->is_stopping = true;
    one->cancel.emit(asio::cancellation_type::terminal);
  }
  while (running_ > 0) {
    boost::system::error_code woken;
    co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  followed_.clear();
  listeners_.on_state();
}

asio::awaitable<void> Watcher::follow_one(Followed& one) {
  while (!one.is_stopping) {
    auto const news = co_await one.feed->next();
    if (one.is_stopping) co_return;
    one.has_answered = true;
    if (news) {
      note(one, *news);
      // A feed that always has an answer must not keep the loop to itself.
      co_await asio::post(executor_, asio::use_awaitable);
      continue;
    }
    note(one, news.error());
    auto const is_refused = news.error().code == ldap::LdapErrc::bind_refused;
    one.pause.expires_after(is_refused ? pauses_.refused_bind : pause_after(one.failures, pauses_));
    co_await one.pause.async_wait(asio::use_awaitable);
  }
}

void Watcher::note(Followed& one, FeedNews const& news) {
  auto const kind = one.feed->kind();
  if (one.state.what != What::following || one.state.kind != kind) {
    enter(one, What::following);
    Monitor::Field const fields[] = {{"directory", one.name}, {"kind", std::string{to_text(kind)}}};
    monitor_.event(Monitor::Level::info, "feed_up", fields);
    listeners_.on_state();
  }
  one.cookie = news.cookie;
  listeners_.on_news(one.name, news);
}

void Watcher::note(Followed& one, Error const& error) {
  auto const kept_up = since_boot() - one.entered >= pauses_.longest;
  one.failures = one.state.what == What::following && kept_up ? 1 : one.failures + 1;
  auto const reason = text(error);
  if (one.state.what == What::down) {
    one.state.reason = reason;
  } else {
    enter(one, What::down, reason);
    Monitor::Field const fields[] = {
        {"directory", one.name}, {"kind", std::string{to_text(one.state.kind)}}, {"err", reason}};
    monitor_.event(Monitor::Level::warn, "feed_down", fields);
  }
  listeners_.on_state();
}

void Watcher::enter(Followed& one, What what, std::string reason) {
  one.state = {.what = what, .kind = one.feed->kind(), .since = clock_.now(), .reason = std::move(reason)};
  one.entered = since_boot();
}

bool Watcher::have_all_answered() const {
  return std::ranges::all_of(followed_, [](auto const& one) { return one.second->has_answered; });
}

FeedStates Watcher::states() const {
  FeedStates states;
  for (auto const& [name, one] : followed_) states.emplace(name, one->state);
  return states;
}

FeedCookies Watcher::cookies() const {
  FeedCookies cookies;
  for (auto const& [name, one] : followed_)
    if (!one->cookie.empty())
      cookies.emplace(name, FeedCookie{std::string{dirsync::to_text(one->feed->kind())}, one->cookie});
  return cookies;
}

}  // namespace dirsync::watch
