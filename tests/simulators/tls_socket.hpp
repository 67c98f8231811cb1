#pragma once
// One TLS connection on a blocking socket, which another thread may interrupt.
#include <openssl/ssl.h>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace dirsync::sim {

struct FreeSslContext {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
using SslContext = std::unique_ptr<SSL_CTX, FreeSslContext>;

/// TLS 1.2 and up. Throws std::runtime_error when a file cannot be used.
SslContext server_context(std::string const& certificate_file, std::string const& key_file);

class TlsSocket {
 public:
  /// Owns `socket`.
  explicit TlsSocket(int socket) : socket_{socket} {}
  ~TlsSocket() { close(); }
  TlsSocket(TlsSocket const&) = delete;
  TlsSocket& operator=(TlsSocket const&) = delete;

  bool handshake(SSL_CTX* context);
  /// Appends what has come. False at the end of the connection.
  bool read_some(std::string& data);
  bool write(std::string_view data);
  void say_goodbye();  // close_notify
  void close();
  /// Closes with RST, so that the peer sees an error and not an end.
  void reset();
  /// From any thread: blocked calls return.
  void interrupt();

 private:
  struct FreeSsl {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
  };
  std::mutex closing_;  // a closed descriptor's number may be in use again
  int socket_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace dirsync::sim
