#include "daemon/control/events.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include "daemon/log.hpp"

namespace dirsync::control {
namespace asio = boost::asio;
using std::chrono::steady_clock;

void EventFeed::add(std::string_view line) {
  if (ended_) return;
  if (waiting_.size() + line.size() > kMostWaiting) {
    overflowed_ = true;
    waiting_.clear();
    return end();
  }
  waiting_ += line;
  wake_.cancel();
}

void EventFeed::end() {
  ended_ = true;
  wake_.cancel();
}

std::string EventFeed::take() { return std::exchange(waiting_, {}); }

asio::awaitable<void> EventFeed::wait(std::chrono::milliseconds at_most) {
  auto const end = steady_clock::now() + at_most;
  while (waiting_.empty() && !ended_ && steady_clock::now() < end) {
    wake_.expires_at(end);
    boost::system::error_code woken;
    co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
}

void Events::tell(Monitor::Level level, std::string_view name, std::span<Monitor::Field const> fields) {
  if (is_watched_) hand_over(event_json(level, name, fields) + "\n");
}

void Events::tell_progress(std::string_view what, std::uint64_t done, std::uint64_t total) {
  if (!is_watched_) return;
  auto const now = steady_clock::now();
  auto last = told_progress_.load();
  if (now - last < std::chrono::milliseconds{200} || !told_progress_.compare_exchange_strong(last, now))
    return;
  boost::json::object const object{{"event", "progress"}, {"what", what}, {"done", done}, {"total", total}};
  hand_over(boost::json::serialize(object) + "\n");
}

void Events::hand_over(std::string line) {
  asio::post(executor_, [this, line = std::move(line)] { deliver(line); });
}

void Events::deliver(std::string const& line) {
  std::erase_if(feeds_, [](auto const& feed) { return feed.expired(); });
  for (auto const& watched : feeds_)
    if (auto const feed = watched.lock()) feed->add(line);
  is_watched_ = !feeds_.empty();
}

std::shared_ptr<EventFeed> Events::subscribe() {
  auto feed = std::make_shared<EventFeed>(executor_);
  feeds_.push_back(feed);
  is_watched_ = true;
  return feed;
}

void Events::end() {
  for (auto const& watched : feeds_)
    if (auto const feed = watched.lock()) feed->end();
}

}  // namespace dirsync::control
