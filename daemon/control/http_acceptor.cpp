#include "daemon/control/http_acceptor.hpp"

#include <sys/socket.h>

#include <array>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/url/parse.hpp>
#include <chrono>
#include <map>
#include <set>
#include <sstream>

#include "daemon/control/events.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Protocol = asio::generic::stream_protocol;
using Stream = beast::basic_stream<Protocol>;
using Body = http::span_body<char const>;
namespace {

constexpr std::uint32_t kLongestHead = 32'768;  // bytes: two long names, each byte of them written as three
constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kMostReadAway = std::size_t{1} << 20;  // bytes

int family_of(int socket) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return address.ss_family;
}

std::optional<uid_t> peer_of(int socket) {
  if (family_of(socket) != AF_UNIX) return std::nullopt;
  ucred peer{};
  socklen_t size = sizeof peer;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

std::optional<Request> request_of(http::request<http::string_body>&& message, std::optional<uid_t> peer) {
  auto const target = boost::urls::parse_origin_form(message.target());
  if (!target) return std::nullopt;
  Request request;
  request.method = std::string{message.method_string()};
  request.path = std::string{target->encoded_path()};
  for (auto const& each : target->params()) request.query[each.key] = each.value;
  for (auto const& field : message)
    request.headers[ascii_lower(std::string{field.name_string()})] = std::string{field.value()};
  request.body = std::move(message.body());
  request.peer = peer;
  return request;
}

}  // namespace

/// Shared with its connections, which may outlive the acceptor by a moment.
class HttpAcceptor::State : public std::enable_shared_from_this<State> {
 public:
  State(asio::any_io_executor executor, int listening, Limits limits, Answerer answer)
      : acceptor_(executor, Protocol{family_of(listening), 0}, listening),
        limits_(limits),
        answer_(std::move(answer)) {}

  void start() { asio::co_spawn(acceptor_.get_executor(), accept(shared_from_this()), asio::detached); }

  void close(std::function<void()> when_idle) {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    when_idle_ = std::move(when_idle);
    for (auto* const stream : reading_) stream->cancel();
    note_idle();
  }

 private:
  static asio::awaitable<void> accept(std::shared_ptr<State> self) {
    auto& acceptor = self->acceptor_;
    while (acceptor.is_open()) {
      boost::system::error_code failed;
      auto token = asio::redirect_error(asio::use_awaitable, failed);
      auto socket = co_await acceptor.async_accept(token);
      if (!failed) {
        auto const peer = peer_of(socket.native_handle());
        if (self->has_room_for(peer))
          asio::co_spawn(acceptor.get_executor(), serve(self, std::move(socket), peer), asio::detached);
        else
          self->turn_away(socket);
        continue;
      }
      if (!acceptor.is_open()) continue;
      // Out of descriptors, say: not at once again.
      asio::steady_timer pause{acceptor.get_executor(), std::chrono::seconds{1}};
      co_await pause.async_wait(token);
    }
  }

  bool has_room_for(std::optional<uid_t> peer) const {
    if (connections_ >= limits_.connections) return false;
    auto const found = by_account_.find(peer.value_or(0));
    return !peer || found == by_account_.end() || found->second < limits_.connections / 2;
  }

  /// Without a look at the request, and without waiting.
  void turn_away(Protocol::socket& socket) const {
    if (!limits_.errors_as_json) return;
    std::ostringstream text;
    auto const page = refusal(http::status::service_unavailable, "busy",
                              "too many connections are open; ask again when some have ended");
    text << response_of(page);
    boost::system::error_code ignored;
    socket.non_blocking(true, ignored);
    socket.write_some(asio::buffer(text.str()), ignored);
  }

  static asio::awaitable<void> serve(std::shared_ptr<State> self, Protocol::socket socket,
                                     std::optional<uid_t> peer) {
    struct Counted {
      Counted(State& state, std::optional<uid_t> account) : of(state), whose(account) {
        ++of.connections_;
        if (whose) ++of.by_account_[*whose];
      }
      ~Counted() {
        --of.connections_;
        if (whose && --of.by_account_[*whose] == 0) of.by_account_.erase(*whose);
        of.note_idle();
      }
      State& of;
      std::optional<uid_t> whose;
    } const counted{*self, peer};
    auto const stream = std::make_shared<Stream>(std::move(socket));
    http::request_parser<http::string_body> parser;
    parser.header_limit(kLongestHead);
    parser.body_limit(self->limits_.body);
    auto const failed = co_await self->read(*stream, parser);
    auto const is_head = !failed && parser.get().method() == http::verb::head;
    auto page = self->page_for(failed);
    if (failed && !page) co_return;
    auto const is_refused = page.has_value();
    if (!failed) {
      auto request = request_of(parser.release(), peer);
      if (request)
        page = co_await self->answer_(*std::move(request));
      else
        page = self->refusal(http::status::bad_request, "malformed", "This is no HTTP request.");
    }
    if (page->feed)
      co_await stream_events(stream, *page);
    else
      co_await write(*stream, *page, is_head);
    boost::system::error_code ignored;
    stream->socket().shutdown(asio::socket_base::shutdown_send, ignored);
    if (is_refused) co_await self->read_away(*stream);
  }

