#include "tests/support/ldap/proxy.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tests/support/ldap/ber.hpp"

namespace dirsync::test {
namespace {

bool send_all(LoopbackSocket const& socket, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const sent = ::send(socket.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// Appends what has come; false at the end of the connection.
bool receive(LoopbackSocket const& socket, std::string& bytes) {
  std::array<char, 16'384> some;
  auto const size = ::recv(socket.number(), some.data(), some.size(), 0);
  if (size > 0) bytes.append(some.data(), static_cast<std::size_t>(size));
  return size > 0;
}

/// Takes a whole message from the start; empty while there is none.
std::string take_message(std::string& bytes) {
  auto const size = ber::size_of_first(bytes);
  if (!size || bytes.size() < *size) return {};
  auto message = bytes.substr(0, *size);
  bytes.erase(0, *size);
  return message;
}

}  // namespace

LdapProxy::LdapProxy(std::uint16_t server_port, Edit edit, Delivery delivery)
    : server_port_(server_port), edit_(std::move(edit)), delivery_(delivery) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  thread_ = std::thread{[this] { work(); }};
}

LdapProxy::~LdapProxy() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
}

void LdapProxy::work() {
  std::vector<Pair> pairs;
  while (true) {
    std::vector<pollfd> polled{{wake_[0], POLLIN, 0}, {listener_.number(), POLLIN, 0}};
    for (auto const& pair : pairs) {
      polled.push_back({pair.client.number(), POLLIN, 0});
      polled.push_back({pair.server.number(), POLLIN, 0});
    }
    ::poll(polled.data(), polled.size(), -1);
    if (polled[0].revents != 0) return;
    auto at = polled.begin() + 2;
    for (auto& pair : pairs) {
      if (at++->revents != 0) pair.open = receive(pair.client, pair.from_client);
      for (auto message = take_message(pair.from_client); !message.empty() && pair.open;
           message = take_message(pair.from_client))
        ask(pair, message);
      if (at++->revents != 0 && pair.open) pair.open = receive(pair.server, pair.from_server);
      for (auto message = take_message(pair.from_server); !message.empty() && pair.open;
           message = take_message(pair.from_server))
        answer(pair, message);
    }
    std::erase_if(pairs, [](Pair const& pair) { return !pair.open; });
    if (polled[1].revents != 0) accept_one(pairs);
  }
}

void LdapProxy::accept_one(std::vector<Pair>& pairs) {
  Pair pair;
  pair.client = LoopbackSocket{::accept4(listener_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
  pair.server = LoopbackSocket::connected(server_port_);
  if (pair.client.number() < 0 || pair.server.number() < 0) return;
  int const on = 1;
  ::setsockopt(pair.client.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  pairs.push_back(std::move(pair));
}

void LdapProxy::ask(Pair& pair, std::string_view bytes) {
  auto const message = LdapMessage::parse(bytes);
  LdapRequest request{message.operation, {}, 0};
  if (message.operation == LdapMessage::kSearchRequest) request.search = search_request_of(message);
  auto const& search = request.search;
  request.nth = ++pair.counts[{request.operation, search.base, search.scope, search.attributes}];
  pair.requests[message.id] = std::move(request);
  pair.open = send_all(pair.server, bytes);
}

void LdapProxy::answer(Pair& pair, std::string_view bytes) {
  auto message = LdapMessage::parse(bytes);
  auto const is_last =
      message.operation != LdapMessage::kSearchEntry && message.operation != LdapMessage::kSearchReference;
  for (auto const& edited : edit_(pair.requests[message.id], std::move(message)))
    pair.held_back += edited.bytes();
  if (delivery_.merged && !is_last) return;
  deliver(pair, std::exchange(pair.held_back, {}));
}

void LdapProxy::deliver(Pair& pair, std::string bytes_to_send) {
  if (delivery_.spoil_at - pair.sent < bytes_to_send.size())
    bytes_to_send[delivery_.spoil_at - pair.sent] = '\xff';
  std::string_view bytes = bytes_to_send;
  auto const cut = bytes.size() > delivery_.cut_after - pair.sent;
  if (cut) bytes = bytes.substr(0, delivery_.cut_after - pair.sent);
  pair.sent += bytes.size();
  for (; !bytes.empty() && pair.open; bytes.remove_prefix(std::min(bytes.size(), delivery_.most)))
    pair.open = send_all(pair.client, bytes.substr(0, delivery_.most));
  if (cut) pair.open = false;
}

}  // namespace dirsync::test
