#pragma once
#include <cstddef>
#include <functional>

namespace dirsync::http {

/// How many requests that change something are on their way: handed to the network and not answered yet. The
/// pause before another attempt is not among them. One for all clients of an event loop, on its thread.
class WritesInHand {
 public:
  bool none() const { return count_ == 0; }
  /// Called each time that the last of them has been answered.
  void when_none(std::function<void()> tell) { when_none_ = std::move(tell); }

  /// One request on its way. `all`: null counts nowhere.
  class One {
   public:
    explicit One(WritesInHand* all) : all_(all) {
      if (all_ != nullptr) ++all_->count_;
    }
    One(One const&) = delete;
    One& operator=(One const&) = delete;
    ~One() {
      if (all_ != nullptr && --all_->count_ == 0 && all_->when_none_) all_->when_none_();
    }

   private:
    WritesInHand* all_;
  };

 private:
  std::size_t count_ = 0;
  std::function<void()> when_none_;
};

}  // namespace dirsync::http
