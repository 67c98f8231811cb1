#pragma once
// The pauses between two questions to a server.
#include <chrono>

#include "ldap/connect/connection.hpp"

namespace dirsync::ldap {

/// How long to wait after a question that took `took`: a second at least, fifty times as long as it took
/// (so that asking takes the server two per cent of the time), five minutes at most. Any thread.
std::chrono::milliseconds pause_after(std::chrono::milliseconds took);

/// When the next question is due.
class Pace {
 public:
  /// A question begins; the next one is due some pauses after its end().
  void begin() { began_ = std::chrono::steady_clock::now(); }
  void end(int pauses = 1);
  /// In the past before the first question.
  Instant due() const noexcept { return due_; }

 private:
  Instant began_{}, due_{};
};

/// When to ask also for what is no newer than what was seen last: a second is not over while it runs, and a
/// replica has some changes late. A directory that was loaded within a second answers that with everything.
/// So: always, until the answer of a question that began `kOverlap` after the last news was seen; then once
/// in two thousand times as long as it took, an hour at most.
class Overlap {
 public:
  static constexpr std::chrono::seconds kOverlap{5};
  bool is_due(Instant now) const noexcept { return now >= due_; }
  /// A question showed something newer than anything before.
  void moved(Instant now) noexcept { moved_ = now, due_ = {}; }
  /// What is not newer was asked for too, and nothing newer came.
  void asked(Instant began, Instant ended) noexcept;

 private:
  Instant moved_{}, due_{};
};

/// Waits until `end`, or until the server sends something that nobody asked for, ends the connection, or its
/// Stop is requested: the next question finds out which. Thread: that of `connection`, which has no question
/// open.
void wait_until(Connection const& connection, Instant end);

}  // namespace dirsync::ldap
