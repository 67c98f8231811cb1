#include "ldap/feed/waiting.hpp"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>

namespace dirsync::ldap {

std::chrono::milliseconds pause_after(std::chrono::milliseconds took) {
  using std::chrono::milliseconds;
  constexpr milliseconds kLeast{1'000}, kMost{300'000};
  // What is longer would overflow, and the answer is the same.
  return std::clamp(std::min(took, kMost) * 50, kLeast, kMost);
}

void Pace::end(int pauses) {
  auto const now = std::chrono::steady_clock::now();
  due_ = now + pauses * pause_after(std::chrono::duration_cast<std::chrono::milliseconds>(now - began_));
}

void Overlap::asked(Instant began, Instant ended) noexcept {
  constexpr std::chrono::hours kMost{1};
  if (began < moved_ + kOverlap) return;
  due_ = ended + std::min<Instant::duration>(std::min<Instant::duration>(ended - began, kMost) * 2000, kMost);
}

void wait_until(Connection const& connection, Instant end) {
  pollfd socket{-1, POLLIN, 0};  // -1: the connection is gone
  ldap_get_option(connection.handle(), LDAP_OPT_DESC, &socket.fd);
  for (auto left = left_until(end); socket.fd >= 0 && left.count() > 0; left = left_until(end)) {
    auto const ready = poll(&socket, 1, static_cast<int>(std::min<std::int64_t>(left.count(), 60'000)));
    if (ready > 0 || (ready < 0 && errno != EINTR)) return;
  }
}

}  // namespace dirsync::ldap