  /// Not for long, and not much: whoever still writes may lose the answer when the socket is closed on that.
  asio::awaitable<void> read_away(Stream& stream) {
    Reading const reading{*this, stream};
    std::array<char, 4096> unread{};
    stream.expires_after(kPatience);
    boost::system::error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    for (std::size_t size = 0; !failed && size < kMostReadAway;)
      size += co_await stream.async_read_some(asio::buffer(unread), token);
  }

  /// Of a peer who is parted with when nobody is to be served any more.
  struct Reading {
    Reading(State& state, Stream& stream) : of(state), mine(&stream) { of.reading_.insert(mine); }
    ~Reading() { of.reading_.erase(mine); }
    State& of;
    Stream* mine;
  };

  asio::awaitable<boost::system::error_code> read(Stream& stream,
                                                  http::request_parser<http::string_body>& parser) {
    Reading const reading{*this, stream};
    stream.expires_after(kPatience);
    beast::flat_buffer buffer{kLongestHead + limits_.body};
    boost::system::error_code failed;
    co_await http::async_read(stream, buffer, parser, asio::redirect_error(asio::use_awaitable, failed));
    // A second request, or more of a body whose length is wrong or missing: the whole may mean another run.
    if (!failed && buffer.size() > 0) failed = http::error::unexpected_body;
    co_return failed;
  }

  /// `page` must outlive it.
  static http::response<Body> response_of(Page const& page) {
    http::response<Body> response{static_cast<http::status>(page.status), 11};
    set_headers(response, page);
    auto const body = page.body.view();
    response.body() = Body::value_type{body.data(), body.size()};
    response.prepare_payload();
    response.keep_alive(false);
    return response;
  }

  static asio::awaitable<void> write(Stream& stream, Page const& page, bool is_head) {
    auto response = response_of(page);
    if (is_head) response.body() = Body::value_type{};
    stream.expires_after(kPatience);
    boost::system::error_code ignored;
    co_await http::async_write(stream, response, asio::redirect_error(asio::use_awaitable, ignored));
  }

  static void set_headers(http::fields& response, Page const& page) {
    response.set(http::field::content_type, page.content_type);
    response.set(http::field::cache_control, "no-store");
    for (auto const& [name, value] : page.headers) response.set(name, value);
  }

  static asio::awaitable<void> stream_events(std::shared_ptr<Stream> stream, Page const& page) {
    auto const feed = page.feed;
    // A peer that goes, or says more, is done.
    stream->socket().async_wait(asio::socket_base::wait_read,
                                [feed, stream](boost::system::error_code) { feed->end(); });
    http::response<http::empty_body> response{http::status::ok, 11};
    set_headers(response, page);
    response.chunked(true);
    response.keep_alive(false);
    http::response_serializer<http::empty_body> serializer{response};
    boost::system::error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    stream->expires_after(kPatience);
    co_await http::async_write_header(*stream, serializer, token);
    while (!failed) {
      co_await feed->wait(page.alive_after);
      auto lines = feed->take();
      if (lines.empty() && feed->has_ended()) break;
      if (lines.empty()) lines = page.alive_line;
      if (lines.empty()) continue;
      stream->expires_after(kPatience);
      auto chunk = http::make_chunk(asio::buffer(lines));
      co_await asio::async_write(*stream, std::move(chunk), token);
    }
    // Without its last chunk a reader can tell that lines are missing.
    if (!failed && !feed->has_overflowed()) {
      stream->expires_after(kPatience);
      auto end = http::make_chunk_last();
      co_await asio::async_write(*stream, std::move(end), token);
    }
    stream->cancel();
  }

  /// What is said of a request that could not be read; nothing: the peer is gone, or said nothing.
  std::optional<Page> page_for(boost::system::error_code const& failed) const {
    if (failed == http::error::header_limit || failed == http::error::buffer_overflow)
      return refusal(http::status::request_header_fields_too_large, "too-large", "The request is too long.");
    if (failed == http::error::body_limit)
      return refusal(http::status::payload_too_large, "too-large",
                     limits_.body == 0 ? "No body is taken here." : "The body is too long.");
    if (failed == http::error::unexpected_body)
      return refusal(http::status::bad_request, "malformed",
                     "More came than one request with a body as long as its Content-Length says.");
    if (failed.category() == http::make_error_code(http::error::bad_method).category() &&
        failed != http::error::end_of_stream && failed != http::error::partial_message)
      return refusal(http::status::bad_request, "malformed", "This is no HTTP request.");
    return std::nullopt;
  }

  Page refusal(http::status status, char const* code, char const* text) const {
    if (limits_.errors_as_json) return error_page(static_cast<int>(status), code, text);
    return {.status = static_cast<int>(status), .body = std::string{text} + "\n"};
  }

  void note_idle() {
    if (connections_ == 0 && when_idle_) std::exchange(when_idle_, {})();
  }

  asio::basic_socket_acceptor<Protocol> acceptor_;
  Limits limits_;
  Answerer answer_;
  std::function<void()> when_idle_;
  std::set<Stream*> reading_;
  std::size_t connections_ = 0;
  std::map<uid_t, std::size_t> by_account_;
};

HttpAcceptor::HttpAcceptor(asio::any_io_executor executor, int listening, Limits limits, Answerer answer)
    : state_(std::make_shared<State>(std::move(executor), listening, limits, std::move(answer))) {
  state_->start();
}
HttpAcceptor::~HttpAcceptor() { state_->close({}); }
void HttpAcceptor::close(std::function<void()> when_idle) { state_->close(std::move(when_idle)); }

}  // namespace dirsync::control
