#pragma once
// The file by which commands reach the service.
#include <sys/types.h>

#include <string>

#include "sync/model/error.hpp"

namespace dirsync::control {

enum class SocketErrc {
  unusable = 1,  // no place for a socket: path too long, no folder, no right, a file stands there
  taken,         // another service answers there
};
boost::system::error_code make_error_code(SocketErrc code);
char const* category_name(SocketErrc);
char const* to_text(SocketErrc code);
Failure failure_of(SocketErrc code);

/// A listening unix socket of mode 0660 and the process's group. Its file is removed with it, if it is still
/// the same. Thread: one.
class ControlSocket {
 public:
  /// Takes the place of a socket on which nobody listens any more; so the caller holds the lock of the
  /// instance. `path`: absolute. Errors: SocketErrc.
  static Result<ControlSocket> open(std::string path);
  ControlSocket(ControlSocket&& other) noexcept;
  ControlSocket& operator=(ControlSocket&&) = delete;
  ~ControlSocket();
  /// The descriptor, once; the receiver closes it.
  int release();

 private:
  ControlSocket(std::string path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::string path_;  // empty: moved from
  int descriptor_;
  dev_t device_ = 0;
  ino_t inode_ = 0;
};

}  // namespace dirsync::control

template <>
struct boost::system::is_error_code_enum<dirsync::control::SocketErrc> : std::true_type {};
