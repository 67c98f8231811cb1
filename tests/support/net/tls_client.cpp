#include "tests/support/net/tls_client.hpp"

#include <arpa/inet.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>

namespace dirsync::test {

TlsClient::TlsClient(std::uint16_t port, std::filesystem::path const& ca_file, int highest_version)
    : context_{SSL_CTX_new(TLS_client_method())}, socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL answers a reset with an alert
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_load_verify_locations(context_.get(), ca_file.c_str(), nullptr);
  SSL_CTX_set_security_level(context_.get(), 0);  // lets a test offer TLS 1.1
  if (highest_version != 0) SSL_CTX_set_max_proto_version(context_.get(), highest_version);
  ssl_.reset(SSL_new(context_.get()));
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), "127.0.0.1");

  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  SSL_set_fd(ssl_.get(), socket_);
  connected_ = SSL_connect(ssl_.get()) == 1;
}

TlsClient::~TlsClient() { ::close(socket_); }

void TlsClient::write(std::string_view data) {
  SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size()));
}

bool TlsClient::read_some() {
  std::array<char, 4096> piece{};
  auto const size = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
  if (size <= 0) return false;
  received_.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

std::string TlsClient::read_answer() {
  constexpr std::string_view kLength = "Content-Length: ";
  auto wanted = std::string::npos;
  while (received_.size() < wanted) {
    auto const head_end = received_.find("\r\n\r\n");
    if (wanted == std::string::npos && head_end != std::string::npos) {
      auto const length = received_.find(kLength);
      wanted = head_end + 4;
      if (length < head_end) wanted += std::strtoul(received_.c_str() + length + kLength.size(), nullptr, 10);
      continue;
    }
    if (!read_some()) break;
  }
  auto answer = received_.substr(0, wanted);
  received_.erase(0, answer.size());
  return answer;
}

bool TlsClient::at_end() { return received_.empty() && !read_some(); }

}  // namespace dirsync::test
