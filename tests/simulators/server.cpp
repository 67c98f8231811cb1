#include "tests/simulators/server.hpp"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <boost/beast/http.hpp>
#include <condition_variable>
#include <csignal>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "sync/model/text.hpp"
#include "tests/simulators/common.hpp"
#include "tests/simulators/gzip.hpp"
#include "tests/simulators/tls_socket.hpp"

namespace dirsync::sim {
namespace {
namespace http = boost::beast::http;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t kLargestBody = 64U << 20;
constexpr std::uint32_t kLongestHeader = 64U << 10;  // a token alone may have 8 KiB
constexpr std::size_t kPiece = 1024;

/// Pauses that the server's end cuts short.
class Stop {
 public:
  void request() {
    std::lock_guard const lock{mutex_};
    requested_ = true;
    changed_.notify_all();
  }
  /// False when the server ends.
  bool pause(std::chrono::milliseconds duration) {
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, duration, [this] { return requested_; });
  }
  bool requested() {
    std::lock_guard const lock{mutex_};
    return requested_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool requested_ = false;
};

/// Signals are for the program's main thread; SIGPIPE is for nobody.
void block_signals() {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
}

Request to_request(Parser const& parser) {
  auto const& message = parser.get();
  Fields headers;
  for (auto const& field : message) headers.emplace_back(field.name_string(), field.value());
  auto request = make_request(std::string_view{message.method_string()}, std::string_view{message.target()},
                              message.body(), std::move(headers));
  request.has_length = parser.content_length().has_value() || parser.chunked();
  return request;
}

enum class Read { request, malformed, end };

Read read_request(TlsSocket& socket, std::string& pending, Parser& parser) {
  parser.eager(true);
  parser.body_limit(kLargestBody);
  parser.header_limit(kLongestHeader);
  bool told_to_continue = false;
  while (true) {
    if (!pending.empty()) {
      boost::system::error_code error;
      auto const used = parser.put(boost::asio::buffer(pending), error);
      pending.erase(0, used);
      if (error && error != http::error::need_more) return Read::malformed;
      if (parser.is_done()) return Read::request;
    }
    if (parser.is_header_done() && !told_to_continue &&
        parser.get().find(http::field::expect) != parser.get().end()) {
      told_to_continue = true;
      if (!socket.write("HTTP/1.1 100 Continue\r\n\r\n")) return Read::end;
    }
    if (!socket.read_some(pending)) return Read::end;
  }
}

std::string head_of(Response const& response, bool keep_alive) {
  std::string_view const reason = http::obsolete_reason(static_cast<http::status>(response.status));
  auto head = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string{reason} + "\r\n";
  for (auto const& [name, value] : response.headers) head += name + ": " + value + "\r\n";
  if (response.status != 204 && response.status != 304)
    head += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
  head += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
  return head;
}

void compress(Response& response, Request const& request) {
  if (!response.gzip || response.body.empty()) return;
  if (request.header("Accept-Encoding").find("gzip") == std::string_view::npos) return;
  response.body = gzip(response.body);
  response.headers.emplace_back("Content-Encoding", "gzip");
}

/// False when the connection is over.
bool send(TlsSocket& socket, Stop& stop, Response response, Request const& request, bool keep_alive) {
  if (response.delay.count() > 0 && !stop.pause(response.delay)) return false;
  if (response.drop) return false;
  compress(response, request);
  auto const head = head_of(response, keep_alive);
  auto const bodiless = request.method == "HEAD" || response.status == 204 || response.status == 304;
  std::string_view body = bodiless ? std::string_view{} : std::string_view{response.body};
  if (response.cut_after) body = body.substr(0, *response.cut_after);
  auto const slow = response.per_piece.count() > 0;
  if (!slow && !response.cut_after) return socket.write(head + std::string{body});
  if (!socket.write(head)) return false;
  while (!body.empty()) {
    auto const piece = body.substr(0, slow ? kPiece : body.size());
    if (!socket.write(piece)) return false;
    body.remove_prefix(piece.size());
    if (slow && !stop.pause(response.per_piece)) return false;
  }
  if (response.cut_after) socket.reset();
  return !response.cut_after;
}
}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (auto const& [key, value] : headers)
    if (ascii_iequal(key, name)) return value;
  return {};
}

