#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <utility>

#include "sync/model/assert.hpp"

namespace dirsync::test {

/// Runs one coroutine, and what it starts, to the end. An exception of it leaves here.
template <class T>
T run(boost::asio::io_context& io, boost::asio::awaitable<T> work) {
  std::optional<T> result;
  boost::asio::co_spawn(io, std::move(work), [&result](std::exception_ptr failure, T value) {
    if (failure) std::rethrow_exception(failure);
    result.emplace(std::move(value));
  });
  io.restart();
  io.run();
  DIRSYNC_ASSERT(result.has_value());
  return *std::move(result);
}

}  // namespace dirsync::test
