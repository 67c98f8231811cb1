#pragma once
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "ldap/connect/broken_pipes.hpp"
#include "ldap/connect/stop.hpp"
#include "sync/model/error.hpp"

namespace dirsync::ldap {

/// One thread for work that blocks. Destroy it when nothing runs; what is to run later does not then. Thread:
/// event loop.
class Worker {
 public:
  /// Runs `work` on the thread and gives its result back on the caller's executor. Cancelling requests
  /// `stops`, by which the work ends.
  template <class T>
  boost::asio::awaitable<Result<T>> run(std::shared_ptr<Stops> stops, std::function<Result<T>(Stops&)> work) {
    namespace asio = boost::asio;
    struct Job {
      std::function<Result<T>(Stops&)> work;
      std::shared_ptr<Stops> stops;
      std::optional<Result<T>> result;
    };
    auto const job = std::make_shared<Job>();
    job->work = std::move(work);
    job->stops = std::move(stops);
    auto const executor = co_await asio::this_coro::executor;
    auto start = [this, job, executor](auto handler) {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) slot.assign([job](asio::cancellation_type) { job->stops->request(); });
      auto task = [job, slot, guard = asio::prefer(executor, asio::execution::outstanding_work.tracked),
                   done = std::move(handler)]() mutable {
        block_broken_pipes();
        job->result.emplace(job->work(*job->stops));
        auto finish = [slot, done = std::move(done)]() mutable {
          slot.clear();
          std::move(done)();
        };
        asio::post(guard, std::move(finish));
      };
      asio::post(thread_, std::move(task));
    };
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(std::move(start),
                                                                         asio::use_awaitable);
    co_return std::move(*job->result);
  }

  /// Runs `work` on the thread after that pause, unless this is called again before. From the thread itself.
  void run_after(std::chrono::milliseconds pause, std::function<void()> work) {
    timer_.expires_after(pause);
    timer_.async_wait([work = std::move(work)](boost::system::error_code error) {
      if (!error) work();
    });
  }

 private:
  boost::asio::thread_pool thread_{1};
  boost::asio::steady_timer timer_{thread_};
};

}  // namespace dirsync::ldap
