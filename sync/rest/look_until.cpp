#include "sync/rest/look_until.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace dirsync::rest {

boost::asio::awaitable<void> stop_if_cancelled() {
  auto const state = co_await boost::asio::this_coro::cancellation_state;
  if (state.cancelled() != boost::asio::cancellation_type::none)
    throw boost::system::system_error{boost::asio::error::operation_aborted};
}

boost::asio::awaitable<void> pause(std::chrono::milliseconds duration) {
  co_await stop_if_cancelled();
  auto const executor = co_await boost::asio::this_coro::executor;
  boost::asio::steady_timer timer(executor, duration);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

}  // namespace dirsync::rest
