#pragma once
#include <signal.h>

#include <array>

namespace dirsync::cli {

/// While it lives, the signals that end a process (SIGHUP, SIGINT, SIGQUIT, SIGTERM) wait until something is
/// put in order again; one that came ends the process as soon as this one ends. One at a time. Thread: the
/// only one.
class PutOffEnding {
 public:
  PutOffEnding();
  ~PutOffEnding();
  PutOffEnding(PutOffEnding const&) = delete;
  PutOffEnding& operator=(PutOffEnding const&) = delete;

  /// Until standard input can be read; false once a signal came.
  bool wait_for_a_key() const;

 private:
  static constexpr std::array kSignals{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
  std::array<struct sigaction, kSignals.size()> before_{};
  sigset_t mask_{};  // as it was
};

}  // namespace dirsync::cli
