#include "sync/ports/gather.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

namespace dirsync {
namespace asio = boost::asio;

namespace {
using Work = std::function<asio::awaitable<void>(std::size_t)>;

asio::awaitable<void> take_turns(std::size_t& next, std::size_t count, Work const& work) {
  while (next < count) {
    auto const mine = next++;
    co_await work(mine);
  }
}
}  // namespace

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

asio::awaitable<void> for_each_at_once(std::size_t count, std::size_t at_once, Work work) {
  std::size_t next = 0;
  std::vector<asio::awaitable<void>> workers;
  for (auto more = std::min(count, std::max<std::size_t>(1, at_once)); more > 0; --more)
    workers.push_back(take_turns(next, count, work));
  co_await gather(std::move(workers));
}

}  // namespace dirsync
