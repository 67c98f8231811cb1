#include "sync/http/transfers.hpp"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>
#include <unordered_map>

#include "sync/http/easy_handle.hpp"
#include "sync/model/assert.hpp"

namespace asio = boost::asio;

namespace dirsync::http {
namespace {

/// Makes a call that resumes `handler` on its own executor, whatever the thread it is called from.
template <class Handler>
std::function<void()> resumption_of(Handler handler) {
  auto executor = asio::get_associated_executor(handler);
  auto slot = asio::get_associated_cancellation_slot(handler);
  auto work = asio::make_work_guard(executor);
  auto shared = std::make_shared<Handler>(std::move(handler));
  return [executor, slot, work, shared]() mutable {
    asio::post(executor, [slot, shared = std::move(shared)]() mutable {
      slot.clear();
      std::move (*shared)();
    });
    work.reset();
  };
}

void init_libcurl_once() {
  static auto const done = curl_global_init(CURL_GLOBAL_DEFAULT);
  DIRSYNC_ASSERT(done == CURLE_OK);
}

}  // namespace

class Transfers::Loop {
 public:
  explicit Loop(ClientSettings settings) : settings_{std::move(settings)} {
    init_libcurl_once();
    multi_.reset(curl_multi_init());
    share_.reset(curl_share_init());
    DIRSYNC_ASSERT(multi_ && share_);
    // Used on one thread only, so the share needs no locks.
    curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
    curl_share_setopt(share_.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    thread_ = std::thread{[this] { run(); }};
  }
  ~Loop() {
    post([this] { stopping_ = true; });
    thread_.join();
  }

  /// Runs `task` on libcurl's thread.
  template <class Task>
  void post(Task task) {
    asio::post(tasks_, std::move(task));
    curl_multi_wakeup(multi_.get());
  }

  void start(std::shared_ptr<Exchange> const& exchange, std::function<void()> resume) {
    std::unique_ptr<Active> active{new Active{{exchange, settings_, share_.get()}, std::move(resume)}};
    auto* const easy = active->handle.get();
    active_.emplace(exchange.get(), std::move(active));
    DIRSYNC_ASSERT(curl_multi_add_handle(multi_.get(), easy) == CURLM_OK);
  }

  void cancel(Exchange const* exchange) {
    auto const found = active_.find(exchange);
    if (found == active_.end()) return;  // it ended by itself meanwhile
    found->second->handle.cancel();
    end(found);
  }

  void forget_cookies() {
    EasyPtr const easy{curl_easy_init()};
    curl_easy_setopt(easy.get(), CURLOPT_SHARE, share_.get());
    curl_easy_setopt(easy.get(), CURLOPT_COOKIELIST, "ALL");
  }

 private:
  struct Active {
    EasyHandle handle;
    std::function<void()> resume;
  };
  using ActiveMap = std::unordered_map<Exchange const*, std::unique_ptr<Active>>;

  void run() {
    // Signals belong to the event loop's thread; a blocked SIGPIPE turns into an error of the write.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    auto const work = asio::make_work_guard(tasks_);
    while (!stopping_) {
      tasks_.poll();
      int running = 0;
      curl_multi_perform(multi_.get(), &running);
      end_finished();
      end_idle();
      constexpr int kNothingToDo = 60'000, kLookAtIdle = 200;  // milliseconds
      if (!stopping_)
        curl_multi_poll(multi_.get(), nullptr, 0, active_.empty() ? kNothingToDo : kLookAtIdle, nullptr);
    }
    while (!active_.empty()) cancel(active_.begin()->first);
  }

  void end_finished() {
    int left = 0;
    while (auto const* const message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto const found = std::ranges::find_if(
          active_, [message](auto const& each) { return each.second->handle.get() == message->easy_handle; });
      DIRSYNC_ASSERT(found != active_.end());
      found->second->handle.finish(message->data.result);
      end(found);
    }
  }

  void end_idle() {
    auto const limit = std::chrono::steady_clock::now() - settings_.timeouts.idle;
    for (auto each = active_.begin(); each != active_.end();) {
      auto const current = each++;
      if (!current->second->handle.idle_since(limit)) continue;
      current->second->handle.end_idle();
      end(current);
    }
  }

  void end(ActiveMap::iterator position) {
    auto const active = std::move(position->second);
    active_.erase(position);
    curl_multi_remove_handle(multi_.get(), active->handle.get());
    active->resume();
  }

  ClientSettings settings_;
  asio::io_context tasks_{1};
  SharePtr share_;
  MultiPtr multi_;
  ActiveMap active_;
  bool stopping_ = false;
  std::thread thread_;
};

Transfers::Transfers(ClientSettings settings) : loop_{std::make_unique<Loop>(std::move(settings))} {}
Transfers::~Transfers() = default;

asio::awaitable<void> Transfers::perform(std::shared_ptr<Exchange> exchange) {
  auto start = [loop = loop_.get(), exchange](auto handler) {
    auto slot = asio::get_associated_cancellation_slot(handler);
    auto resume = resumption_of(std::move(handler));
    loop->post(
        [loop, exchange, resume = std::move(resume)]() mutable { loop->start(exchange, std::move(resume)); });
    if (slot.is_connected())
      slot.assign([loop, exchange](asio::cancellation_type_t) {
        loop->post([loop, exchange] { loop->cancel(exchange.get()); });
      });
  };
  auto token = asio::use_awaitable;
  return asio::async_initiate<decltype(token), void()>(std::move(start), token);
}

void Transfers::forget_cookies() {
  loop_->post([loop = loop_.get()] { loop->forget_cookies(); });
}

}  // namespace dirsync::http
