// The HTTP client against a server whose every byte the test decides.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <filesystem>

#include "sync/http/curl_client.hpp"
#include "tests/simulators/gzip.hpp"
#include "tests/support/net/free_port.hpp"
#include "tests/support/net/wire_server.hpp"
#include "tests/support/request_event.hpp"
#include "tests/support/run.hpp"

namespace asio = boost::asio;

namespace dirsync::http {
namespace {

using namespace std::chrono_literals;
using test::in_words;
using test::reply;
using test::WireReply;
using test::WireRequest;
using test::WireServer;

class Collector final : public BodySink {
 public:
  explicit Collector(std::string& into) : into_{into} {}
  bool write(std::string_view piece) override {
    into_ += piece;
    return piece.find("stop") == std::string_view::npos;
  }

 private:
  std::string& into_;
};

class HttpTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    char folder[] = "/tmp/dirsync-http-XXXXXX";
    ASSERT_NE(mkdtemp(folder), nullptr);
    folder_ = folder;
    certificates_ = test::make_certificates(folder_);
  }
  static void TearDownTestSuite() { std::filesystem::remove_all(folder_); }

  ClientSettings settings(std::vector<std::string> urls) const {
    ClientSettings made;
    made.target = "vault";
    made.urls = std::move(urls);
    made.tls.ca_file = certificates_.ca_file;
    made.tls.plaintext = true;
    made.timeouts = {2s, 1s, 10s};
    made.retry = {4, 10ms, 5s};
    made.pace = {4, 0};
    made.proxy = "";
    return made;
  }
  std::unique_ptr<Client> open(ClientSettings with) {
    Surroundings surroundings;
    surroundings.jitter = [] { return 0.0; };  // no waiting between attempts
    surroundings.on_request = [lines = &traced_](RequestEvent const& event) {
      lines->push_back(in_words(event));
    };
    surroundings.on_certificate = [shown = &shown_](PeerCertificate const& certificate) {
      shown->push_back(certificate);
    };
    auto client = open_client(io_.get_executor(), std::move(with), std::move(surroundings));
    EXPECT_TRUE(client) << (client ? "" : text(client.error()));
    return *std::move(client);
  }
  std::unique_ptr<Client> open(WireServer const& server) { return open(settings({server.url()})); }
  Result<Response> send(Client& client, Request request) {
    return test::run(io_, client.send(std::move(request)));
  }
  static Request get(Repeat repeat = Repeat::never) {
    Request request;
    request.path = "/x";
    request.repeat = repeat;
    return request;
  }
  static Request post(std::string body, Repeat repeat = Repeat::when_refused) {
    Request request;
    request.method = Method::post;
    request.path = "/x";
    request.body = std::move(body);
    request.content_type = "application/json";
    request.repeat = repeat;
    return request;
  }

  static inline std::filesystem::path folder_;
  static inline test::CertificateFiles certificates_;
  asio::io_context io_;
  std::vector<std::string> traced_;
  std::vector<PeerCertificate> shown_;
};

class GivenTlsServer : public HttpTest {
 protected:
  static WireReply echo(WireRequest const& request) { return reply(200, request.head + "|" + request.body); }
  WireServer server_{&echo, &certificates_};
};

