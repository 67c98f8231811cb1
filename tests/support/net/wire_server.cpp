#include "tests/support/net/wire_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <thread>

#include "sync/model/assert.hpp"
#include "sync/model/text.hpp"

namespace dirsync::test {
namespace {

int listen_on_loopback() {
  auto const fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  DIRSYNC_ASSERT(bind(fd, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0);
  DIRSYNC_ASSERT(listen(fd, 64) == 0);
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in address{};
  socklen_t length = sizeof address;
  DIRSYNC_ASSERT(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length) == 0);
  return ntohs(address.sin_port);
}

struct FreeTls {
  void operator()(SSL* tls) const noexcept { SSL_free(tls); }
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};

/// A connection in plain text or TLS.
class Wire {
 public:
  Wire(int fd, SSL_CTX* context) : fd_{fd} {
    if (context == nullptr) return;
    tls_.reset(SSL_new(context));
    SSL_set_fd(tls_.get(), fd);
    open_ = SSL_accept(tls_.get()) == 1;
  }
  bool open() const { return open_; }
  /// Appends what arrives; false at the end.
  bool read(std::string& into) {
    char piece[16384];
    auto const got = tls_ ? SSL_read(tls_.get(), piece, sizeof piece)
                          : static_cast<int>(recv(fd_, piece, sizeof piece, 0));
    if (got <= 0) return false;
    into.append(piece, static_cast<std::size_t>(got));
    return true;
  }
  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      auto const length = std::min<std::size_t>(bytes.size(), 1U << 20);
      auto const sent = tls_ ? SSL_write(tls_.get(), bytes.data(), static_cast<int>(length))
                             : static_cast<int>(send(fd_, bytes.data(), length, MSG_NOSIGNAL));
      if (sent <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

 private:
  int fd_;
  std::unique_ptr<SSL, FreeTls> tls_;
  bool open_ = true;
};

std::size_t announced_length(std::string_view head) {
  auto const lower = ascii_lower(head);
  constexpr std::string_view kField = "\r\ncontent-length: ";
  auto const at = lower.find(kField);
  std::size_t length = 0;
  if (at != std::string::npos)
    std::from_chars(lower.data() + at + kField.size(), lower.data() + lower.size(), length);
  return length;
}

/// Nothing at the end of the connection.
std::optional<WireRequest> read_request(Wire& wire, std::string& buffer) {
  std::size_t head_end = 0;
  while ((head_end = buffer.find("\r\n\r\n")) == std::string::npos)
    if (!wire.read(buffer)) return std::nullopt;
  WireRequest request{buffer.substr(0, head_end + 2), {}, 0};
  auto const whole = head_end + 4 + announced_length(request.head);
  while (buffer.size() < whole)
    if (!wire.read(buffer)) return std::nullopt;
  request.body = buffer.substr(head_end + 4, whole - head_end - 4);
  buffer.erase(0, whole);
  return request;
}

}  // namespace

WireReply reply(int status, std::string_view body, std::string_view fields) {
  return {"HTTP/1.1 " + std::to_string(status) + " Answer\r\nContent-Length: " + std::to_string(body.size()) +
              "\r\n" + std::string{fields} + "\r\n" + std::string{body},
          false,
          {}};
}

struct WireServer::Impl {
  Handler handler;
  Handshake handshake;
  std::unique_ptr<SSL_CTX, FreeTls> context;
  int listener = listen_on_loopback();
  std::mutex mutex;
  std::condition_variable stop_signal;
  bool stopping = false;
  std::list<int> sockets;
  std::list<std::thread> threads;
  int connections = 0, in_flight = 0, most_parallel = 0, requests = 0;
  std::thread acceptor;

  void accept_connections() {
    for (;;) {
      auto const fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
      std::lock_guard const lock{mutex};
      if (stopping || fd < 0) {
        if (fd >= 0) ::close(fd);
        return;
      }
      sockets.push_back(fd);
      threads.emplace_back([this, fd, number = ++connections] { serve(fd, number); });
    }
  }

  void serve(int fd, int number) {
    // OpenSSL writes without MSG_NOSIGNAL; a client that went away must not end the test.
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    if (handshake == Handshake::stalled) {
      std::unique_lock lock{mutex};
      stop_signal.wait(lock, [this] { return stopping; });
    } else if (handshake == Handshake::normal || number == 1) {
      answer_requests(fd, number);
    }
    shutdown(fd, SHUT_RDWR);
  }

  void answer_requests(int fd, int number) {
    Wire wire{fd, context.get()};
    std::string buffer;
    while (wire.open()) {
      auto request = read_request(wire, buffer);
      if (!request) return;
      request->connection = number;
      WireReply answer;
      {
        std::unique_lock lock{mutex};
        ++requests;
        most_parallel = std::max(most_parallel, ++in_flight);
        answer = handler(*request);
        stop_signal.wait_for(lock, answer.delay, [this] { return stopping; });
      }
      {
        // Counted out before the answer leaves: the next request may arrive at once.
        std::lock_guard const lock{mutex};
        --in_flight;
      }
      wire.write(answer.bytes);
      if (answer.close) return;
    }
  }
};

WireServer::WireServer(Handler handler, CertificateFiles const* certificates, Handshake handshake)
    : impl_{std::make_unique<Impl>()} {
  impl_->handler = std::move(handler);
  impl_->handshake = handshake;
  if (certificates != nullptr) {
    impl_->context.reset(SSL_CTX_new(TLS_server_method()));
    DIRSYNC_ASSERT(SSL_CTX_use_certificate_file(impl_->context.get(), certificates->cert_file.c_str(),
                                                SSL_FILETYPE_PEM) == 1);
    DIRSYNC_ASSERT(SSL_CTX_use_PrivateKey_file(impl_->context.get(), certificates->key_file.c_str(),
                                               SSL_FILETYPE_PEM) == 1);
  }
  impl_->acceptor = std::thread{[impl = impl_.get()] { impl->accept_connections(); }};
}

WireServer::~WireServer() {
  {
    std::lock_guard const lock{impl_->mutex};
    impl_->stopping = true;
    for (auto const fd : impl_->sockets) shutdown(fd, SHUT_RDWR);
  }
  impl_->stop_signal.notify_all();
  shutdown(impl_->listener, SHUT_RDWR);
  impl_->acceptor.join();
  for (auto& thread : impl_->threads) thread.join();
  for (auto const fd : impl_->sockets) ::close(fd);
  ::close(impl_->listener);
}

std::uint16_t WireServer::port() const { return port_of(impl_->listener); }

std::string WireServer::url() const {
  return (impl_->context ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port());
}

int WireServer::most_parallel() const {
  std::lock_guard const lock{impl_->mutex};
  return impl_->most_parallel;
}

int WireServer::requests() const {
  std::lock_guard const lock{impl_->mutex};
  return impl_->requests;
}

}  // namespace dirsync::test
