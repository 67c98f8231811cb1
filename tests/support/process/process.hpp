#pragma once
#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace dirsync::test {

/// Changes to this process's environment for a child; an empty value takes the variable away.
using Environment = std::map<std::string, std::string>;

/// What a finished program left behind.
struct Finished {
  int exit = 0;  // exit code, or minus the signal that ended it
  std::string out, err;
};

/// A program of its own process; its output goes to files in `folder`. Killed at the end if it still runs.
/// Throws std::runtime_error.
class Process {
 public:
  Process(std::vector<std::string> words, std::filesystem::path const& folder, std::string const& name,
          Environment const& environment = {});
  ~Process();
  Process(Process const&) = delete;
  Process& operator=(Process const&) = delete;

  void send_signal(int number) const;
  /// False once it has ended by itself.
  bool running();
  /// Asks it to end (SIGTERM), and kills it when it has not after `grace`.
  void stop(std::chrono::seconds grace = std::chrono::seconds{20});
  /// Waits for the end; a program that does not end is killed and reported.
  Finished wait(std::chrono::seconds longest = std::chrono::seconds{120});
  pid_t pid() const { return pid_; }
  /// What it has written so far.
  std::string out() const;
  std::string err() const;

 private:
  std::filesystem::path out_, err_;
  pid_t pid_ = -1;
};

std::string content_of(std::filesystem::path const& file);

/// What a program that has to succeed wrote to its standard output. Throws std::runtime_error with the words
/// of one that fails, or is still running after three minutes.
std::string output_of(std::vector<std::string> words, std::filesystem::path const& folder,
                      Environment const& environment = {});

/// Asks `condition` again and again until it holds; false when `longest` has passed.
template <class Condition>
bool eventually(Condition condition, std::chrono::seconds longest = std::chrono::seconds{60}) {
  auto const end = std::chrono::steady_clock::now() + longest;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

}  // namespace dirsync::test
