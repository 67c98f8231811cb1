// Loaded into dirsyncd with LD_PRELOAD: what is sent to /dev/log comes to the socket SYSTEM_LOG instead.
#include <dlfcn.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstdlib>
#include <string_view>

extern "C" ssize_t sendto(int descriptor, void const* bytes, size_t size, int flags, sockaddr const* to,
                          socklen_t to_size) {
  using SendTo = ssize_t(int, void const*, size_t, int, sockaddr const*, socklen_t);
  static auto* const next = reinterpret_cast<SendTo*>(::dlsym(RTLD_NEXT, "sendto"));
  auto const* const path = std::getenv("SYSTEM_LOG");
  if (path == nullptr || to == nullptr || to->sa_family != AF_UNIX ||
      std::string_view{reinterpret_cast<sockaddr_un const*>(to)->sun_path} != "/dev/log")
    return next(descriptor, bytes, size, flags, to, to_size);
  sockaddr_un elsewhere{};
  elsewhere.sun_family = AF_UNIX;
  std::string_view{path}.copy(elsewhere.sun_path, sizeof elsewhere.sun_path - 1);
  return next(descriptor, bytes, size, flags, reinterpret_cast<sockaddr const*>(&elsewhere),
              sizeof elsewhere);
}
