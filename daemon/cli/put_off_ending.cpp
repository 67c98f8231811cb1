#include "daemon/cli/put_off_ending.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace dirsync::cli {
namespace {

volatile std::sig_atomic_t signal_that_came = 0;

void note_signal(int number) { signal_that_came = number; }

}  // namespace

/// They are blocked but for the time of the wait, so that none gets lost between a look and the wait.
PutOffEnding::PutOffEnding() {
  signal_that_came = 0;
  sigset_t blocked;
  ::sigemptyset(&blocked);
  for (auto const number : kSignals) ::sigaddset(&blocked, number);
  ::pthread_sigmask(SIG_BLOCK, &blocked, &mask_);
  struct sigaction noted {};
  noted.sa_handler = note_signal;
  for (std::size_t at = 0; at < kSignals.size(); ++at) {
    ::sigaction(kSignals[at], nullptr, &before_[at]);
    auto const is_ignored = before_[at].sa_handler == SIG_IGN;  // as nohup does
    if (!is_ignored) ::sigaction(kSignals[at], &noted, nullptr);
  }
}

PutOffEnding::~PutOffEnding() {
  for (std::size_t at = 0; at < kSignals.size(); ++at) ::sigaction(kSignals[at], &before_[at], nullptr);
  ::pthread_sigmask(SIG_SETMASK, &mask_, nullptr);
  if (signal_that_came != 0) ::raise(signal_that_came);
}

bool PutOffEnding::wait_for_a_key() const {
  for (;;) {
    pollfd keys{STDIN_FILENO, POLLIN, 0};
    auto const ready = ::ppoll(&keys, 1, nullptr, &mask_);
    if (signal_that_came != 0) return false;
    if (ready >= 0 || errno != EINTR) return true;
  }
}

}  // namespace dirsync::cli
