#include "daemon/control/http_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>

namespace dirsync::control {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
namespace {

constexpr std::size_t kMostConnections = 32;
constexpr std::uint32_t kLongestRequest = 8192;  // bytes
constexpr std::chrono::seconds kPatience{10};

std::optional<tcp::endpoint> endpoint_of(std::string const& text) {
  auto const colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  auto host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  boost::system::error_code failed;
  auto const address = asio::ip::make_address(host, failed);
  if (failed) return std::nullopt;
  return tcp::endpoint{address, static_cast<std::uint16_t>(std::stoi(text.substr(colon + 1)))};
}

Page page_of(http::status status, char const* text) {
  return {.status = static_cast<int>(status), .body = std::string{text} + "\n"};
}

/// What is said of a request that could not be read; nothing: the peer is gone, or said nothing.
std::optional<Page> page_for(beast::error_code const& failed) {
  if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
    return page_of(http::status::request_header_fields_too_large, "The request is too long.");
  if (failed == http::error::body_limit)
    return page_of(http::status::payload_too_large, "No body is taken here.");
  if (failed.category() == http::make_error_code(http::error::bad_method).category() &&
      failed != http::error::end_of_stream && failed != http::error::partial_message)
    return page_of(http::status::bad_request, "This is no HTTP request.");
  return std::nullopt;
}

}  // namespace

boost::system::error_code make_error_code(ListenErrc code) { return code_of(code); }
char const* category_name(ListenErrc) { return "listen"; }
char const* to_text(ListenErrc) { return "the address cannot be listened on"; }
Failure failure_of(ListenErrc) { return Failure::transient; }

/// Shared with its connections, which may outlive the server by a moment.
class HttpServer::Acceptor : public std::enable_shared_from_this<Acceptor> {
 public:
  Acceptor(tcp::acceptor acceptor, Pages pages) : acceptor_(std::move(acceptor)), pages_(std::move(pages)) {}

  void start() { asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), asio::detached); }
  void close() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  }

 private:
  static asio::awaitable<void> accept(std::shared_ptr<Acceptor> self) {
    auto& acceptor = self->acceptor_;
    while (acceptor.is_open()) {
      boost::system::error_code failed;
      auto token = asio::redirect_error(asio::use_awaitable, failed);
      auto socket = co_await acceptor.async_accept(token);
      if (!failed && self->connections_ < kMostConnections) {
        asio::co_spawn(acceptor.get_executor(), serve(self, std::move(socket)), asio::detached);
        continue;
      }
      if (!failed || !acceptor.is_open()) continue;
      // Out of descriptors, say: not at once again.
      asio::steady_timer pause{acceptor.get_executor(), std::chrono::seconds{1}};
      co_await pause.async_wait(token);
    }
  }

  static asio::awaitable<void> serve(std::shared_ptr<Acceptor> self, tcp::socket socket) {
    struct Counted {
      explicit Counted(std::size_t& number) : count(number) { ++count; }
      ~Counted() { --count; }
      std::size_t& count;
    } const counted{self->connections_};
    beast::tcp_stream stream{std::move(socket)};
    stream.expires_after(kPatience);
    beast::flat_buffer buffer{kLongestRequest};
    http::request_parser<http::empty_body> parser;
    parser.header_limit(kLongestRequest);
    boost::system::error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    co_await http::async_read(stream, buffer, parser, token);
    auto const page = failed ? page_for(failed) : std::optional{self->answer(parser.get())};
    if (!page) co_return;
    http::response<http::string_body> response{static_cast<http::status>(page->status), 11};
    response.set(http::field::content_type, page->content_type);
    response.set(http::field::cache_control, "no-store");
    response.body() = page->body;
    response.prepare_payload();
    response.keep_alive(false);
    if (!failed && parser.get().method() == http::verb::head) response.body().clear();
    stream.expires_after(kPatience);
    co_await http::async_write(stream, response, token);
    stream.socket().shutdown(tcp::socket::shutdown_send, failed);
  }

  Page answer(http::request<http::empty_body> const& request) const {
    if (request.method() != http::verb::get && request.method() != http::verb::head)
      return page_of(http::status::method_not_allowed, "GET and HEAD alone.");
    std::string_view target{request.target().data(), request.target().size()};
    auto page = pages_(target.substr(0, target.find('?')));
    return page ? *std::move(page)
                : page_of(http::status::not_found, "There are /metrics, /healthz and /readyz.");
  }

  tcp::acceptor acceptor_;
  Pages pages_;
  std::size_t connections_ = 0;
};

Result<std::unique_ptr<HttpServer>> HttpServer::listen(asio::any_io_executor executor,
                                                       std::string const& endpoint, Pages pages) {
  auto const unusable = [&endpoint](std::string const& why) {
    return Error{ListenErrc::unusable, "service.http_listen " + endpoint + ": " + why +
                                           "; give it an address of this machine and a free port"};
  };
  auto const address = endpoint_of(endpoint);
  if (!address) return unusable("is no IP address with a port");
  tcp::acceptor acceptor{executor};
  boost::system::error_code failed;
  acceptor.open(address->protocol(), failed);
  if (!failed) acceptor.set_option(asio::socket_base::reuse_address{true}, failed);
  if (!failed) acceptor.bind(*address, failed);
  if (!failed) acceptor.listen(asio::socket_base::max_listen_connections, failed);
  if (failed) return unusable(failed.message());
  auto started = std::make_shared<Acceptor>(std::move(acceptor), std::move(pages));
  started->start();
  return std::unique_ptr<HttpServer>{new HttpServer{std::move(started)}};
}

HttpServer::HttpServer(std::shared_ptr<Acceptor> acceptor) : acceptor_(std::move(acceptor)) {}
HttpServer::~HttpServer() { acceptor_->close(); }

}  // namespace dirsync::control
