#pragma once
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dirsync::test {

/// What sd_notify(3) or syslog(3) sends to. Throws std::runtime_error.
class DatagramSocket {
 public:
  explicit DatagramSocket(std::string path)
      : path_(std::move(path)), number_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.copy(address.sun_path, sizeof address.sun_path - 1);
    if (::bind(number_, reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
      throw std::runtime_error{"bind " + path_};
  }
  ~DatagramSocket() { ::close(number_); }
  DatagramSocket(DatagramSocket const&) = delete;
  DatagramSocket& operator=(DatagramSocket const&) = delete;
  std::string const& path() const { return path_; }

  /// All messages so far.
  std::vector<std::string> const& messages() {
    std::array<char, 4096> bytes{};
    for (ssize_t size = 0; (size = ::recv(number_, bytes.data(), bytes.size(), MSG_DONTWAIT)) > 0;)
      messages_.emplace_back(bytes.data(), static_cast<std::size_t>(size));
    return messages_;
  }
  bool has(std::string_view part) {
    return std::ranges::any_of(
        messages(), [part](auto const& message) { return message.find(part) != std::string::npos; });
  }

 private:
  std::string path_;
  int number_;
  std::vector<std::string> messages_;
};

}  // namespace dirsync::test
