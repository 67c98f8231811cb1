// Loaded into dirsyncd with LD_PRELOAD: SIGKILLs the process at one of its steps. A journal step is a flush
// of a file to disk, a network step a piece of data sent or received over TCP, a file step a piece of data
// written to a file, a flush, or a name that is given or taken away.
//   CRASH_KIND=journal|network|file  CRASH_AT=N (from 1)  CRASH_SIDE=before|after|full
//   full, of the kind file: nobody is killed; from that step on no file takes any more (ENOSPC)
//   CRASH_REPORT=FILE: where a process that lives to its end writes how many steps of each kind it took
#include <dlfcn.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

enum class Kind { journal, network, file };

std::string_view variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

Kind kind_of(std::string_view name) {
  return name == "journal" ? Kind::journal : name == "file" ? Kind::file : Kind::network;
}

/// What this process was told, and how far it is.
struct Steps {
  Kind const kind = kind_of(variable("CRASH_KIND"));
  long const at = std::atol(variable("CRASH_AT").empty() ? "0" : variable("CRASH_AT").data());
  bool const before = variable("CRASH_SIDE") == "before";
  bool const fills = variable("CRASH_SIDE") == "full";
  std::array<std::atomic<long>, 3> counts{};  // by kind

  /// True when the step that begins now is the one to be killed at.
  bool next(Kind of) { return ++counts.at(static_cast<std::size_t>(of)) == at && of == kind && !fills; }
  bool has_no_room() const { return fills && counts.at(static_cast<std::size_t>(Kind::file)) >= at; }

  ~Steps() {
    auto const file = variable("CRASH_REPORT");
    if (file.empty()) return;
    if (auto* const report = std::fopen(file.data(), "w")) {
      std::fprintf(report, "%ld %ld %ld\n", counts[0].load(), counts[1].load(), counts[2].load());
      std::fclose(report);
    }
  }
} steps;

void die() { ::kill(::getpid(), SIGKILL); }

bool is_tcp(int descriptor) {
  int domain = 0, type = 0;
  socklen_t size = sizeof domain;
  if (::getsockopt(descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &size) != 0 || domain != AF_INET) return false;
  size = sizeof type;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_STREAM;
}

/// The process's own output goes to files, too, and does not count.
bool is_file(int descriptor) {
  struct stat status {};
  return descriptor > STDERR_FILENO && ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
}

template <class Function>
Function* real(char const* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// `due`: it is the one.
template <class Call>
auto step(bool due, Call call) {
  if (due && steps.before) die();
  auto const result = call();
  if (due) die();
  return result;
}

template <class Call>
auto flush(Call call) {
  auto const due = steps.next(Kind::journal), due_as_file = steps.next(Kind::file);
  return step(due || due_as_file, call);
}

template <class Call>
ssize_t outgoing(int descriptor, Call call) {
  if (is_tcp(descriptor)) return step(steps.next(Kind::network), call);
  if (!is_file(descriptor)) return call();
  auto const due = steps.next(Kind::file);
  if (!steps.has_no_room()) return step(due, call);
  errno = ENOSPC;
  return -1;
}

/// A step only when something came.
template <class Call>
auto incoming(int descriptor, Call call) {
  auto const result = call();
  if (result > 0 && is_tcp(descriptor) && steps.next(Kind::network)) die();
  return result;
}

}  // namespace

extern "C" {

int fsync(int descriptor) {
  static auto* const next = real<int(int)>("fsync");
  return flush([descriptor] { return next(descriptor); });
}
int fdatasync(int descriptor) {
  static auto* const next = real<int(int)>("fdatasync");
  return flush([descriptor] { return next(descriptor); });
}
ssize_t send(int descriptor, void const* bytes, size_t size, int flags) {
  static auto* const next = real<ssize_t(int, void const*, size_t, int)>("send");
  return outgoing(descriptor,
                  [descriptor, bytes, size, flags] { return next(descriptor, bytes, size, flags); });
}
ssize_t sendmsg(int descriptor, msghdr const* message, int flags) {
  static auto* const next = real<ssize_t(int, msghdr const*, int)>("sendmsg");
  return outgoing(descriptor, [descriptor, message, flags] { return next(descriptor, message, flags); });
}
ssize_t write(int descriptor, void const* bytes, size_t size) {
  static auto* const next = real<ssize_t(int, void const*, size_t)>("write");
  return outgoing(descriptor, [descriptor, bytes, size] { return next(descriptor, bytes, size); });
}
ssize_t pwrite(int descriptor, void const* bytes, size_t size, off_t at) {
  static auto* const next = real<ssize_t(int, void const*, size_t, off_t)>("pwrite");
  return outgoing(descriptor, [descriptor, bytes, size, at] { return next(descriptor, bytes, size, at); });
}
ssize_t pwrite64(int descriptor, void const* bytes, size_t size, off64_t at) {
  static auto* const next = real<ssize_t(int, void const*, size_t, off64_t)>("pwrite64");
  return outgoing(descriptor, [descriptor, bytes, size, at] { return next(descriptor, bytes, size, at); });
}
int renameat(int from_folder, char const* from, int to_folder, char const* to) noexcept {
  static auto* const next = real<int(int, char const*, int, char const*)>("renameat");
  return step(steps.next(Kind::file), [=] { return next(from_folder, from, to_folder, to); });
}
int unlink(char const* path) noexcept {
  static auto* const next = real<int(char const*)>("unlink");
  return step(steps.next(Kind::file), [path] { return next(path); });
}
ssize_t recv(int descriptor, void* bytes, size_t size, int flags) {
  static auto* const next = real<ssize_t(int, void*, size_t, int)>("recv");
  return incoming(descriptor,
                  [descriptor, bytes, size, flags] { return next(descriptor, bytes, size, flags); });
}
}
