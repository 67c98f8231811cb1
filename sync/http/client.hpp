#pragma once
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/error.hpp"
#include "sync/model/secret.hpp"

namespace dirsync::http {

enum class HttpErrc {
  connect_failed = 1,  // name look-up, refused, unreachable: nothing was sent
  tls_failed,          // certificate or handshake: nothing was sent
  proxy_failed,        // the proxy refused: nothing was sent
  timed_out,           // deadline passed; the request may have been processed
  cut,                 // the connection ended in mid-answer or before one; may have been processed
  too_large,           // the answer passed the limit
  bad_redirect,        // a redirect; never followed
  retry_after_too_long,
  cancelled,
  bad_setup,     // CA file, client certificate, URL
  body_refused,  // BodySink::write said no
  bad_path,      // the path would lead elsewhere: nothing was sent
};
boost::system::error_code make_error_code(HttpErrc code);
char const* category_name(HttpErrc);
char const* to_text(HttpErrc code);
Failure failure_of(HttpErrc code);
/// True when the server certainly did not see the request.
bool certainly_not_sent(Error const& error);

enum class Method { get, post, put, del };
char const* to_text(Method method);  // "GET"

/// What the client may repeat by itself.
enum class Repeat {
  never,          // every failure goes to the caller
  when_refused,   // only what the server certainly did not do: not sent at all, or 429
  unless_judged,  // logons: besides, what nobody behind a gateway saw: 502, 503, 504
  always,         // reads: also 408, 502, 503, 504, cut and timed-out connections
};

struct Header {
  std::string name, value;
};

/// For servers that authenticate the connection itself: NTLM with these words; Negotiate, which takes a
/// Kerberos ticket of this process, only where the server offers nothing else.
struct Login {
  std::string user;
  Secret password;
};

/// Takes the body while it arrives. Called on libcurl's thread, never at the same time; one object per
/// attempt.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// False ends the transfer with an error.
  virtual bool write(std::string_view piece) = 0;
};

struct Response;
struct Request {
  Method method = Method::get;
  std::string path;   // below the base URL, encoded, with query: "/API/UserGroups?includeMembers=true"
  std::string route;  // the same for logs, without query and with "*" for each name and id
  std::vector<Header> headers;
  std::string body;          // sent with Content-Length, also when empty on POST and PUT
  std::string content_type;  // empty: none
  bool is_write = false;     // it changes what somebody may do: a write in hand while it is on its way
  Repeat repeat = Repeat::never;
  /// With Repeat::always: whether this answer passes by itself as well, beside those that always do.
  /// `attempt`: the one that it answered, from 1.
  bool (*passes)(Response const& answer, int attempt) = nullptr;
  std::optional<std::chrono::milliseconds> total;  // deadline of one attempt; default: the settings'
  std::optional<Login> login;
  /// Only this URL of the settings, by its place: a session lives on the server that opened it. When that one
  /// cannot be reached and there are others, the caller hears of it at once.
  std::optional<std::size_t> only_at;
  bool confidential = false;  // session call: not even its body's length is traced
  /// Makes the sink of each attempt; only 2xx bodies go there, others to Response::body. None: body is kept.
  std::function<std::unique_ptr<BodySink>()> make_sink;
};

/// Wipes the body of a confidential request when its scope ends: it may hold a password.
class WipesBody {
 public:
  explicit WipesBody(Request& request) : request_(request) {}
  WipesBody(WipesBody const&) = delete;
  WipesBody& operator=(WipesBody const&) = delete;
  ~WipesBody() {
    if (request_.confidential) wipe(request_.body);
  }

 private:
  Request& request_;
};

struct Response {
  int status = 0;
  std::vector<Header> headers;
  std::string body;
  std::unique_ptr<BodySink> sink;
  std::size_t from = 0;  // which URL of the settings answered, by its place
  /// First value; empty when absent. Names compare without regard to case.
  std::string_view header(std::string_view name) const;
};

/// Percent-encodes UTF-8 for one path segment or query value: unreserved characters stay (RFC 3986, 2.3).
std::string percent_encode(std::string_view text);
/// Its inverse; what is no code stays.
std::string percent_decode(std::string_view text);

/// True when a server would take a segment of `path`, which is encoded or not, for its own or its parent
/// folder: "." or "..", be it encoded several times or with parameters behind it. A query does not count.
bool has_dot_segment(std::string_view path);

/// One server. Keeps connections, cookies, pace and retries. Errors are transport errors; a 4xx or 5xx is a
/// Response. Context of an error: method, host and path; never a header or a body. Thread: event loop.
class Client {
 public:
  virtual ~Client() = default;
  virtual boost::asio::awaitable<Result<Response>> send(Request request) = 0;
  /// Forgets cookies: a new session begins.
  virtual void forget_cookies() = 0;
};

}  // namespace dirsync::http

template <>
struct boost::system::is_error_code_enum<dirsync::http::HttpErrc> : std::true_type {};
