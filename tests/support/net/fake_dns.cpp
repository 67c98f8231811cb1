#include "tests/support/net/fake_dns.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>

#include <array>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "tests/support/net/free_port.hpp"

namespace dirsync::test {
namespace {

constexpr std::size_t kHeader = 12;  // bytes

std::string number(std::size_t value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

std::string encoded_name(std::string const& name) {
  std::string text;
  std::istringstream labels{name};
  for (std::string label; std::getline(labels, label, '.');)
    if (!label.empty()) text += static_cast<char>(label.size()) + label;
  return text + '\0';
}

std::string name_in(std::string const& query) {
  std::string name;
  for (std::size_t at = kHeader; at < query.size() && query[at] != 0;) {
    auto const length = static_cast<unsigned char>(query[at]);
    name += (name.empty() ? "" : ".") + query.substr(at + 1, length);
    at += 1 + length;
  }
  return name;
}

/// The question section: the name, its type and its class.
std::string question_of(std::string const& query) {
  return query.substr(kHeader, query.find('\0', kHeader) + 5 - kHeader);
}

constexpr std::size_t kAddress = 1, kSrv = 33;  // types of records

std::string head_of_answer(std::string const& query, std::size_t records, int rcode, bool truncated) {
  return query.substr(0, 2) + static_cast<char>(truncated ? 0x86 : 0x84) + static_cast<char>(rcode) +
         number(1) + number(records) + number(0) + number(0) + question_of(query);
}

/// A record of the name that was asked for, to be kept for 60 seconds.
std::string record_of(std::size_t type, std::string const& data) {
  return number(0xc000 + kHeader) + number(type) + number(1) + number(0) + number(60) + number(data.size()) +
         data;
}

/// UDP on the port that `tcp` has.
LoopbackSocket datagrams_at(std::uint16_t port) {
  LoopbackSocket socket{::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket.number(), reinterpret_cast<sockaddr const*>(&address), sizeof address) != 0)
    throw std::system_error(errno, std::generic_category(), "bind UDP on 127.0.0.1");
  return socket;
}

}  // namespace

std::string dns_query(std::string const& name) {
  std::string header(kHeader, '\0');
  header[5] = 1;  // one question
  return header + encoded_name(name) + number(kSrv) + number(1);
}

std::string dns_answer(std::string const& query, std::vector<FakeSrv> const& records, int rcode,
                       bool truncated) {
  auto text = head_of_answer(query, records.size(), rcode, truncated);
  for (auto const& record : records)
    text += record_of(kSrv, number(record.priority) + number(record.weight) + number(record.port) +
                                encoded_name(record.target));
  return text;
}

std::string dns_addresses(std::string const& query, std::vector<std::string> const& addresses) {
  auto const question = question_of(query);
  if (question.substr(question.size() - 4, 2) != number(kAddress)) return head_of_answer(query, 0, 0, false);
  auto text = head_of_answer(query, addresses.size(), 0, false);
  for (auto const& address : addresses) {
    in_addr bytes{};
    if (::inet_pton(AF_INET, address.c_str(), &bytes) != 1) throw std::invalid_argument{address};
    text += record_of(kAddress, {reinterpret_cast<char const*>(&bytes), sizeof bytes});
  }
  return text;
}

FakeDns::FakeDns(Script script)
    : script_(std::move(script)),
      tcp_(LoopbackSocket::listening(free_port())),
      udp_(datagrams_at(tcp_.port())) {
  if (::pipe2(wake_, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  thread_ = std::thread{[this] { work(); }};
}

FakeDns::~FakeDns() {
  ::close(wake_[1]);
  thread_.join();
  ::close(wake_[0]);
}

void FakeDns::work() {
  for (;;) {
    std::array<pollfd, 3> waits{
        {{wake_[0], POLLIN, 0}, {udp_.number(), POLLIN, 0}, {tcp_.number(), POLLIN, 0}}};
    ::poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) return;
    if (waits[1].revents != 0) answer_datagram();
    if (waits[2].revents != 0) answer_stream();
  }
}

std::string FakeDns::answer(std::string const& query, Over over) {
  ++questions_;
  return script_(query, name_in(query), over);
}

void FakeDns::answer_datagram() {
  std::array<char, 4096> bytes;
  sockaddr_in from{};
  socklen_t size = sizeof from;
  auto const length =
      ::recvfrom(udp_.number(), bytes.data(), bytes.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
  if (length < static_cast<ssize_t>(kHeader)) return;
  auto const text = answer({bytes.data(), static_cast<std::size_t>(length)}, Over::udp);
  if (!text.empty())
    ::sendto(udp_.number(), text.data(), text.size(), 0, reinterpret_cast<sockaddr const*>(&from), size);
}

void FakeDns::answer_stream() {
  LoopbackSocket const client{::accept4(tcp_.number(), nullptr, nullptr, SOCK_CLOEXEC)};
  std::string received;
  std::array<char, 4096> bytes;
  while (received.size() < 2 + kHeader) {
    auto const length = ::recv(client.number(), bytes.data(), bytes.size(), 0);
    if (length <= 0) return;
    received.append(bytes.data(), static_cast<std::size_t>(length));
  }
  auto const text = answer(received.substr(2), Over::tcp);
  if (text.empty()) return;
  auto const framed = number(text.size()) + text;
  ::send(client.number(), framed.data(), framed.size(), MSG_NOSIGNAL);
}

}  // namespace dirsync::test