TEST_F(GivenTlsServer, WhenRequestedThenAnswered) {
  auto const client = open(server_);
  auto request = post("{}");
  request.headers.push_back({"Authorization", "TOKEN=raw;without scheme"});
  auto const response = send(*client, request);
  ASSERT_TRUE(response) << text(response.error());
  EXPECT_EQ(response->status, 200);
  EXPECT_TRUE(response->body.starts_with("POST /x HTTP/1.1\r\n"));
  EXPECT_NE(response->body.find("\r\nAuthorization: TOKEN=raw;without scheme\r\n"), std::string::npos);
  EXPECT_NE(response->body.find("\r\nContent-Type: application/json\r\n"), std::string::npos);
  EXPECT_TRUE(response->body.ends_with("|{}"));
}
TEST_F(GivenTlsServer, WhenAConnectionIsMadeThenItsCertificateIsToldOnce) {
  auto const client = open(server_);
  ASSERT_TRUE(send(*client, get()));
  ASSERT_TRUE(send(*client, get())) << "on the same connection";
  ASSERT_EQ(shown_.size(), 1U);
  EXPECT_EQ(shown_[0].server, "127.0.0.1:" + std::to_string(server_.port()));
  EXPECT_EQ(shown_[0].subject, "CN=localhost");
  EXPECT_EQ(shown_[0].issuer, "CN=dirsyncd test CA");
  auto const left = shown_[0].not_after - std::chrono::system_clock::now();
  EXPECT_TRUE(left > 1h && left < 24h) << rfc3339(shown_[0].not_after);
}
TEST_F(GivenTlsServer, WhenItsCertificateIsNotTrustedThenItIsNotTold) {
  auto with = settings({server_.url()});
  with.tls.ca_file.clear();
  EXPECT_FALSE(send(*open(with), get()));
  EXPECT_TRUE(shown_.empty());
}
TEST_F(GivenTlsServer, WhenBodyIsEmptyThenItsLengthIsSent) {
  auto const client = open(server_);
  for (auto const method : {Method::post, Method::put}) {
    auto request = post("");
    request.method = method;
    request.content_type = "";
    auto const response = send(*client, request);
    ASSERT_TRUE(response);
    EXPECT_NE(response->body.find("\r\nContent-Length: 0\r\n"), std::string::npos);
    EXPECT_EQ(response->body.find("Content-Type"), std::string::npos);
  }
}
TEST_F(GivenTlsServer, WhenPathHasDotsAndEscapesThenSentUnchanged) {
  auto const client = open(server_);
  Request request;
  request.method = Method::del;
  request.path = "/API/.../a%5Cb%40c./";
  auto const response = send(*client, request);
  ASSERT_TRUE(response);
  EXPECT_TRUE(response->body.starts_with("DELETE /API/.../a%5Cb%40c./ HTTP/1.1\r\n"));
}
TEST_F(GivenTlsServer, WhenCaIsAnotherThenNotTrustedAndRemedyIsNamed) {
  auto const other = folder_ / "other";
  std::filesystem::create_directories(other);
  auto with = settings({server_.url()});
  with.tls.ca_file = test::make_certificates(other).ca_file;
  auto const client = open(with);
  auto const response = send(*client, get(Repeat::always));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::tls_failed);
  EXPECT_TRUE(certainly_not_sent(response.error()));
  EXPECT_NE(response.error().context.find("tls.ca_file"), std::string::npos);
  EXPECT_EQ(server_.requests(), 0);
}
TEST_F(GivenTlsServer, WhenItsCertificateDoesNotFitThenTheRemedyDoes) {
  test::CertificateOptions expired, of_another_name;
  expired.expired = true;
  of_another_name.subject_names = "DNS:other.example.com";
  auto number = 0;
  for (auto const& [options, remedy] : {std::pair{expired, "renew the certificate on the server"},
                                        std::pair{of_another_name, "write the host name that"}}) {
    auto const place = folder_ / std::to_string(++number);
    std::filesystem::create_directories(place);
    auto const certificates = test::make_certificates(place, options);
    WireServer server{&echo, &certificates};
    auto with = settings({server.url()});
    with.tls.ca_file = certificates.ca_file;
    auto const response = send(*open(with), get());
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, HttpErrc::tls_failed);
    EXPECT_NE(response.error().context.find(remedy), std::string::npos) << response.error().context;
  }
}
TEST_F(GivenTlsServer, WhenVerificationIsOffThenAnswered) {
  auto with = settings({server_.url()});
  with.tls.ca_file.clear();
  with.tls.verify = false;
  EXPECT_TRUE(send(*open(with), get()));
}
TEST_F(GivenTlsServer, WhenHeaderHoldsLineBreakThenRefused) {
  auto request = get();
  request.headers.push_back({"Authorization", "a\r\nX-Evil: 1"});
  auto const response = send(*open(server_), request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::bad_setup);
  EXPECT_EQ(server_.requests(), 0);
}
TEST_F(GivenTlsServer, WhenFirstUrlIsClosedThenSecondIsUsedAndKept) {
  auto const closed = "https://127.0.0.1:" + std::to_string(test::free_port());
  auto const client = open(settings({closed, server_.url()}));
  EXPECT_TRUE(send(*client, post("1", Repeat::never)));
  EXPECT_TRUE(send(*client, post("2", Repeat::never)));
  EXPECT_EQ(server_.requests(), 2);
}
TEST_F(GivenTlsServer, WhenTracedThenNeitherHeadersNorBodiesAppear) {
  auto const client = open(server_);
  auto request = post("hunter2");
  request.route = "/x";
  request.headers.push_back({"Authorization", "secret-token"});
  request.confidential = true;
  ASSERT_TRUE(send(*client, request));
  ASSERT_EQ(traced_.size(), 1U);
  EXPECT_EQ(traced_[0],
            "POST " + server_.url().substr(server_.url().find("//") + 2) + " /x attempt 1 status 200");
}
TEST_F(GivenTlsServer, WhenAPathWouldLeadToAFolderAboveThenNothingIsSent) {
  auto const client = open(server_);
  for (auto const* path : {"/API/UserGroups/57/Members/../", "/a/%2e%2e/b", "/."}) {
    auto request = get();
    request.path = path;
    auto const response = send(*client, request);
    ASSERT_FALSE(response) << path;
    EXPECT_EQ(response.error().code, HttpErrc::bad_path);
  }
  EXPECT_EQ(server_.requests(), 0);
}
TEST_F(GivenTlsServer, WhenManyAtOnceThenNoMoreThanConcurrencyReachTheServer) {
  WireServer slow{[](WireRequest const&) {
                    return WireReply{reply(200, "").bytes, false, 30ms};
                  },
                  &certificates_};
  auto with = settings({slow.url()});
  with.pace = {2, 0};
  auto const client = open(with);
  int answered = 0;
  for (int i = 0; i < 12; ++i)
    asio::co_spawn(
        io_, client->send(get()),
        [&answered](std::exception_ptr, Result<Response> const& response) { answered += response ? 1 : 0; });
  io_.run();
  EXPECT_EQ(answered, 12);
  EXPECT_EQ(slow.most_parallel(), 2);
}

