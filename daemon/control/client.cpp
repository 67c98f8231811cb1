#include "daemon/control/client.hpp"

#include <sys/un.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include "sync/model/json.hpp"
#include "sync/model/text.hpp"

namespace dirsync::control {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace {

using LocalStream = beast::basic_stream<asio::local::stream_protocol>;
constexpr std::chrono::seconds kConnectPatience{5};
constexpr std::chrono::milliseconds kTick{200};
constexpr std::uint32_t kLongestReplyHead = 64U << 10;           // bytes
constexpr std::uint64_t kLongestReply = std::uint64_t{1} << 32;  // bytes

http::request<http::string_body> message_of(Call const& what) {
  http::request<http::string_body> message{http::string_to_verb(what.method), what.target, 11};
  message.set(http::field::host, "localhost");
  for (auto const& [name, value] : what.headers) message.set(name, value);
  message.body() = what.body;
  message.prepare_payload();
  return message;
}

Reply reply_of(http::response<http::string_body>&& message) {
  Reply reply{.status = static_cast<int>(message.result_int()), .headers = {}, .body = {}};
  for (auto const& field : message)
    reply.headers[ascii_lower(std::string{field.name_string()})] = std::string{field.value()};
  reply.body = std::move(message.body());
  return reply;
}

/// One call, and what is watched beside it, on an event loop of its own.
class Conversation {
 public:
  Conversation(std::string const& socket, Call const& what, std::optional<Watcher> watcher)
      : socket_(socket), what_(what), watcher_(std::move(watcher)) {}

  Result<Reply> run() {
    asio::co_spawn(io_, ask(), [this](std::exception_ptr failure) {
      if (failure) reply_ = error(ClientErrc::ended);
      io_.stop();
    });
    if (watcher_) {
      asio::co_spawn(io_, watch(), asio::detached);
      tick();
    }
    io_.run();
    return std::move(reply_);
  }

 private:
  Error error(ClientErrc code) const { return {code, printable(socket_)}; }

  asio::awaitable<boost::system::error_code> connect(LocalStream& stream) {
    boost::system::error_code failed;
    stream.expires_after(kConnectPatience);
    asio::local::stream_protocol::endpoint const endpoint{socket_};
    co_await stream.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, failed));
    co_return failed;
  }

  asio::awaitable<void> ask() {
    LocalStream stream{io_};
    if (co_await connect(stream)) {
      reply_ = error(ClientErrc::no_service);
      co_return;
    }
    boost::system::error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    auto const message = message_of(what_);
    stream.expires_after(kConnectPatience);
    co_await http::async_write(stream, message, token);
    http::response_parser<http::string_body> parser;
    parser.header_limit(kLongestReplyHead);
    parser.body_limit(kLongestReply);
    beast::flat_buffer buffer;
    what_.patience ? stream.expires_after(*what_.patience) : stream.expires_never();
    // Also when the request could not be written to its end: who refuses it may have said why.
    co_await http::async_read(stream, buffer, parser, token);
    if (failed)
      reply_ = error(failed == beast::error::timeout ? ClientErrc::silent : ClientErrc::ended);
    else
      reply_ = reply_of(parser.release());
  }

  asio::awaitable<void> watch() {
    LocalStream stream{io_};
    if (co_await connect(stream)) co_return;
    stream.expires_never();
    Call const events{.method = "GET", .target = "/v1/events"};
    auto const message = message_of(events);
    boost::system::error_code failed;
    auto token = asio::redirect_error(asio::use_awaitable, failed);
    co_await http::async_write(stream, message, token);
    // Lines are told from what frames them by how they begin.
    std::string text;
    while (!failed) {
      auto buffer = asio::dynamic_buffer(text);
      auto const size = co_await asio::async_read_until(stream, buffer, '\n', token);
      if (failed) co_return;
      take(std::string_view{text}.substr(0, size));
      text.erase(0, size);
    }
  }

  void take(std::string_view line) {
    if (!line.starts_with('{')) return;
    auto const value = parse_json(line);
    if (!value || !value->is_object()) return;
    auto const& event = value->get_object();
    if (text_at(event, "event") != "progress") return;
    watcher_->progress(text_at(event, "what"),
                       static_cast<std::uint64_t>(integer_at(event, "done").value_or(0)),
                       static_cast<std::uint64_t>(integer_at(event, "total").value_or(0)));
  }

  void tick() {
    timer_.expires_after(kTick);
    timer_.async_wait([this](boost::system::error_code failed) {
      if (failed) return;
      watcher_->tick();
      tick();
    });
  }

  std::string const& socket_;
  Call const& what_;
  std::optional<Watcher> watcher_;
  asio::io_context io_{1};
  asio::steady_timer timer_{io_};
  Result<Reply> reply_ = Reply{};
};

}  // namespace

boost::system::error_code make_error_code(ClientErrc code) { return code_of(code); }
char const* category_name(ClientErrc) { return "service"; }
char const* to_text(ClientErrc code) {
  switch (code) {
    case ClientErrc::no_service:
      return "no service answers";
    case ClientErrc::ended:
      return "the service ended; `dirsyncd runs` tells what was done";
    case ClientErrc::silent:
      return "the service does not answer; see its log";
  }
  return "";
}
Failure failure_of(ClientErrc) { return Failure::transient; }

Result<Reply> call(std::string const& socket, Call const& what, std::optional<Watcher> watcher) {
  if (socket.empty() || socket.size() >= sizeof(sockaddr_un{}.sun_path))
    return Error{ClientErrc::no_service, printable(socket)};
  return Conversation{socket, what, std::move(watcher)}.run();
}

}  // namespace dirsync::control
