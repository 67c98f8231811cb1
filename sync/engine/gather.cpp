#include "sync/engine/gather.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace dirsync::engine {
namespace asio = boost::asio;

asio::awaitable<void> gather(std::vector<asio::awaitable<void>> works) {
  if (works.empty()) co_return;
  auto const executor = co_await asio::this_coro::executor;
  using Operation = decltype(asio::co_spawn(executor, std::declval<asio::awaitable<void>>(), asio::deferred));
  std::vector<Operation> operations;
  operations.reserve(works.size());
  for (auto& work : works) operations.push_back(asio::co_spawn(executor, std::move(work), asio::deferred));
  auto group = asio::experimental::make_parallel_group(std::move(operations));
  auto [order, failures] = co_await group.async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  for (auto const& failure : failures)
    if (failure) std::rethrow_exception(failure);
}

}  // namespace dirsync::engine
