#include "ldap/directory.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <functional>
#include <optional>

#include "ldap/connect/broken_pipes.hpp"
#include "ldap/connect/server.hpp"
#include "ldap/errors.hpp"
#include "ldap/read/probe.hpp"
#include "ldap/read/reader.hpp"
#include "ldap/search/schema.hpp"

namespace dirsync::ldap {

namespace asio = boost::asio;

struct LdapDirectory::Worker {
  Settings settings;
  Certificate proven;  // by the last read; not looked at while one runs
  asio::thread_pool thread{1};

  /// Runs `work` on the directory's thread.
  template <class T>
  asio::awaitable<Result<T>> run(std::function<Result<T>(Stops&)> work) {
    struct Job {
      std::function<Result<T>(Stops&)> work;
      Stops stops;
      std::optional<Result<T>> result;
    };
    auto const job = std::make_shared<Job>();
    job->work = std::move(work);
    auto const executor = co_await asio::this_coro::executor;
    auto start = [this, job, executor](auto handler) {
      auto slot = asio::get_associated_cancellation_slot(handler);
      if (slot.is_connected()) slot.assign([job](asio::cancellation_type) { job->stops.request(); });
      auto task = [job, slot, guard = asio::prefer(executor, asio::execution::outstanding_work.tracked),
                   done = std::move(handler)]() mutable {
        block_broken_pipes();
        job->result.emplace(job->work(job->stops));
        auto finish = [slot, done = std::move(done)]() mutable {
          slot.clear();
          std::move(done)();
        };
        asio::post(guard, std::move(finish));
      };
      asio::post(thread, std::move(task));
    };
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(std::move(start),
                                                                         asio::use_awaitable);
    co_return std::move(*job->result);
  }

  /// As run(), and again after a pause while the error is transient and attempts are left.
  template <class T>
  asio::awaitable<Result<T>> run_with_retries(std::function<Result<T>(Stops&)> work) {
    auto pause = settings.retry.first;
    for (int attempt = 1;; ++attempt) {
      auto result = co_await run<T>(work);
      auto const again =
          !result && result.error().code == Failure::transient && attempt < settings.retry.attempts;
      if (!again) co_return result;
      asio::steady_timer timer{co_await asio::this_coro::executor, std::min(pause, settings.retry.longest)};
      co_await timer.async_wait(asio::use_awaitable);
      pause *= 2;
    }
  }
};

LdapDirectory::LdapDirectory(Settings settings) : worker_(new Worker{std::move(settings), {}}) {
  worker_->settings.entries = std::make_shared<std::atomic<std::uint64_t>>(0);
  worker_->settings.memory = std::make_shared<ServerMemory>(worker_->settings.retry);
  worker_->settings.schemas = std::make_shared<SchemaMemory>();
}
LdapDirectory::~LdapDirectory() = default;

asio::awaitable<Result<Snapshot>> LdapDirectory::read(DirectoryQuery query) {
  std::function<Result<Snapshot>(Stops&)> work = [worker = worker_.get(),
                                                  query = std::move(query)](Stops& stops) {
    return read_directory(worker->settings, query, stops, worker->proven);
  };
  return worker_->run_with_retries<Snapshot>(std::move(work));
}

Certificate LdapDirectory::proven() const { return worker_->proven; }

std::uint64_t LdapDirectory::entries_so_far() const {
  return worker_->settings.entries->load(std::memory_order_relaxed);
}

asio::awaitable<Result<std::vector<Presence>>> LdapDirectory::look_for(std::vector<EntryProbe> probes) {
  std::function<Result<std::vector<Presence>>(Stops&)> work = [worker = worker_.get(),
                                                               probes = std::move(probes)](Stops& stops) {
    return probe_entries(worker->settings, probes, stops.first);
  };
  return worker_->run_with_retries<std::vector<Presence>>(std::move(work));
}

}  // namespace dirsync::ldap
