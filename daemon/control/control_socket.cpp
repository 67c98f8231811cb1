#include "daemon/control/control_socket.hpp"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include "store/descriptor.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace {

constexpr mode_t kNotOfOthers = 0117;  // leaves 0660

Error no_socket(SocketErrc code, std::string const& path, std::string const& why) {
  return {code, "service.control_socket " + printable(path) + ": " + why};
}

Error no_socket(std::string const& path, int code, std::string const& next) {
  return no_socket(SocketErrc::unusable, path, std::generic_category().message(code) + "; " + next);
}

std::optional<sockaddr_un> address_of(std::string const& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

/// Whether anybody listens there. A full queue is somebody's.
bool is_live(sockaddr_un const& address) {
  store::Descriptor const probe{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)};
  if (::connect(probe.number(), reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0)
    return true;
  return errno != ECONNREFUSED && errno != ENOENT;
}

Result<void> make_room(std::string const& path, sockaddr_un const& address) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0) {
    if (errno == ENOENT) return {};  // of a folder that is missing, bind() tells
    return no_socket(path, errno, "let the account that runs dirsyncd enter the folder");
  }
  if (!S_ISSOCK(there.st_mode))
    return no_socket(SocketErrc::unusable, path,
                     "something else than a socket stands there; move it away, or give another path");
  if (is_live(address))
    return no_socket(SocketErrc::taken, path,
                     "another process answers there; give each service a path of its own");
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return no_socket(path, errno, "remove the socket that a service left there");
  return {};
}

}  // namespace

boost::system::error_code make_error_code(SocketErrc code) { return code_of(code); }
char const* category_name(SocketErrc) { return "control-socket"; }
char const* to_text(SocketErrc code) {
  return code == SocketErrc::taken ? "the control socket is in use" : "there can be no control socket";
}
Failure failure_of(SocketErrc) { return Failure::permanent; }

Result<ControlSocket> ControlSocket::open(std::string path) {
  auto const address = address_of(path);
  if (!address)
    return no_socket(SocketErrc::unusable, path,
                     "is longer than the 107 bytes that a socket's path may have; set service.control_socket "
                     "to a shorter one");
  if (auto const room = make_room(path, *address); !room) return room.error();
  ControlSocket opened{path, ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  auto const mask = ::umask(kNotOfOthers);
  auto const bound =
      ::bind(opened.descriptor_, reinterpret_cast<sockaddr const*>(&*address), sizeof *address);
  auto const reason = errno;
  ::umask(mask);
  if (bound != 0)
    return no_socket(path, reason, "let the folder be there, and the account that runs dirsyncd write to it");
  struct stat made {};
  if (::lstat(opened.path_.c_str(), &made) == 0) {
    opened.device_ = made.st_dev;
    opened.inode_ = made.st_ino;
  }
  if (::listen(opened.descriptor_, SOMAXCONN) != 0)
    return no_socket(opened.path_, errno, "look for what the system is short of");
  return opened;
}

ControlSocket::ControlSocket(ControlSocket&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      descriptor_(std::exchange(other.descriptor_, -1)),
      device_(other.device_),
      inode_(other.inode_) {}

ControlSocket::~ControlSocket() {
  if (descriptor_ >= 0) ::close(descriptor_);
  struct stat there {};
  if (path_.empty() || ::lstat(path_.c_str(), &there) != 0) return;
  if (there.st_dev == device_ && there.st_ino == inode_) ::unlink(path_.c_str());
}

int ControlSocket::release() { return std::exchange(descriptor_, -1); }

}  // namespace dirsync::control
