#include "store/instance_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "sync/model/text.hpp"

namespace dirsync::store {
namespace {
std::string holder_of(int descriptor) {
  char text[32];
  auto const size = ::pread(descriptor, text, sizeof text, 0);
  auto pid = std::string{text, size > 0 ? static_cast<std::size_t>(size) : 0};
  pid.resize(std::min(pid.find('\n'), pid.size()));
  return pid.empty() ? "another process" : "process " + printable(pid);
}

Error unlockable(StateFolder const& folder, int reason) {
  auto const full = is_out_of_room(reason);
  return {full ? StoreErrc::full : StoreErrc::unwritable,
          (folder.path() / kLockFile).string() +
              ": cannot be locked: " + std::generic_category().message(reason) +
              (full ? ". Make room on its file system"
                    : ". Let the account that runs dirsyncd own the folder, with mode 0700")};
}

/// 0, or the reason as in errno(3); EWOULDBLOCK when somebody else holds it all the time.
int lock_within(int descriptor, std::chrono::milliseconds patience) {
  auto const give_up = std::chrono::steady_clock::now() + patience;
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() >= give_up) return errno;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
  return 0;
}
}  // namespace

Result<InstanceLock> InstanceLock::acquire(StateFolder const& folder, std::chrono::milliseconds patience) {
  auto file = folder.open_file(kLockFile, O_RDWR | O_CREAT);
  if (!file) return file.error();
  if (auto const reason = lock_within(file->number(), patience); reason == EWOULDBLOCK)
    return Error{StoreErrc::locked, (folder.path() / kLockFile).string() + ": held by " +
                                        holder_of(file->number()) +
                                        ". Let the running instance do the work, or stop it first"};
  else if (reason != 0)
    return unlockable(folder, reason);
  // The text is for people and for the message above; the lock itself does not depend on it.
  auto const pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(file->number(), 0) != 0 ||
      ::pwrite(file->number(), pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return unlockable(folder, errno);
  return InstanceLock{std::move(*file)};
}

std::optional<InstanceLock::Holder> InstanceLock::holder(StateFolder const& folder) {
  auto const file = folder.find(kLockFile);
  if (!file || !*file) return std::nullopt;
  // proc(5), /proc/locks: "1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF"
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);) {
    std::istringstream fields{line};
    std::string number, kind, advisory, access, place;
    int pid = 0;
    fields >> number >> kind >> advisory >> access >> pid >> place;
    if (kind != "FLOCK" || !fields) continue;
    if (place.substr(place.rfind(':') + 1) == std::to_string((*file)->inode))
      return Holder{.pid = pid, .since = (*file)->modified};
  }
  return std::nullopt;
}

}  // namespace dirsync::store
