#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "sync/model/error.hpp"
#include "sync/ports/clock.hpp"

namespace dirsync::console {

/// A list that counts as fresh for a minute, kept up with our own writes: a hundred creations do not list
/// everything a hundred times. Thread: event loop.
template <class T>
class FreshList {
 public:
  using Read = std::function<boost::asio::awaitable<Result<std::vector<T>>>()>;
  /// `clock` must outlive it, and what `read` refers to.
  FreshList(Clock const& clock, Read read) : clock_(clock), read_(std::move(read)) {}

  /// Errors: those of the read.
  boost::asio::awaitable<Result<std::vector<T>>> get() {
    constexpr std::chrono::seconds kFreshFor{60};
    auto const now = clock_.now();
    if (listed_at_ && now - *listed_at_ < kFreshFor) co_return items_;
    auto listed = co_await read_();
    if (!listed) co_return listed;
    items_ = *listed;
    listed_at_ = now;
    co_return listed;
  }
  /// The next get() reads.
  void forget() { listed_at_.reset(); }
  /// As listed last, with what we created since.
  std::vector<T>& items() { return items_; }

 private:
  Clock const& clock_;
  Read read_;
  std::vector<T> items_;
  std::optional<std::chrono::system_clock::time_point> listed_at_;
};

}  // namespace dirsync::console
