#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace dirsync::test {

/// A TCP socket on 127.0.0.1, or on `host` (an address, host byte order).
class LoopbackSocket {
 public:
  explicit LoopbackSocket(int number = -1) : number_(number) {}
  LoopbackSocket(LoopbackSocket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  LoopbackSocket& operator=(LoopbackSocket&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~LoopbackSocket() {
    if (number_ >= 0) ::close(number_);
  }
  int number() const { return number_; }

  /// Port 0: any free one. Throws std::system_error.
  static LoopbackSocket listening(std::uint16_t port = 0, std::uint32_t host = INADDR_LOOPBACK) {
    LoopbackSocket socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    int const on = 1;
    ::setsockopt(socket.number_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto address = at(port, host);
    if (::bind(socket.number_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0 ||
        ::listen(socket.number_, 16) != 0)
      throw std::system_error(errno, std::generic_category(), "listen on loopback");
    return socket;
  }

  /// Nothing listens there: number() is -1.
  static LoopbackSocket connected(std::uint16_t port, std::uint32_t host = INADDR_LOOPBACK) {
    LoopbackSocket socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    auto const address = at(port, host);
    if (::connect(socket.number_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
      return LoopbackSocket{};
    return socket;
  }

  std::uint16_t port() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(number_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
  }

 private:
  static sockaddr_in at(std::uint16_t port, std::uint32_t host) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(host);
    return address;
  }
  int number_;
};

}  // namespace dirsync::test
