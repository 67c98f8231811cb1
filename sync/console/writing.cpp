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

Applied applied(Outcome outcome, Error const& error) {
  auto result = applied(outcome, text(error));
  if (ends_writing(error)) result.target_down = error;
  return result;
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
