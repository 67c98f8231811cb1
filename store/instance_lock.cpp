#include "store/instance_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
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

Error unwritable(std::filesystem::path const& path, int reason) {
  return {StoreErrc::unwritable, path.string() + ": cannot be locked: " + std::strerror(reason) +
                                     ". Let the account that runs dirsyncd own the folder, with mode 0700"};
}
}  // namespace

Result<InstanceLock> InstanceLock::acquire(std::filesystem::path const& state_dir) {
  auto const path = state_dir / "dirsyncd.lock";
  InstanceLock lock{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
  if (lock.descriptor_ < 0) return unwritable(path, errno);
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return unwritable(path, errno);
    return Error{StoreErrc::locked, path.string() + ": held by " + holder_of(lock.descriptor_) +
                                        ". Let the running instance do the work, or stop it first"};
  }
  // The text is for people and for the message above; the lock itself does not depend on it.
  auto const pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(lock.descriptor_, 0) != 0 ||
      ::pwrite(lock.descriptor_, pid.data(), pid.size(), 0) != static_cast<ssize_t>(pid.size()))
    return unwritable(path, errno);
  return lock;
}

std::optional<int> InstanceLock::holder(std::filesystem::path const& state_dir) {
  struct stat file {};
  if (::stat((state_dir / "dirsyncd.lock").c_str(), &file) != 0) return std::nullopt;
  // proc(5), /proc/locks: "1: FLOCK  ADVISORY  WRITE 1234 fe:01:5678 0 EOF"
  std::ifstream locks{"/proc/locks"};
  for (std::string line; std::getline(locks, line);) {
    std::istringstream fields{line};
    std::string number, kind, advisory, access, place;
    int pid = 0;
    fields >> number >> kind >> advisory >> access >> pid >> place;
    if (kind != "FLOCK" || !fields) continue;
    if (place.substr(place.rfind(':') + 1) == std::to_string(file.st_ino)) return pid;
  }
  return std::nullopt;
}

InstanceLock::InstanceLock(InstanceLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}
InstanceLock& InstanceLock::operator=(InstanceLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}
InstanceLock::~InstanceLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace dirsync::store