class GivenServerThatStops : public HttpTest {
 protected:
  /// Answers the first request; ends its connection at the second one, and takes no other.
  WireServer server_{[](WireRequest const& request) {
                       auto const first = request.body == "first";
                       return WireReply{first ? reply(200, "").bytes : "", !first, {}};
                     },
                     &certificates_, WireServer::Handshake::first_only};
};

TEST_F(GivenServerThatStops, WhenAKeptConnectionEndsInMidWriteThenItCountsAsSent) {
  auto const client = open(server_);
  ASSERT_TRUE(send(*client, post("first")));
  auto const lost = send(*client, post("second"));
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, HttpErrc::cut) << text(lost.error());
  EXPECT_FALSE(certainly_not_sent(lost.error()));
}
TEST_F(GivenServerThatStops, WhenTheHandshakeIsCutThenNotSentAndNextUrlIsUsed) {
  ASSERT_TRUE(send(*open(server_), post("first")));
  auto const alone = send(*open(server_), post("first"));
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, HttpErrc::connect_failed) << text(alone.error());
  WireServer second{[](WireRequest const&) { return reply(200, "second"); }, &certificates_};
  auto const response = send(*open(settings({server_.url(), second.url()})), post("", Repeat::never));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "second");
}

class GivenStalledHandshake : public HttpTest {
 protected:
  WireServer server_{[](WireRequest const&) { return reply(200, ""); }, &certificates_,
                     WireServer::Handshake::stalled};
};

TEST_F(GivenStalledHandshake, WhenRequestedThenNotSentAndNextUrlIsUsed) {
  WireServer second{[](WireRequest const&) { return reply(200, "second"); }, &certificates_};
  auto with = settings({server_.url()});
  with.timeouts.connect = 100ms;
  auto const alone = send(*open(with), get());
  ASSERT_FALSE(alone);
  EXPECT_EQ(alone.error().code, HttpErrc::connect_failed);
  EXPECT_TRUE(certainly_not_sent(alone.error()));
  with.urls.push_back(second.url());
  auto const response = send(*open(with), post("", Repeat::never));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "second");
}

class GivenPlainServer : public HttpTest {
 protected:
  /// Answers in order, the last one for ever.
  WireServer serve(std::vector<WireReply> answers) {
    return WireServer{[answers, seen = std::size_t{0}](WireRequest const&) mutable {
      return answers[std::min(seen++, answers.size() - 1)];
    }};
  }
};

