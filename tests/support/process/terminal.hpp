#pragma once
#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/support/process/process.hpp"

namespace dirsync::test {

/// A program on a terminal of its own, with a person who waits for a question before the answer is typed.
/// Killed at the end if it still runs. Throws std::runtime_error.
class Terminal {
 public:
  explicit Terminal(std::vector<std::string> words);
  ~Terminal();
  Terminal(Terminal const&) = delete;
  Terminal& operator=(Terminal const&) = delete;

  /// Waits until the screen shows `text` after what was answered last.
  void wait_for(std::string const& text);
  /// With Enter.
  void type_line(std::string const& text) const { type(text + "\n"); }
  /// Both.
  void answer(std::string const& question, std::string const& text);
  /// As answer(), with Ctrl-D.
  void end_input_at(std::string const& question);
  /// The same with Ctrl-C, and no Enter after it.
  void interrupt_at(std::string const& question);
  /// Exit code, or minus the signal; all that the screen showed in `out`.
  Finished wait();

 private:
  void type(std::string const& text) const;
  /// False at the end of the output.
  bool read_more(std::chrono::steady_clock::time_point end);

  int screen_ = -1;
  pid_t pid_ = -1;
  std::string shown_;
  std::size_t answered_ = 0;  // bytes of `shown_`
};

}  // namespace dirsync::test
