#include "daemon/notify/program.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

#include "daemon/notify/errors.hpp"
#include "store/descriptor.hpp"

namespace dirsync::notify {
namespace asio = boost::asio;
namespace {

constexpr std::chrono::milliseconds kLongestPause{200};

/// A file in memory that is read from its beginning: no pipe that the program might leave full or closed.
Result<store::Descriptor> file_of(std::string const& text) {
  store::Descriptor file{::memfd_create("dirsyncd-news", MFD_CLOEXEC)};
  for (std::size_t at = 0; file.number() >= 0 && at < text.size();) {
    auto const size = ::write(file.number(), text.data() + at, text.size() - at);
    if (size <= 0) return Error{NotifyErrc::not_started, std::string{"its input: "} + std::strerror(errno)};
    at += static_cast<std::size_t>(size);
  }
  if (file.number() < 0 || ::lseek(file.number(), 0, SEEK_SET) != 0)
    return Error{NotifyErrc::not_started, std::string{"its input: "} + std::strerror(errno)};
  return file;
}

/// A started program, in a process group of its own. Killed and awaited at the end if it still runs.
class Program {
 public:
  explicit Program(pid_t pid) : pid_(pid) {}
  Program(Program const&) = delete;
  Program& operator=(Program const&) = delete;
  ~Program() {
    if (ended()) return;
    kill_all();
    ::waitpid(pid_, nullptr, 0);
  }
  void kill_all() const { ::kill(-pid_, SIGKILL); }
  bool ended() {
    if (ended_) return true;
    int status = 0;
    auto const waited = ::waitpid(pid_, &status, WNOHANG);
    if (waited == 0) return false;
    ended_ = true;
    if (waited == pid_) status_ = status;
    return true;
  }
  /// As of waitpid(2), of a program that ended. Nothing: somebody else was told (ECHILD).
  std::optional<int> status() const { return status_; }

 private:
  pid_t pid_;
  bool ended_ = false;
  std::optional<int> status_;
};

Result<pid_t> spawn(std::vector<std::string>& words, int input) {
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  char path[] = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  char* const environment[] = {path, nullptr};

  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO);
  ::posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  // Not every library marks its sockets; what the program leaves running would keep a port of ours.
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  sigset_t none, all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  pid_t pid = -1;
  auto const failed =
      ::posix_spawn(&pid, words.front().c_str(), &files, &attributes, arguments.data(), environment);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed != 0) return Error{NotifyErrc::not_started, words.front() + ": " + std::strerror(failed)};
  return pid;
}

Result<void> outcome_of(std::string const& name, std::optional<int> status) {
  if (!status)
    return Error{NotifyErrc::failed,
                 name +
                     " ended, and the system does not tell how; whatever starts dirsyncd must leave it "
                     "SIGCHLD and its children"};
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return {};
  return Error{NotifyErrc::failed,
               name + (WIFEXITED(*status) ? " ended with exit code " + std::to_string(WEXITSTATUS(*status))
                                          : " was ended by signal " + std::to_string(WTERMSIG(*status)))};
}

}  // namespace

asio::awaitable<Result<void>> run_program(std::vector<std::string> words, std::string input,
                                          std::chrono::milliseconds longest) {
  auto const file = file_of(input);
  if (!file) co_return file.error();
  auto const pid = spawn(words, file->number());
  if (!pid) co_return pid.error();
  Program program{*pid};
  auto const end = std::chrono::steady_clock::now() + longest;
  asio::steady_timer timer{co_await asio::this_coro::executor};
  // Asked for now and then: a descriptor that tells of its end (pidfd_open) is not there in every sandbox.
  for (std::chrono::milliseconds pause{5}; !program.ended(); pause = std::min(2 * pause, kLongestPause)) {
    if (std::chrono::steady_clock::now() >= end)
      co_return Error{NotifyErrc::timed_out,
                      words.front() + " did not end within " +
                          std::to_string(std::chrono::ceil<std::chrono::seconds>(longest).count()) + " s"};
    timer.expires_after(pause);
    co_await timer.async_wait(asio::use_awaitable);
  }
  co_return outcome_of(words.front(), program.status());
}

}  // namespace dirsync::notify