TEST_F(GivenPlainServer, WhenBodyIsCutThenReadIsRepeated) {
  auto cut = reply(200, "0123456789");
  cut.bytes.resize(cut.bytes.size() - 4);
  cut.close = true;
  auto const server = serve({cut, reply(200, "whole")});
  auto const response = send(*open(server), get(Repeat::always));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->body, "whole");
  EXPECT_EQ(server.requests(), 2);
}
TEST_F(GivenPlainServer, WhenBodyOfWriteIsCutThenHandedOverWithoutRepeat) {
  auto cut = reply(200, "0123456789");
  cut.bytes.resize(cut.bytes.size() - 4);
  cut.close = true;
  auto const server = serve({cut, reply(200, "whole")});
  auto const response = send(*open(server), post("{}"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::cut);
  EXPECT_FALSE(certainly_not_sent(response.error()));
  EXPECT_EQ(server.requests(), 1);
}
TEST_F(GivenPlainServer, WhenKeptConnectionEndsInMidWriteThenWriteIsNotSentTwice) {
  auto const server = serve({reply(200, "kept"), {"", true, {}}, reply(200, "again")});
  auto const client = open(server);
  ASSERT_TRUE(send(*client, get()));
  auto const response = send(*client, post("{}"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::cut);
  EXPECT_EQ(server.requests(), 2);
}
TEST_F(GivenPlainServer, WhenAnswerDoesNotComeThenTimedOut) {
  auto const server = serve({{"", false, 5s}});
  auto request = post("{}");
  request.total = 100ms;
  auto const response = send(*open(server), request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::timed_out);
  EXPECT_FALSE(certainly_not_sent(response.error()));
}
TEST_F(GivenPlainServer, WhenBodyStopsThenEndedAfterIdleTime) {
  auto const server = serve({{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegin", false, {}}});
  auto with = settings({server.url()});
  with.timeouts.idle = 50ms;
  auto const response = send(*open(with), get());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::timed_out);
  EXPECT_NE(response.error().context.find("after 5 bytes"), std::string::npos);
}
TEST_F(GivenPlainServer, WhenThrottledThenWriteIsRepeated) {
  auto const server = serve({reply(429, "", "Retry-After: 0\r\n"), reply(429, ""), reply(201, "made")});
  auto const response = send(*open(server), post("{}"));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(server.requests(), 3);
}
TEST_F(GivenPlainServer, WhenAskedToWaitTooLongThenGivenUpAtOnce) {
  auto const server = serve({reply(429, "", "Retry-After: 6\r\n")});
  auto const response = send(*open(server), post("{}"));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::retry_after_too_long);
  EXPECT_EQ(server.requests(), 1);
}
TEST_F(GivenPlainServer, WhenThrottledThenOtherRequestsWaitAsWell) {
  // The second request may reach the server only after the pause that the first one's answer asked for.
  std::vector<std::chrono::steady_clock::time_point> arrivals;
  WireServer const server{[&arrivals](WireRequest const&) {
    arrivals.push_back(std::chrono::steady_clock::now());
    return arrivals.size() == 1 ? reply(429, "", "Retry-After: 1\r\n") : reply(200, "");
  }};
  auto const client = open(server);
  ASSERT_EQ(send(*client, get())->status, 429);
  ASSERT_EQ(send(*client, get())->status, 200);
  ASSERT_EQ(arrivals.size(), 2U);
  EXPECT_GE(arrivals[1] - arrivals[0], 1s);
}
TEST_F(GivenPlainServer, WhenUnavailableForEverThenLastAnswerIsHandedOver) {
  auto const server = serve({reply(503, "down")});
  auto const response = send(*open(server), get(Repeat::always));
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 503);
  EXPECT_EQ(response->body, "down");
  EXPECT_EQ(server.requests(), 4);
}
TEST_F(GivenPlainServer, WhenCookieIsSetThenSentBackUntilForgotten) {
  WireServer const server{[](WireRequest const& request) {
    return reply(200, request.has("Cookie: CA11111=abc") ? "known" : "new",
                 "Set-Cookie: CA11111=abc; path=/\r\n");
  }};
  auto const client = open(server);
  EXPECT_EQ(send(*client, get())->body, "new");
  EXPECT_EQ(send(*client, get())->body, "known");
  client->forget_cookies();
  EXPECT_EQ(send(*client, get())->body, "new");
}
TEST_F(GivenPlainServer, WhenGzipIsSentThenUnpacked) {
  std::string const plain(10'000, 'a');
  WireServer const server{[&plain](WireRequest const& request) {
    return request.has("Accept-Encoding: gzip") ? reply(200, sim::gzip(plain), "Content-Encoding: gzip\r\n")
                                                : reply(500, "not asked for");
  }};
  EXPECT_EQ(send(*open(server), get())->body, plain);
}
TEST_F(GivenPlainServer, WhenUnpackedBodyPassesTheLimitThenTooLarge) {
  auto const server =
      serve({reply(200, sim::gzip(std::string(1'000'000, 'a')), "Content-Encoding: gzip\r\n")});
  auto with = settings({server.url()});
  with.largest_body = 100'000;
  auto const response = send(*open(with), get());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::too_large);
}
TEST_F(GivenPlainServer, WhenARefusalIsLongThenOnlyItsBeginningIsKept) {
  auto const server = serve({reply(400, std::string(3'000'000, 'a'))});
  auto const response = send(*open(server), get());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 400);
  EXPECT_EQ(response->body.size(), 1U << 20);
}
TEST_F(GivenPlainServer, WhenRedirectedThenNotFollowedAndHostIsNamed) {
  auto const server = serve({reply(302, "", "Location: https://login.example.com/secret?token=1\r\n")});
  auto const response = send(*open(server), get(Repeat::always));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::bad_redirect);
  EXPECT_NE(response.error().context.find("login.example.com"), std::string::npos);
  EXPECT_EQ(response.error().context.find("token"), std::string::npos);
  EXPECT_EQ(server.requests(), 1);
}
TEST_F(GivenPlainServer, WhenSinkIsGivenThenBodyStreamsThere) {
  auto const server = serve({reply(200, "streamed")});
  std::string collected;
  auto request = get();
  request.make_sink = [&collected] { return std::make_unique<Collector>(collected); };
  auto const response = send(*open(server), request);
  ASSERT_TRUE(response);
  EXPECT_EQ(collected, "streamed");
  EXPECT_EQ(response->body, "");
  EXPECT_NE(response->sink, nullptr);
}
TEST_F(GivenPlainServer, WhenAnswerIsAnErrorThenSinkStaysEmpty) {
  auto const server = serve({reply(404, "no such thing")});
  std::string collected;
  auto request = get();
  request.make_sink = [&collected] { return std::make_unique<Collector>(collected); };
  auto const response = send(*open(server), request);
  ASSERT_TRUE(response);
  EXPECT_EQ(collected, "");
  EXPECT_EQ(response->body, "no such thing");
}
TEST_F(GivenPlainServer, WhenSinkRefusesThenTransferEnds) {
  auto const server = serve({reply(200, "please stop")});
  std::string collected;
  auto request = get(Repeat::always);
  request.make_sink = [&collected] { return std::make_unique<Collector>(collected); };
  auto const response = send(*open(server), request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::body_refused);
  EXPECT_EQ(server.requests(), 1);
}
TEST_F(GivenPlainServer, WhenProxyRefusesThenProxyIsNamed) {
  auto const proxy = serve({reply(407, "")});
  auto with = settings({"https://vault.invalid/PasswordVault"});
  with.proxy = proxy.url();
  auto const response = send(*open(with), get(Repeat::always));
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, HttpErrc::proxy_failed);
  EXPECT_TRUE(certainly_not_sent(response.error()));
  EXPECT_EQ(proxy.requests(), 1);
}
TEST_F(GivenPlainServer, WhenServerWantsNtlmThenLoginAnswersIt) {
  std::atomic<bool> negotiated{false};
  WireServer const server{[&negotiated](WireRequest const& request) {
    if (request.has("\r\nAuthorization: NTLM ")) negotiated = true;
    return reply(401, "", "WWW-Authenticate: NTLM\r\n");
  }};
  auto request = post("{}", Repeat::never);
  request.login = Login{"svc", Secret{"hunter2"}};
  auto const response = send(*open(server), request);
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 401);
  EXPECT_TRUE(negotiated);
}

