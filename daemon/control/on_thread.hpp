#pragma once
// Values that other threads make and the event loop waits for.
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "daemon/cli/answer.hpp"
#include "daemon/config/config.hpp"
#include "store/store.hpp"

namespace dirsync::control {

/// Thread: that of `executor`, but for keep().
template <class Value>
class Promised {
 public:
  explicit Promised(boost::asio::any_io_executor executor)
      : executor_(executor), wake_(executor, boost::asio::steady_timer::time_point::max()) {}
  /// Once. Thread: any.
  static void keep(std::shared_ptr<Promised> self, Value value) {
    auto& executor = self->executor_;
    boost::asio::post(executor, [self = std::move(self), value = std::move(value)]() mutable {
      self->value_ = std::move(value);
      self->wake_.cancel();
    });
  }
  static boost::asio::awaitable<Value> wait(std::shared_ptr<Promised> self) {
    boost::system::error_code woken;
    while (!self->value_)
      co_await self->wake_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, woken));
    co_return *std::move(self->value_);
  }

 private:
  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer wake_;
  std::optional<Value> value_;
};

/// What `make` gives on `worker`.
template <class Value>
boost::asio::awaitable<Value> made_on(boost::asio::thread_pool& worker, boost::asio::any_io_executor executor,
                                      std::function<Value()> make) {
  auto const promised = std::make_shared<Promised<Value>>(executor);
  boost::asio::post(worker, [promised, make = std::move(make)] { Promised<Value>::keep(promised, make()); });
  return Promised<Value>::wait(promised);
}

/// What `make` answers from a store that is opened for it; why it cannot be opened, else. No defect of it
/// ends the service. Thread: any.
cli::Answer answer_from(config::Config const& config, store::Options options,
                        std::function<cli::Answer(config::Config const&, store::Store&)> const& make);

}  // namespace dirsync::control
