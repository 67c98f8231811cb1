#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>

#include "sync/model/error.hpp"

namespace dirsync::rest {

/// Looks after a write: the first at once, the others after a pause each.
struct Looks {
  int most = 3;
  std::chrono::milliseconds pause{};
};

/// Throws operation_aborted when this coroutine was cancelled, also where a caller has switched off that
/// every wait does so.
boost::asio::awaitable<void> stop_if_cancelled();

/// Throws operation_aborted when cancelled before or meanwhile.
boost::asio::awaitable<void> pause(std::chrono::milliseconds duration);

template <class T>
using Look = std::function<boost::asio::awaitable<Result<std::optional<T>>>()>;

/// Looks until one settles the matter. `look`: a value when it does, nothing when a later one may, an Error
/// when it failed. Returns that value, or nothing when none did. Errors: no look settled it, and the last one
/// failed.
template <class T>
boost::asio::awaitable<Result<std::optional<T>>> look_until(Looks looks, Look<T> look) {
  Result<std::optional<T>> seen{std::optional<T>{}};
  for (int number = 0; number < looks.most; ++number) {
    if (number > 0) co_await pause(looks.pause);
    co_await stop_if_cancelled();
    seen = co_await look();
    if (seen && *seen) break;
  }
  co_return seen;
}

}  // namespace dirsync::rest