Request make_request(std::string_view method, std::string_view target, std::string body, Fields headers) {
  Request request;
  request.method = method;
  request.target = target;
  auto const mark = target.find('?');
  request.path = target.substr(0, mark);
  if (mark != std::string_view::npos) request.query = parse_query(target.substr(mark + 1));
  request.headers = std::move(headers);
  request.has_length = !body.empty();
  request.body = std::move(body);
  return request;
}

struct Server::Impl {
  struct Connection {
    explicit Connection(int descriptor) : socket{descriptor} {}
    TlsSocket socket;
    std::atomic<bool> done = false;
    std::thread thread;
  };

  Impl(Options const& options, std::function<Response(Request const&)> chosen_handler)
      : context{server_context(options.certificate_file, options.key_file)},
        handler{std::move(chosen_handler)} {
    listen_on(options);
    acceptor = std::thread{[this] { accept_connections(); }};
  }

  ~Impl() {
    stop.request();
    ::shutdown(listener, SHUT_RDWR);
    acceptor.join();
    for (auto& connection : connections) connection.socket.interrupt();
    for (auto& connection : connections) connection.thread.join();
    ::close(listener);
  }

  void listen_on(Options const& options) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(options.port);
    if (inet_pton(AF_INET, options.address.c_str(), &address.sin_addr) != 1)
      throw std::runtime_error{"not an IPv4 address: " + options.address};
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int const on = 1;
    ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    if (listener < 0 || ::bind(listener, generic, size) != 0 || ::listen(listener, SOMAXCONN) != 0 ||
        ::getsockname(listener, generic, &size) != 0) {
      if (listener >= 0) ::close(listener);
      throw std::runtime_error{"cannot listen on " + options.address + ":" + std::to_string(options.port)};
    }
    port = ntohs(address.sin_port);
  }

  void accept_connections() {
    block_signals();
    while (!stop.requested()) {
      auto const descriptor = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      if (descriptor < 0) {
        stop.pause(std::chrono::milliseconds{10});  // out of descriptors, or the end
        continue;
      }
      int const on = 1;
      ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      forget_finished();
      auto& connection = connections.emplace_back(descriptor);
      connection.thread = std::thread{[this, &connection] { serve(connection); }};
    }
  }

  void forget_finished() {
    connections.remove_if([](Connection& connection) {
      if (!connection.done) return false;
      connection.thread.join();
      return true;
    });
  }

  void serve(Connection& connection) {
    block_signals();
    auto& socket = connection.socket;
    if (socket.handshake(context.get())) {
      std::string pending;
      while (!stop.requested() && serve_one(socket, pending)) continue;
    }
    socket.close();
    connection.done = true;
  }

  /// False when the connection is over.
  bool serve_one(TlsSocket& socket, std::string& pending) {
    Parser parser;
    switch (read_request(socket, pending, parser)) {
      case Read::end:
        return false;
      case Read::malformed:
        send(socket, stop, html_response(400, "Bad Request"), Request{}, false);
        socket.say_goodbye();
        return false;
      case Read::request:
        break;
    }
    auto const request = to_request(parser);
    auto const keep_alive = parser.get().keep_alive();
    if (!send(socket, stop, call(request), request, keep_alive)) return false;
    if (!keep_alive) socket.say_goodbye();
    return keep_alive;
  }

  Response call(Request const& request) {
    std::lock_guard const lock{one_at_a_time};
    try {
      return handler(request);
    } catch (std::exception const& error) {  // a fault of the simulator must show in the test, not end it
      return html_response(500, std::string{"the simulator failed: "} + error.what());
    }
  }

  SslContext context;
  std::function<Response(Request const&)> handler;
  std::mutex one_at_a_time;
  Stop stop;
  int listener = -1;
  std::uint16_t port = 0;
  std::list<Connection> connections;  // the acceptor's until it has ended
  std::thread acceptor;
};

Server::Server(Options options, std::function<Response(Request const&)> handler)
    : impl_{std::make_unique<Impl>(options, std::move(handler))} {}
Server::~Server() = default;
std::uint16_t Server::port() const { return impl_->port; }

}  // namespace dirsync::sim
