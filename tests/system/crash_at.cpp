// Loaded into dirsyncd with LD_PRELOAD: SIGKILLs the process at one of its steps. A journal step is a flush
// of a file to disk, a network step a piece of data sent or received over TCP.
//   CRASH_KIND=journal|network  CRASH_AT=N (from 1)  CRASH_SIDE=before|after
//   CRASH_REPORT=FILE: where a process that lives to its end writes how many steps of either kind it took
#include <dlfcn.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

enum class Kind { journal, network };

std::string_view variable(char const* name) {
  auto const* const value = std::getenv(name);
  return value == nullptr ? std::string_view{} : std::string_view{value};
}

/// What this process was told, and how far it is.
struct Steps {
  Kind const kind = variable("CRASH_KIND") == "journal" ? Kind::journal : Kind::network;
  long const at = std::atol(variable("CRASH_AT").empty() ? "0" : variable("CRASH_AT").data());
  bool const before = variable("CRASH_SIDE") == "before";
  std::atomic<long> journal = 0, network = 0;

  /// True when the step that begins now is the one.
  bool next(Kind of) { return ++(of == Kind::journal ? journal : network) == at && of == kind; }

  ~Steps() {
    auto const file = variable("CRASH_REPORT");
    if (file.empty()) return;
    if (auto* const report = std::fopen(file.data(), "w")) {
      std::fprintf(report, "%ld %ld\n", journal.load(), network.load());
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

template <class Function>
Function* real(char const* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

template <class Call>
auto flush(Call call) {
  auto const due = steps.next(Kind::journal);
  if (due && steps.before) die();
  auto const result = call();
  if (due) die();
  return result;
}

template <class Call>
auto outgoing(int descriptor, Call call) {
  if (!is_tcp(descriptor)) return call();
  auto const due = steps.next(Kind::network);
  if (due && steps.before) die();
  auto const result = call();
  if (due) die();
  return result;
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
ssize_t recv(int descriptor, void* bytes, size_t size, int flags) {
  static auto* const next = real<ssize_t(int, void*, size_t, int)>("recv");
  return incoming(descriptor,
                  [descriptor, bytes, size, flags] { return next(descriptor, bytes, size, flags); });
}
}
