#include "tests/support/process/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace dirsync::test {
namespace {

std::vector<std::string> environment_with(Environment const& changes) {
  std::vector<std::string> all;
  for (auto** variable = environ; *variable != nullptr; ++variable) {
    std::string const entry{*variable};
    if (!changes.contains(entry.substr(0, entry.find('=')))) all.push_back(entry);
  }
  for (auto const& [name, value] : changes)
    if (!value.empty()) all.push_back(name + "=" + value);
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> raw;
  for (auto& text : texts) raw.push_back(text.data());
  raw.push_back(nullptr);
  return raw;
}

}  // namespace

std::string content_of(std::filesystem::path const& file) {
  std::ostringstream content;
  content << std::ifstream{file}.rdbuf();
  return content.str();
}

Process::Process(std::vector<std::string> words, std::filesystem::path const& folder, std::string const& name,
                 Environment const& environment)
    : out_(folder / (name + ".out")), err_(folder / (name + ".err")) {
  auto variables = environment_with(environment);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, err_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  auto const failure = posix_spawnp(&pid_, words.front().c_str(), &actions, nullptr, pointers(words).data(),
                                    pointers(variables).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) throw std::runtime_error{words.front() + " cannot be started"};
}

Process::~Process() {
  if (pid_ < 0) return;
  send_signal(SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Process::send_signal(int number) const { kill(pid_, number); }

bool Process::running() {
  if (pid_ >= 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
  return pid_ >= 0;
}

void Process::stop(std::chrono::seconds grace) {
  if (!running()) return;
  send_signal(SIGTERM);
  if (eventually([this] { return !running(); }, grace)) return;
  send_signal(SIGKILL);
  waitpid(std::exchange(pid_, -1), nullptr, 0);
}

Finished Process::wait(std::chrono::seconds longest) {
  int status = 0;
  if (!eventually([this, &status] { return waitpid(pid_, &status, WNOHANG) == pid_; }, longest))
    throw std::runtime_error{err_.stem().string() + " is still running after " +
                             std::to_string(longest.count()) + " s: " + err()};
  pid_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status), out(), err()};
}

std::string output_of(std::vector<std::string> words, std::filesystem::path const& folder,
                      Environment const& environment) {
  auto const name = std::filesystem::path{words.front()}.filename().string();
  Process program{std::move(words), folder, name, environment};
  auto finished = program.wait(std::chrono::minutes{3});
  if (finished.exit != 0)
    throw std::runtime_error{name + " failed (" + std::to_string(finished.exit) + "): " + finished.err +
                             finished.out};
  return std::move(finished.out);
}

std::string Process::out() const { return content_of(out_); }
std::string Process::err() const { return content_of(err_); }

}  // namespace dirsync::test
