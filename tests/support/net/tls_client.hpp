#pragma once
// A bare TLS client for tests that look at single bytes of the wire.
#include <openssl/ssl.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace dirsync::test {

/// Connects to 127.0.0.1 and verifies the server against `ca_file` and that address.
class TlsClient {
 public:
  TlsClient(std::uint16_t port, std::filesystem::path const& ca_file, int highest_version = 0);
  ~TlsClient();
  TlsClient(TlsClient const&) = delete;
  TlsClient& operator=(TlsClient const&) = delete;

  bool connected() const { return connected_; }
  void write(std::string_view data);
  /// One answer: head, and as much body as its Content-Length says; what came when the connection ends
  /// before.
  std::string read_answer();
  /// True when the connection has ended, in whatever way.
  bool at_end();

 private:
  struct Free {
    void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  };
  bool read_some();

  std::unique_ptr<SSL_CTX, Free> context_;
  std::unique_ptr<SSL, Free> ssl_;
  int socket_ = -1;
  bool connected_ = false;
  std::string received_;
};

}  // namespace dirsync::test
