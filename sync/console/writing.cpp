#include "sync/console/writing.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <random>

#include "sync/console/error.hpp"

namespace dirsync::console {

std::chrono::milliseconds with_jitter(std::chrono::milliseconds base) {
  static thread_local std::minstd_rand random{std::random_device{}()};
  std::uniform_int_distribution<std::chrono::milliseconds::rep> some(base.count() / 2, base.count());
  return std::chrono::milliseconds{some(random)};
}

boost::asio::awaitable<void> pause(std::chrono::milliseconds duration) {
  auto const executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, duration);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

Applied applied(Outcome outcome, std::string detail) {
  Applied result;
  result.outcome = outcome;
  result.detail = std::move(detail);
  return result;
}

std::vector<Applied> for_all(std::size_t count, Applied const& one) {
  return std::vector<Applied>(count, one);
}

Admitted::Admitted(std::vector<Change> batch,
                   std::function<std::string(Change const&)> const& refused_because)
    : answers_(batch.size()) {
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (auto why = refused_because(batch[i]); !why.empty()) {
      answers_[i] = applied(Outcome::skipped, std::move(why));
      continue;
    }
    places_.push_back(i);
    changes.push_back(std::move(batch[i]));
  }
}

std::vector<Applied> Admitted::answers(std::vector<Applied> written) {
  for (std::size_t i = 0; i < places_.size(); ++i) answers_[places_[i]] = std::move(written[i]);
  return std::move(answers_);
}

Applied applied(Outcome outcome, Error const& error) {
  auto result = applied(outcome, text(error));
  if (ends_writing(error)) result.target_down = error;
  return result;
}

std::optional<Applied> failure(std::string const& doing, Result<http::Response> const& answer) {
  using enum http::HttpErrc;
  if (!answer) {
    auto const& error = answer.error();
    bool const may_have_arrived =
        error.code == make_error_code(timed_out) || error.code == make_error_code(cut);
    return applied(may_have_arrived ? Outcome::unknown : Outcome::failed, within(doing, error));
  }
  if (answer->status / 100 == 2) return {};
  return applied(answer->status >= 500 ? Outcome::unknown : Outcome::failed, refusal(doing, *answer));
}

http::Request write_request(http::Method method, std::string path, std::string body) {
  http::Request request;
  request.method = method;
  request.path = std::move(path);
  request.body = std::move(body);
  request.repeat = http::Repeat::when_refused;
  return request;
}

}  // namespace dirsync::console
