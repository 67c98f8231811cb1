#include "tests/simulators/tls_socket.hpp"

#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace dirsync::sim {
namespace {
[[noreturn]] void fail(std::string const& what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  throw std::runtime_error{what + ": " + text.data()};
}
}  // namespace

SslContext server_context(std::string const& certificate_file, std::string const& key_file) {
  SslContext context{SSL_CTX_new(TLS_server_method())};
  if (!context) fail("no TLS context");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  if (SSL_CTX_use_certificate_chain_file(context.get(), certificate_file.c_str()) != 1)
    fail("certificate " + certificate_file);
  if (SSL_CTX_use_PrivateKey_file(context.get(), key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    fail("key " + key_file);
  return context;
}

bool TlsSocket::handshake(SSL_CTX* context) {
  ssl_.reset(SSL_new(context));
  ERR_clear_error();
  return ssl_ && SSL_set_fd(ssl_.get(), socket_) == 1 && SSL_accept(ssl_.get()) == 1;
}

bool TlsSocket::read_some(std::string& data) {
  std::array<char, 16384> piece{};
  ERR_clear_error();
  auto const size = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
  if (size <= 0) return false;
  data.append(piece.data(), static_cast<std::size_t>(size));
  return true;
}

bool TlsSocket::write(std::string_view data) {
  std::size_t written = 0;
  ERR_clear_error();
  return data.empty() || SSL_write_ex(ssl_.get(), data.data(), data.size(), &written) == 1;
}

void TlsSocket::say_goodbye() {
  if (ssl_ && SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
}

void TlsSocket::close() {
  std::lock_guard const lock{closing_};
  if (socket_ >= 0) ::close(socket_);
  socket_ = -1;
}

void TlsSocket::reset() {
  std::lock_guard const lock{closing_};
  if (socket_ < 0) return;
  linger const at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ::close(socket_);
  socket_ = -1;
}

void TlsSocket::interrupt() {
  std::lock_guard const lock{closing_};
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

}  // namespace dirsync::sim
