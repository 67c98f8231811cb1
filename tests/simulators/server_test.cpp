#include "tests/simulators/server.hpp"

#include <gmock/gmock.h>
#include <stdlib.h>

#include <filesystem>
#include <optional>

#include "tests/support/net/certificates.hpp"
#include "tests/support/net/tls_client.hpp"

namespace dirsync::sim {
namespace {
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class GivenServer : public testing::Test {
 protected:
  GivenServer() : folder_{make_folder()}, files_{test::make_certificates(folder_)} {
    answer_.headers = {{"X-Test", "yes"}};
    answer_.body = "hello";
    server_.emplace(Server::Options{"127.0.0.1", 0, files_.cert_file, files_.key_file},
                    [this](Request const& request) {
                      seen_ = request;
                      return answer_;
                    });
  }
  ~GivenServer() override {
    server_.reset();
    std::filesystem::remove_all(folder_);
  }
  test::TlsClient connect(int highest_version = 0) {
    return test::TlsClient{server_->port(), files_.ca_file, highest_version};
  }

  static std::filesystem::path make_folder() {
    auto pattern = (std::filesystem::temp_directory_path() / "sim-server-XXXXXX").string();
    return mkdtemp(pattern.data());
  }

  std::filesystem::path folder_;
  test::CertificateFiles files_;
  Request seen_;  // the handler's; read only after an answer
  Response answer_;
  std::optional<Server> server_;
};

TEST_F(GivenServer, WhenAskedTwiceThenOneConnectionServesBoth) {
  auto client = connect();
  ASSERT_TRUE(client.connected());
  client.write("GET /a%20b?q=c%20d HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_answer(),
            "HTTP/1.1 200 OK\r\nX-Test: yes\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello");
  EXPECT_EQ(seen_.path, "/a%20b");
  EXPECT_EQ(seen_.query.at(0).second, "c d");
  EXPECT_FALSE(seen_.has_length);
  client.write("POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(seen_.method, "POST");
  EXPECT_TRUE(seen_.has_length);
}

TEST_F(GivenServer, WhenBodyIsChunkedOrInPiecesThenItArrivesWhole) {
  auto client = connect();
  client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
  client.write("2\r\nde\r\n0\r\n\r\n");
  client.read_answer();
  EXPECT_EQ(seen_.body, "abcde");
  EXPECT_TRUE(seen_.has_length);
}

TEST_F(GivenServer, WhenClientExpectsContinueThenItIsTold) {
  auto client = connect();
  client.write("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 100 Continue\r\n\r\n");
  client.write("ok");
  EXPECT_THAT(client.read_answer(), EndsWith("hello"));
  EXPECT_EQ(seen_.body, "ok");
}

TEST_F(GivenServer, WhenClientClosesThenTheConnectionEnds) {
  auto client = connect();
  client.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.read_answer(), HasSubstr("Connection: close"));
  EXPECT_TRUE(client.at_end());
}

TEST_F(GivenServer, WhenRequestIsMalformedThenItIsRefused) {
  auto client = connect();
  client.write("NONSENSE\r\n\r\n");
  EXPECT_THAT(client.read_answer(), StartsWith("HTTP/1.1 400"));
  EXPECT_TRUE(client.at_end());
}

TEST_F(GivenServer, WhenAnswerHasNoContentThenNoLengthIsSent) {
  answer_ = Response{};
  answer_.status = 204;
  auto client = connect();
  client.write("DELETE / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(client.read_answer(), "HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n");
}

TEST_F(GivenServer, WhenClientTakesGzipThenItIsUsedOnlyIfAskedOfTheAnswer) {
  answer_.gzip = true;
  auto client = connect();
  client.write("GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: deflate, gzip\r\n\r\n");
  auto const packed = client.read_answer();
  EXPECT_THAT(packed, HasSubstr("Content-Encoding: gzip"));
  EXPECT_THAT(packed, HasSubstr("\r\n\r\n\x1f\x8b"));
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\nhello"));
}

TEST_F(GivenServer, WhenDroppedThenNothingComes) {
  answer_.drop = true;
  auto client = connect();
  client.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  EXPECT_TRUE(client.at_end());
  EXPECT_EQ(seen_.method, "POST");
}

TEST_F(GivenServer, WhenCutThenTheHeadPromisesMoreThanComes) {
  answer_.cut_after = 2;
  auto client = connect();
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  auto const answer = client.read_answer();
  EXPECT_THAT(answer, HasSubstr("Content-Length: 5"));
  EXPECT_THAT(answer, EndsWith("\r\n\r\nhe"));
  EXPECT_TRUE(client.at_end());
}

TEST_F(GivenServer, WhenSlowThenAllPiecesArrive) {
  answer_.body.assign(3000, 'x');
  answer_.per_piece = std::chrono::milliseconds{1};
  answer_.delay = std::chrono::milliseconds{1};
  auto client = connect();
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_answer(), EndsWith("\r\n\r\n" + std::string(3000, 'x')));
}

TEST_F(GivenServer, WhenHandlerThrowsThenTheTestSeesWhy) {
  Server throwing{{"127.0.0.1", 0, files_.cert_file, files_.key_file},
                  [](Request const&) -> Response { throw std::runtime_error{"broken"}; }};
  test::TlsClient client{throwing.port(), files_.ca_file};
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(client.read_answer(), HasSubstr("broken"));
}

TEST_F(GivenServer, WhenClientOffersOldTlsThenHandshakeFails) {
  EXPECT_FALSE(connect(TLS1_1_VERSION).connected());
  EXPECT_TRUE(connect(TLS1_2_VERSION).connected());
}

TEST_F(GivenServer, WhenClientTrustsAnotherAuthorityThenHandshakeFails) {
  auto const other = folder_ / "other";
  std::filesystem::create_directory(other);
  test::TlsClient const client{server_->port(), test::make_certificates(other).ca_file};
  EXPECT_FALSE(client.connected());
}

TEST_F(GivenServer, WhenCertificateIsExpiredOrForeignThenHandshakeFails) {
  for (auto const& options : {test::CertificateOptions{.expired = true},
                              test::CertificateOptions{.subject_names = "DNS:elsewhere.example.com"}}) {
    auto const files = test::make_certificates(folder_, options);
    Server const server{{"127.0.0.1", 0, files.cert_file, files.key_file},
                        [](Request const&) { return Response{}; }};
    EXPECT_FALSE(test::TlsClient(server.port(), files.ca_file).connected());
  }
}

// Each of these would hang if the server waited for its connections.
TEST_F(GivenServer, WhenEndedWithIdleConnectionThenItEnds) {
  auto client = connect();
  server_.reset();
  EXPECT_TRUE(client.at_end());
}

TEST_F(GivenServer, WhenEndedInLongDelayThenItEnds) {
  answer_.delay = std::chrono::hours{1};
  auto client = connect();
  client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  server_.reset();
  EXPECT_TRUE(client.at_end());
}

TEST_F(GivenServer, WhenPortIsTakenOrCertificateMissingThenItSaysSo) {
  auto const handler = [](Request const&) { return Response{}; };
  EXPECT_THROW(Server({"127.0.0.1", server_->port(), files_.cert_file, files_.key_file}, handler),
               std::runtime_error);
  EXPECT_THROW(Server({"127.0.0.1", 0, "/nonexistent", files_.key_file}, handler), std::runtime_error);
}
}  // namespace
}  // namespace dirsync::sim
