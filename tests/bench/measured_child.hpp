#pragma once
// What any program costs, from its start to its end.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

#include "tests/bench/measured.hpp"

namespace dirsync::bench {

/// In a small process of its own, since the kernel counts the memory of whoever starts a program as that
/// program's peak: runs `words` and prints a line as print_measured() does, with the exit code, or 128 and
/// the signal, for `values`. Its output goes to `out`, its errors to `out`.err.
inline int print_child(std::string const& out, std::vector<std::string> words) {
  std::vector<char*> raw;
  for (auto& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  auto const begun = std::chrono::steady_clock::now();
  auto const pid = ::fork();
  if (pid == 0) {
    auto const to = [](std::string const& file, int number) {
      auto const opened = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      if (opened < 0 || ::dup2(opened, number) < 0) ::_exit(127);
    };
    to(out, STDOUT_FILENO);
    to(out + ".err", STDERR_FILENO);
    ::execvp(raw.front(), raw.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, 0, &usage) < 0)
    if (errno != EINTR) give_up(words.front() + " cannot be started");
  std::chrono::duration<double> const taken = std::chrono::steady_clock::now() - begun;
  std::printf("%f %f %f %d\n", taken.count(), seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
              static_cast<double>(usage.ru_maxrss) / 1024,
              WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
  return 0;
}

/// For a shell.
inline std::string quoted(std::string const& word) {
  std::string text = "'";
  for (auto const c : word) text += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return text + "'";
}

/// Runs `words` through `self`, a program that gives what follows "--measured" to print_child(). Ends this
/// program when they do not end with 0, with what they said last.
inline Measurement measure_child(std::string const& self, std::string const& out,
                                 std::vector<std::string> const& words) {
  auto command = quoted(self) + " --measured " + quoted(out);
  for (auto const& word : words) command += " " + quoted(word);
  auto const found = measure(command);
  if (found.values != 0) {
    auto const show = "tail -n 20 " + quoted(out) + ".err >&2; tail -c 2000 " + quoted(out) + " >&2";
    if (std::system(show.c_str()) != 0) std::fputs("and left no output\n", stderr);
    give_up(words.front() + " ended with " + std::to_string(found.values));
  }
  return found;
}

}  // namespace dirsync::bench
