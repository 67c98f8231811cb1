#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <optional>
#include <utility>

namespace dirsync::console {

/// Lets one coroutine in at a time. Thread: event loop.
class Gate {
 public:
  /// Inside while it lives.
  class Pass {
   public:
    explicit Pass(Gate& gate) : gate_(&gate) {}
    Pass(Pass&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)) {}
    Pass& operator=(Pass&&) = delete;
    ~Pass() {
      if (gate_) gate_->leave();
    }

   private:
    Gate* gate_;
  };
  boost::asio::awaitable<Pass> enter();

 private:
  void leave();
  bool taken_ = false;
  std::optional<boost::asio::steady_timer> free_;  // there while somebody waits; its end wakes them
};

}  // namespace dirsync::console