class GivenCancellation : public GivenPlainServer {
 protected:
  Error send_and_cancel_when(Client& client, std::function<bool()> due) {
    io_.restart();
    asio::cancellation_signal stop;
    std::optional<Error> error;
    auto on_end = [&error](std::exception_ptr, Result<Response> const& response) {
      if (!response) error = response.error();
    };
    asio::co_spawn(io_, client.send(get(Repeat::always)), asio::bind_cancellation_slot(stop.slot(), on_end));
    do io_.run_for(5ms);
    while (!due());
    stop.emit(asio::cancellation_type::terminal);
    io_.run();
    return error.value_or(Error{});
  }
};

TEST_F(GivenCancellation, WhenWaitingForAnAnswerThenEndsAsCancelled) {
  auto const server = serve({{"", false, 5s}});
  auto const client = open(server);
  auto const error = send_and_cancel_when(*client, [&server] { return server.requests() == 1; });
  EXPECT_EQ(error.code, HttpErrc::cancelled);
  EXPECT_EQ(server.requests(), 1);
}
TEST_F(GivenCancellation, WhenWaitingForItsTurnThenNothingIsSentAndTheTurnIsFree) {
  auto const server = serve({reply(429, "", "Retry-After: 1\r\n"), reply(200, "")});
  auto const client = open(server);
  ASSERT_EQ(send(*client, get())->status, 429);
  auto const error = send_and_cancel_when(*client, [] { return true; });
  EXPECT_EQ(error.code, HttpErrc::cancelled);
  EXPECT_EQ(server.requests(), 1);
  EXPECT_EQ(send(*client, get())->status, 200);
}

}  // namespace
}  // namespace dirsync::http
