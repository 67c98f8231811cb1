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
  /// A question begins; the next one is due a pause after its end().
  void begin() { began_ = std::chrono::steady_clock::now(); }
  void end();
  /// In the past before the first question.
  Instant due() const noexcept { return due_; }

 private:
  Instant began_{}, due_{};
};

/// Waits until `end`, or until the server sends something that nobody asked for, ends the connection, or its
/// Stop is requested: the next question finds out which. Thread: that of `connection`, which has no question
/// open.
void wait_until(Connection const& connection, Instant end);

}  // namespace dirsync::ldap
