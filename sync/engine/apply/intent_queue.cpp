#include "sync/engine/apply/intent_queue.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

namespace dirsync::engine {
namespace asio = boost::asio;

asio::awaitable<IntentQueue::Intents> IntentQueue::announce(Journal& journal, RunId run,
                                                            PlanDigest const& plan, std::string const& actor,
                                                            std::vector<Change> const& batch) {
  auto const executor = co_await asio::this_coro::executor;
  Waiting mine{batch, asio::steady_timer{executor, asio::steady_timer::time_point::max()}};
  waiting_.push_back(&mine);
  if (!std::exchange(is_gathering_, true)) {
    // Everybody whose answer has come meanwhile is ahead of this in the loop.
    co_await asio::post(executor, asio::use_awaitable);
    is_gathering_ = false;
    auto const waiting = std::exchange(waiting_, {});
    write_all(journal, run, plan, actor, waiting);
  }
  while (!mine.answer) {
    boost::system::error_code woken;
    co_await mine.answer_came.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }
  co_return *std::move(mine.answer);
}

void IntentQueue::write_all(Journal& journal, RunId run, PlanDigest const& plan, std::string const& actor,
                            std::vector<Waiting*> const& waiting) {
  std::vector<Change> all;
  for (auto const* one : waiting) all.insert(all.end(), one->batch.begin(), one->batch.end());
  auto const intents = journal.intend(run, plan, actor, all);
  auto next = intents ? intents->begin() : std::vector<std::int64_t>::const_iterator{};
  for (auto* one : waiting) {
    if (intents) {
      auto const end = next + static_cast<std::ptrdiff_t>(one->batch.size());
      one->answer.emplace(std::vector<std::int64_t>(next, end));
      next = end;
    } else {
      one->answer.emplace(intents.error());
    }
    one->answer_came.cancel();
  }
}

}  // namespace dirsync::engine
