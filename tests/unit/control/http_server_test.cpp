#include "daemon/control/http_server.hpp"

#include <gmock/gmock.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <thread>

#include "daemon/control/events.hpp"

namespace dirsync::control {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

/// Listens on a free port of 127.0.0.1 with one page, /metrics.
class GivenAServer : public testing::Test {
 protected:
  GivenAServer() {
    auto server = HttpServer::listen(io_.get_executor(), "127.0.0.1:" + std::to_string(port_), page, other);
    EXPECT_TRUE(server) << text(server.error());
    server_ = std::move(*server);
    thread_ = std::jthread{[this] { io_.run(); }};
  }
  ~GivenAServer() override {
    asio::post(io_, [this] {
      server_.reset();
      io_.stop();
    });
    thread_.join();
  }
  static std::optional<Page> page(std::string_view path) {
    if (path != "/metrics") return std::nullopt;
    return Page{.status = 200, .content_type = "text/plain", .body = "figures\n"};
  }
  static asio::awaitable<Page> other(Request request) {
    if (request.path == "/v1/events") {
      Page quiet;
      quiet.feed = std::make_shared<EventFeed>(co_await asio::this_coro::executor);
      quiet.alive_line = "alive\n";
      quiet.alive_after = std::chrono::milliseconds{5};
      co_return quiet;
    }
    if (request.path == "/v1/slow") co_return Page{.body = "looked up for " + header(request, "host") + "\n"};
    co_return Page{.status = 404, .body = "nothing\n"};
  }
  static std::uint16_t free_port() {
    asio::io_context io;
    return tcp::acceptor{io, {asio::ip::address_v4::loopback(), 0}}.local_endpoint().port();
  }
  tcp::socket connect() {
    tcp::socket socket{client_};
    socket.connect({asio::ip::address_v4::loopback(), port_});
    return socket;
  }
  std::string answer_to(std::string const& request) {
    auto socket = connect();
    boost::system::error_code ended;
    asio::write(socket, asio::buffer(request), ended);
    std::string answer;
    asio::read(socket, asio::dynamic_buffer(answer), ended);
    return answer;
  }

  asio::io_context io_{1}, client_;
  std::uint16_t port_ = free_port();
  std::unique_ptr<HttpServer> server_;
  std::jthread thread_;
};

TEST_F(GivenAServer, WhenAPageIsAskedForThenItIsGivenAndTheConnectionEnds) {
  EXPECT_THAT(answer_to("GET /metrics?x=1 HTTP/1.1\r\nHost: x\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Type: text/plain"), HasSubstr("figures")));
  EXPECT_THAT(answer_to("HEAD /metrics HTTP/1.1\r\nHost: x\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("Content-Length: 8"), Not(HasSubstr("figures"))));
}

TEST_F(GivenAServer, WhenItIsNoneOfThePagesThenTheOthersAreAsked) {
  EXPECT_THAT(answer_to("GET /v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200"), HasSubstr("looked up for localhost")));
  EXPECT_THAT(answer_to("POST /v1/slow HTTP/1.1\r\nHost: localhost\r\n\r\n"), StartsWith("HTTP/1.1 405"));
}

TEST_F(GivenAServer, WhenAFeedIsQuietThenItsReaderIsToldThatItLives) {
  auto socket = connect();
  asio::write(socket, asio::buffer(std::string{"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"}));
  std::string answer;
  asio::read_until(socket, asio::dynamic_buffer(answer), "alive\n");
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServer, WhenThereIsNoSuchPageOrMethodThenItIsSaid) {
  EXPECT_THAT(answer_to("GET /../etc/passwd HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(answer_to("DELETE /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405"));
}

TEST_F(GivenAServer, WhenAClientSendsGarbageThenItIsAnsweredAndOthersAreServed) {
  EXPECT_THAT(answer_to("\x16\x03\x01 hello, is this TLS?\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(answer_to("GET /metrics HTTP/1.1\r\nX: " + std::string(40'000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431"));
  EXPECT_THAT(answer_to("GET /metrics HTTP/1.1\r\nContent-Length: 5000000000\r\n\r\n"),
              StartsWith("HTTP/1.1 4"));
  EXPECT_THAT(answer_to("GET /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServer, WhenMoreComesThanOneRequestThenNothingOfItIsTakenForTheWhole) {
  std::string const request = "GET /metrics HTTP/1.1\r\n\r\n";
  EXPECT_THAT(answer_to(request + request),
              AllOf(StartsWith("HTTP/1.1 400"), HasSubstr("More came"), Not(HasSubstr("figures"))));
  EXPECT_THAT(answer_to(request), StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServer, WhenABodyIsRefusedThenWhoStillSendsItGetsTheAnswer) {
  auto socket = connect();
  asio::write(socket, asio::buffer(std::string{"POST /metrics HTTP/1.1\r\nContent-Length: 500000\r\n\r\n"}));
  std::string answer;
  boost::system::error_code failed;
  asio::read_until(socket, asio::dynamic_buffer(answer), "\r\n\r\n", failed);
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 413"));
  asio::write(socket, asio::buffer(std::string(500'000, 'x')), failed);
  EXPECT_FALSE(failed) << failed.message();
}

TEST_F(GivenAServer, WhenPeersSayNothingThenOthersAreServed) {
  std::vector<tcp::socket> silent;
  for (int n = 0; n < 20; ++n) silent.push_back(connect());
  EXPECT_THAT(answer_to("GET /metrics HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_F(GivenAServer, WhenThePortIsTakenThenTheErrorNamesIt) {
  auto const endpoint = "127.0.0.1:" + std::to_string(port_);
  asio::io_context io;
  auto const second = HttpServer::listen(io.get_executor(), endpoint, page);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ListenErrc::unusable);
  EXPECT_THAT(text(second.error()), AllOf(HasSubstr(endpoint), HasSubstr("free port")));
}

}  // namespace
}  // namespace dirsync::control
