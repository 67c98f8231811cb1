#include "sync/rest/login_lock.hpp"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace dirsync::rest {

boost::asio::awaitable<Exclusive::Pass> Exclusive::enter() {
  auto const executor = co_await boost::asio::this_coro::executor;
  while (taken_) {
    if (!free_) free_.emplace(executor, boost::asio::steady_timer::time_point::max());
    boost::system::error_code woken;  // always: cancelled by leave()
    auto token = boost::asio::redirect_error(boost::asio::use_awaitable, woken);
    co_await free_->async_wait(token);
  }
  taken_ = true;
  co_return Pass{*this};
}

void Exclusive::leave() {
  taken_ = false;
  free_.reset();
}

}  // namespace dirsync::rest
