#pragma once
// Several coroutines at the same time.
#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "sync/model/error.hpp"

namespace dirsync {

/// Runs all at once on the caller's executor and returns when the last has ended. A cancellation of the
/// caller reaches each of them; the first exception, if any, is thrown again.
boost::asio::awaitable<void> gather(std::vector<boost::asio::awaitable<void>> works);

/// Runs `work` for each number below `count`, begun in that order, never more than `at_once` at the same
/// time.
boost::asio::awaitable<void> for_each_at_once(std::size_t count, std::size_t at_once,
                                              std::function<boost::asio::awaitable<void>(std::size_t)> work);

/// What `work` gives for each number below `count`, in that order; or the first error of it, after which
/// nothing more is begun.
template <class T>
boost::asio::awaitable<Result<std::vector<T>>> collect(
    std::size_t count, std::size_t at_once,
    std::function<boost::asio::awaitable<Result<T>>(std::size_t)> work) {
  std::vector<std::optional<T>> found(count);
  std::optional<Error> failure;
  std::function<boost::asio::awaitable<void>(std::size_t)> const one =
      [&work, &found, &failure](std::size_t at) -> boost::asio::awaitable<void> {
    if (failure) co_return;
    auto result = co_await work(at);
    if (result)
      found[at] = std::move(*result);
    else if (!failure)
      failure = result.error();
  };
  co_await for_each_at_once(count, at_once, one);
  if (failure) co_return *failure;
  std::vector<T> all;
  all.reserve(count);
  for (auto& each : found) all.push_back(std::move(*each));
  co_return all;
}

}  // namespace dirsync
