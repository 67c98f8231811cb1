#include "daemon/config/environment.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <system_error>

#include "daemon/config/problem.hpp"
#include "store/descriptor.hpp"
#include "sync/model/quoted_word.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::config {
namespace {

using store::Descriptor;

constexpr std::size_t kLargestFile = 16U << 20;

Error unreadable(std::string const& path) {
  auto const code = errno;
  auto const* const next = code == ENOENT   ? "; create it or correct the path"
                           : code == EACCES ? "; let the user that dirsyncd runs as read it"
                                            : "; check what stands at the path";
  return {ConfigErrc::unreadable,
          "cannot read " + path + ": " + std::generic_category().message(code) + next};
}

/// Nothing when owner and mode fit.
std::optional<Error> objection(std::string const& path, struct ::stat const& status, Privacy privacy) {
  auto const mode = status.st_mode;
  constexpr mode_t kWrite = S_IWGRP | S_IWOTH;
  constexpr mode_t kRead = S_IRGRP | S_IROTH;
  std::array<char, 8> octal{};
  std::snprintf(octal.data(), octal.size(), "%04o", static_cast<unsigned>(mode & 07777));
  auto const shown = " (mode " + std::string{octal.data()} + ")";
  if (privacy == Privacy::owner_writes && (mode & kWrite) != 0) {
    return Error{ConfigErrc::insecure, path + " can be changed by group or others" + shown +
                                           "; run: chmod go-w " + quoted_word(path)};
  }
  if (privacy == Privacy::root_only && status.st_uid != 0) {
    return Error{ConfigErrc::insecure, "secret file " + path + " does not belong to root; run: chown root " +
                                           quoted_word(path) + ", and look who could write to it"};
  }
  auto const is_private = privacy == Privacy::owner_only || privacy == Privacy::root_only;
  if (is_private && (mode & (kRead | kWrite)) != 0) {
    return Error{ConfigErrc::insecure, "secret file " + path + " is open to group or others" + shown +
                                           "; run: chmod 0600 " + quoted_word(path)};
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> ProcessEnvironment::variable(std::string const& name) const {
  auto const* const value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return value;
}

bool ProcessEnvironment::is_root() const { return ::geteuid() == 0; }

Result<std::string> ProcessEnvironment::file(std::string const& path, Privacy privacy) const {
  // Non-blocking: a named pipe in the place of a file must not hang the daemon.
  Descriptor const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (file.number() < 0) return unreadable(path);
  struct ::stat status {};
  if (::fstat(file.number(), &status) != 0) return unreadable(path);
  if (!S_ISREG(status.st_mode))
    return Error{ConfigErrc::unreadable, path + " is not a regular file; name a file"};
  if (auto refused = objection(path, status, privacy)) return std::move(*refused);

  std::string content;
  std::array<char, 65536> block{};
  for (;;) {
    auto const count = ::read(file.number(), block.data(), block.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return unreadable(path);
    if (count == 0) break;
    content.append(block.data(), static_cast<std::size_t>(count));
    if (content.size() > kLargestFile)
      return Error{ConfigErrc::unreadable, path + " is larger than 16 MiB; name another file"};
  }
  ::explicit_bzero(block.data(), block.size());  // may have held a secret
  return content;
}

}  // namespace dirsync::config
