#include "tests/support/process/terminal.hpp"

#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace dirsync::test {
namespace {

constexpr std::chrono::seconds kLongest{60};

std::chrono::steady_clock::time_point end_of_patience() {
  return std::chrono::steady_clock::now() + kLongest;
}

}  // namespace

Terminal::Terminal(std::vector<std::string> words) {
  std::vector<char*> raw;
  for (auto& word : words) raw.push_back(word.data());
  raw.push_back(nullptr);
  pid_ = ::forkpty(&screen_, nullptr, nullptr, nullptr);
  if (pid_ < 0) throw std::runtime_error{"no terminal"};
  if (pid_ == 0) {
    ::execvp(raw.front(), raw.data());
    ::_exit(127);
  }
}

Terminal::~Terminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  if (screen_ >= 0) ::close(screen_);
}

bool Terminal::read_more(std::chrono::steady_clock::time_point end) {
  auto const left =
      std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
  pollfd waiting{screen_, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&waiting, 1, static_cast<int>(left.count())) <= 0)
    throw std::runtime_error{"the screen shows no more than: " + shown_.substr(answered_)};
  std::array<char, 4096> block{};
  auto const count = ::read(screen_, block.data(), block.size());
  if (count <= 0) return false;  // Linux: EIO once the program has ended
  shown_.append(block.data(), static_cast<std::size_t>(count));
  return true;
}

void Terminal::wait_for(std::string const& text) {
  auto const end = end_of_patience();
  auto found = shown_.npos;
  while ((found = shown_.find(text, answered_)) == shown_.npos)
    if (!read_more(end)) throw std::runtime_error{"ended without " + text + ": " + shown_};
  answered_ = found + text.size();
}

void Terminal::type(std::string const& text) const {
  if (::write(screen_, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::runtime_error{"cannot type"};
}

void Terminal::answer(std::string const& question, std::string const& text) {
  wait_for(question);
  type_line(text);
}

void Terminal::end_input_at(std::string const& question) {
  wait_for(question);
  type("\x04");
}

void Terminal::interrupt_at(std::string const& question) {
  wait_for(question);
  type("\x03");
}

Finished Terminal::wait() {
  auto const end = end_of_patience();
  while (read_more(end)) {
  }
  int status = 0;
  ::waitpid(pid_, &status, 0);
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), shown_, {}};
}

}  // namespace dirsync::test
