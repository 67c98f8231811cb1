#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sync/http/client.hpp"
#include "sync/http/settings.hpp"
#include "sync/model/peer_certificate.hpp"

namespace dirsync::http {

/// One attempt at one URL: the request, and then what became of it.
struct Exchange {
  std::string url;
  Method method = Method::get;
  std::vector<Header> headers;
  std::string body, content_type;
  std::optional<Login> login;
  bool with_ticket = false;  // a login by Negotiate instead of NTLM
  std::chrono::milliseconds total{};
  bool may_be_sent_twice = false;  // libcurl may repeat it when a kept connection turns out to be dead
  std::string where;               // for messages: method, host, path

  Response response;
  bool wants_ticket = false;           // the server refused the login and offers Negotiate, but no NTLM
  std::vector<PeerCertificate> shown;  // by the server, its own first; empty where there was no handshake
  std::optional<Error> error;
};

/// libcurl's multi handle on a thread of its own: it owns connections, TLS, cookies, proxies and DNS.
class Transfers {
 public:
  explicit Transfers(ClientSettings settings);
  /// Ends every exchange as cancelled.
  ~Transfers();
  /// Fills in `exchange`. Cancellation ends it with HttpErrc::cancelled. Completes on the caller's executor.
  boost::asio::awaitable<void> perform(std::shared_ptr<Exchange> exchange);
  void forget_cookies();

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace dirsync::http
