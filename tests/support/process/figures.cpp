#include "tests/support/process/figures.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>

namespace dirsync::test {
namespace {

/// A line of /proc/PID/status, such as "VmRSS:    12345 kB".
std::int64_t status_figure(std::filesystem::path const& process, std::string const& key) {
  std::ifstream file{process / "status"};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key + ":")) return std::stoll(line.substr(key.size() + 1));
  throw std::runtime_error{process.string() + " has no " + key};
}

std::chrono::milliseconds cpu_time_of(std::filesystem::path const& process) {
  std::ifstream file{process / "stat"};
  std::string const text{std::istreambuf_iterator<char>{file}, {}};
  // The name in parentheses may hold anything; user and system time are the twelfth and thirteenth after it.
  std::istringstream after_name{text.substr(text.rfind(')') + 1)};
  std::string field;
  for (int skipped = 0; skipped < 11; ++skipped) after_name >> field;
  std::int64_t user = 0, system = 0;
  after_name >> user >> system;
  return std::chrono::milliseconds{(user + system) * 1000 / ::sysconf(_SC_CLK_TCK)};
}

}  // namespace

ProcessFigures figures_of(pid_t process) {
  auto const folder = std::filesystem::path{"/proc"} / std::to_string(process);
  std::error_code refused;
  auto const descriptors = std::filesystem::directory_iterator{folder / "fd", refused};
  return {.descriptors = refused ? status_figure(folder, "FDSize")
                                 : std::distance(begin(descriptors), std::filesystem::directory_iterator{}),
          .threads = status_figure(folder, "Threads"),
          .resident = status_figure(folder, "VmRSS"),
          .cpu_time = cpu_time_of(folder)};
}

}  // namespace dirsync::test
