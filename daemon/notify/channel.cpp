#include "daemon/notify/channel.hpp"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>

#include "daemon/notify/errors.hpp"
#include "sync/http/client.hpp"

namespace dirsync::notify {
namespace asio = boost::asio;
namespace {

/// "blocked vault: ops, ann", for the log.
std::string words_of(News const& news) { return std::string{to_text(news.event)} + " " + news.subject; }

}  // namespace

std::chrono::milliseconds pause_after(int failures) {
  using namespace std::chrono_literals;
  constexpr int kDoublings = 12;  // more than an hour
  return std::min<std::chrono::milliseconds>(1s * (1 << std::clamp(failures - 1, 0, kDoublings)), 1h);
}

Channel::Channel(asio::any_io_executor executor, std::string name, std::vector<std::string> const& events,
                 std::unique_ptr<Receiver> receiver, Monitor& monitor)
    : name_(std::move(name)),
      events_(events.begin(), events.end()),
      receiver_(std::move(receiver)),
      monitor_(monitor),
      pause_(executor) {}

void Channel::tell(Situation const& now, Origin const& origin) {
  dropped_ = 0;
  auto mine = now;
  std::erase_if(mine.news, [this](News const& news) { return !events_.contains(to_text(news.event)); });
  for (auto& news : told_.fresh(mine)) add(std::move(news), origin);
  if (dropped_ == 0) return;
  Monitor::Field const fields[] = {{"receiver", name_}, {"dropped", std::to_string(dropped_)}};
  monitor_.event(Monitor::Level::error, "notify_dropped", fields);
}

void Channel::take_over(Channel const& other) {
  for (auto const& waiting : other.queue_.all())
    if (events_.contains(to_text(waiting.news.event))) add(waiting.news, waiting.origin);
  told_ = other.told_;
  failing_ = other.failing_;
}

void Channel::add(News news, Origin origin) { dropped_ += queue_.push(std::move(news), std::move(origin)); }

asio::awaitable<void> Channel::deliver() {
  while (!queue_.empty()) {
    auto batch = queue_.first(receiver_->most_at_a_time());
    auto const given = co_await receiver_->give(batch);
    if (given) {
      queue_.remove(batch);
      failures_ = 0;
      failing_.clear();
      continue;
    }
    if (given.error().code == http::HttpErrc::cancelled) co_return;
    note_failure(given.error());
    if (is_refused_for_good(batch, given.error())) {
      drop(batch, given.error());
      continue;  // the pauses go on growing where the next ones are refused as well
    }
    pause_.expires_after(pause_after(++failures_));
    co_await pause_.async_wait(asio::use_awaitable);
  }
}

bool Channel::is_refused_for_good(std::vector<Waiting> const& batch, Error const& error) {
  if (error.code != NotifyErrc::refused) return false;
  auto what = words_of(batch.front().news);
  if (what != refused_) refusals_ = 0;
  refused_ = std::move(what);
  return ++refusals_ >= kMostRefusals;
}

void Channel::drop(std::vector<Waiting> const& batch, Error const& error) {
  for (auto const& one : batch) {
    Monitor::Field const fields[] = {{"receiver", name_}, {"news", words_of(one.news)}, {"err", text(error)}};
    monitor_.event(Monitor::Level::error, "notify_refused", fields);
  }
  queue_.remove(batch);
  refused_.clear();
  refusals_ = 0;
  ++failures_;
}

void Channel::note_failure(Error const& error) {
  auto why = text(error);
  if (why == failing_) return;
  Monitor::Field const fields[] = {
      {"receiver", name_}, {"waiting", std::to_string(queue_.all().size())}, {"err", why}};
  monitor_.event(Monitor::Level::error, "notify_failed", fields);
  failing_ = std::move(why);
}

}  // namespace dirsync::notify
