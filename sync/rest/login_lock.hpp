#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <optional>
#include <utility>

#include "sync/model/error.hpp"

namespace dirsync::rest {

/// Lets one coroutine in at a time. Thread: event loop.
class Exclusive {
 public:
  /// Inside while it lives; it must not outlive the Exclusive.
  class Pass {
   public:
    explicit Pass(Exclusive& owner) : owner_(&owner) {}
    Pass(Pass&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (owner_) owner_->leave();
    }

   private:
    Exclusive* owner_;
  };
  /// Throws operation_aborted when cancelled.
  boost::asio::awaitable<Pass> enter();

 private:
  void leave();
  bool taken_ = false;
  std::optional<boost::asio::steady_timer> free_;  // there while somebody waits; its end wakes them
};

/// Who may log on when: of all callers that need a session one logs on, and the others find what came of it.
/// Thread: event loop.
class LoginLock {
 public:
  /// `known`: the session that serves this caller, or the error that ends it; nothing when a logon is needed.
  /// `log_on`: runs in one coroutine at a time.
  template <class T>
  boost::asio::awaitable<Result<T>> session(std::function<std::optional<Result<T>>()> known,
                                            std::function<boost::asio::awaitable<Result<T>>()> log_on) {
    if (auto found = known()) co_return *std::move(found);
    auto const pass = co_await one_.enter();
    if (auto found = known()) co_return *std::move(found);  // another coroutine logged on meanwhile
    co_return co_await log_on();
  }

 private:
  Exclusive one_;
};

}  // namespace dirsync::rest
