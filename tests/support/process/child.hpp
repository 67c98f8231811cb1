#pragma once
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>
#include <system_error>

namespace dirsync {

/// A forked copy of the test that runs `body` and exits with its result. Killed at the end if it still runs.
class Child {
 public:
  template <class Body>
  explicit Child(Body body) : pid_(::fork()) {
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (pid_ > 0) return;
    try {
      ::_exit(body());
    } catch (...) {
      ::_exit(125);
    }
  }
  Child(Child const&) = delete;
  Child& operator=(Child const&) = delete;
  ~Child() {
    if (pid_ > 0) {
      kill_now();
      wait();
    }
  }
  void kill_now() const { ::kill(pid_, SIGKILL); }
  pid_t pid() const noexcept { return pid_; }
  /// Exit code, or minus the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

}  // namespace dirsync
