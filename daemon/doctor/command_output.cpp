#include "daemon/doctor/command_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <sstream>

#include "store/descriptor.hpp"

namespace dirsync::doctor {
namespace {

using store::Descriptor;
using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{5};
constexpr std::size_t kMostBytes = 1U << 20U;

/// True at the end of the output; false when there was no end in time.
bool drain(Descriptor const& pipe, Steady::time_point end, std::string& text) {
  std::array<char, 4096> block{};
  for (;;) {
    auto const left = std::chrono::ceil<std::chrono::milliseconds>(end - Steady::now()).count();
    if (left <= 0 || text.size() > kMostBytes) return false;
    pollfd readable{pipe.number(), POLLIN, 0};
    if (::poll(&readable, 1, static_cast<int>(left)) <= 0) continue;
    auto const count = ::read(pipe.number(), block.data(), block.size());
    if (count <= 0) return count == 0;
    text.append(block.data(), static_cast<std::size_t>(count));
  }
}

pid_t start(std::vector<std::string> const& words, int output) {
  std::vector<char*> arguments;
  for (auto const& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin", language = "LC_ALL=C";
  std::array<char*, 3> environment{path.data(), language.data(), nullptr};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, 1);
  posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
  pid_t child = -1;
  auto const failed =
      ::posix_spawnp(&child, words.front().c_str(), &actions, nullptr, arguments.data(), environment.data());
  posix_spawn_file_actions_destroy(&actions);
  return failed == 0 ? child : -1;
}

}  // namespace

std::optional<std::string> output_of(std::vector<std::string> const& words) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  Descriptor const reading{ends[0]};
  pid_t child = -1;
  {
    Descriptor const writing{ends[1]};
    child = start(words, writing.number());
  }
  if (child < 0) return std::nullopt;
  std::string text;
  auto const ended = drain(reading, Steady::now() + kPatience, text);
  if (!ended) ::kill(child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!ended || !WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::nullopt;
  return text;
}

std::map<std::string, std::string> properties_in(std::string const& text) {
  std::map<std::string, std::string> properties;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);)
    if (auto const equals = line.find('='); equals != std::string::npos)
      properties.emplace(line.substr(0, equals), line.substr(equals + 1));
  return properties;
}

}  // namespace dirsync::doctor
