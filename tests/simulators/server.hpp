#pragma once
// The HTTPS server under both simulators: TLS, HTTP/1.1 keep-alive, faults on the wire.
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dirsync::sim {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Request {
  std::string method;  // "GET"
  std::string target;  // as on the wire: "/PasswordVault/API/UserGroups?filter=a%20b"
  std::string path;    // before '?', still encoded
  Fields query;        // decoded, in order
  Fields headers;
  std::string body;
  bool has_length = false;                               // a Content-Length or chunked body was announced
  std::string_view header(std::string_view name) const;  // any case; empty when absent
};

struct Response {
  int status = 200;
  Fields headers;
  std::string body;
  bool gzip = false;  // compress when the client accepts it
  // Faults on the wire; the effect on the state has happened by then.
  bool drop = false;                       // close without an answer
  std::optional<std::size_t> cut_after;    // send the head and so many body bytes, then reset
  std::chrono::milliseconds delay{0};      // before the answer
  std::chrono::milliseconds per_piece{0};  // slow body: pause after each 1 KiB
};

/// A request as if it had come over the wire. `body` counts as announced when it is not empty.
Request make_request(std::string_view method, std::string_view target, std::string body = {},
                     Fields headers = {});

/// HTTPS/1.1 with keep-alive, TLS 1.2 and up, a thread for each connection. Handlers are called one at a
/// time. The constructor throws std::runtime_error when it cannot listen or read its certificate. The
/// destructor ends open connections, also those in the middle of a delay.
class Server {
 public:
  struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    std::string certificate_file, key_file;
  };
  Server(Options options, std::function<Response(Request const&)> handler);
  ~Server();
  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dirsync::sim
