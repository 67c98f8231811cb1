#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "tests/support/net/certificates.hpp"

namespace dirsync::test {

struct WireRequest {
  std::string head;  // request line and fields as on the wire
  std::string body;
  int connection = 0;  // from 1, in the order of their acceptance
  bool has(std::string_view text) const { return head.find(text) != std::string::npos; }
};

/// What goes back, byte by byte.
struct WireReply {
  std::string bytes;
  bool close = false;                  // the connection, after the bytes
  std::chrono::milliseconds delay{0};  // before the bytes
};

/// "HTTP/1.1 200 OK" with Content-Length; `fields` are whole lines with CRLF.
WireReply reply(int status, std::string_view body, std::string_view fields = "");

/// A server whose every byte the test decides, on 127.0.0.1. A thread for each connection; handlers run one
/// at a time.
class WireServer {
 public:
  using Handler = std::function<WireReply(WireRequest const&)>;
  enum class Handshake {
    normal,
    stalled,     // accepts TCP and then says nothing
    first_only,  // later connections end before a word of TLS
  };
  /// Speaks TLS when given certificates.
  explicit WireServer(Handler handler, CertificateFiles const* certificates = nullptr,
                      Handshake handshake = Handshake::normal);
  ~WireServer();
  WireServer(WireServer const&) = delete;
  WireServer& operator=(WireServer const&) = delete;

  std::uint16_t port() const;
  /// "https://127.0.0.1:PORT" or "http://..."
  std::string url() const;
  /// The greatest number of requests that were being answered at one time.
  int most_parallel() const;
  int requests() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dirsync::test
