#pragma once
#include <atomic>

namespace dirsync::ldap {

/// Ends blocking work from another thread: shuts the socket down under it, so that no wait goes on after the
/// request.
class Stop {
 public:
  Stop() = default;
  Stop(Stop const&) = delete;
  Stop& operator=(Stop const&) = delete;
  ~Stop();
  /// Any thread, any number of times.
  void request() noexcept;
  bool requested() const noexcept { return requested_; }
  /// Working thread: `socket` is the one to shut down from now on; it stays the caller's.
  void watch(int socket) noexcept;

 private:
  std::atomic<bool> requested_ = false;
  std::atomic<int> copy_ = -1;  // a descriptor of our own, so that a closed and reused number is never hit
};

/// For work over two connections at the same time.
struct Stops {
  Stop first, second;
  void request() noexcept {
    first.request();
    second.request();
  }
};

}  // namespace dirsync::ldap
