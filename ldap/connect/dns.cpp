#include "ldap/connect/dns.hpp"

#include <ares.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <span>

#include "ldap/errors.hpp"

namespace dirsync::ldap {
namespace {

using Status = int;  // c-ares' own: ARES_SUCCESS, ARES_ENODATA and so on

Error error_of(Status status) {
  auto const code = status == ARES_EBADRESP                           ? LdapErrc::bad_answer
                    : status == ARES_ENOMEM || status == ARES_EBADSTR ? LdapErrc::bad_setup
                                                                      : LdapErrc::connect_failed;
  return {code, ares_strerror(status)};
}

bool says_none(Status status) { return status == ARES_ENOTFOUND || status == ARES_ENODATA; }

struct FreeData {
  void operator()(void* data) const noexcept { ares_free_data(data); }
  void operator()(ares_addrinfo* addresses) const noexcept { ares_freeaddrinfo(addresses); }
  void operator()(addrinfo* addresses) const noexcept { freeaddrinfo(addresses); }
};

std::optional<SocketAddress> socket_address(void const* address, std::size_t size) {
  SocketAddress copy;
  if (address == nullptr || size > sizeof copy.bytes) return std::nullopt;
  std::memcpy(&copy.bytes, address, size);
  copy.size = static_cast<socklen_t>(size);
  return copy;
}

/// `host` where it is an address itself, an IPv6 one with its zone. c-ares 1.18 would ask the DNS for
/// "127.0.0.1". Reads no file and asks nobody.
std::optional<SocketAddress> literal_address(std::string const& host, std::uint16_t port) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found) != 0) return std::nullopt;
  std::unique_ptr<addrinfo, FreeData> const owned{found};
  return socket_address(found->ai_addr, found->ai_addrlen);
}

/// One question on its way. c-ares does not wait: wait() calls it whenever one of its sockets or timers is
/// due.
class Question {
 public:
  Question() = default;
  Question(Question const&) = delete;
  Question& operator=(Question const&) = delete;
  ~Question() {
    if (channel_ != nullptr) ares_destroy(channel_);  // calls back once more while a question is open
  }

  /// `server` nothing: those of /etc/resolv.conf.
  Result<void> open(std::optional<NameServer> const& server) {
    static Status const library = ares_library_init(ARES_LIB_INIT_ALL);  // once, whichever thread is first
    if (library != ARES_SUCCESS) return unusable(library);
    if (auto const status = ares_init(&channel_); status != ARES_SUCCESS) return unusable(status);
    if (!server) return {};
    auto const list = server->address + ":" + std::to_string(server->port);
    if (auto const status = ares_set_servers_ports_csv(channel_, list.c_str()); status != ARES_SUCCESS)
      return unusable(status);
    return {};
  }

  void ask_for_services(std::string const& name) {
    ares_query(
        channel_, name.c_str(), ns_c_in, ns_t_srv,
        [](void* self, Status status, int, unsigned char* message, int length) {
          auto& question = *static_cast<Question*>(self);
          question.status_ = status;
          if (status == ARES_SUCCESS) question.message_.assign(message, message + length);
        },
        this);
  }

  void ask_for_addresses(std::string const& host, std::uint16_t port) {
    ares_addrinfo_hints hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = ARES_AI_NUMERICSERV;
    ares_getaddrinfo(
        channel_, host.c_str(), std::to_string(port).c_str(), &hints,
        [](void* self, Status status, int, ares_addrinfo* found) {
          auto& question = *static_cast<Question*>(self);
          question.status_ = status;
          question.addresses_.reset(found);
        },
        this);
  }

  /// How c-ares answered. Errors: LdapErrc::timed_out, cancelled, connect_failed.
  Result<Status> wait(Instant end, Stop& stop) {
    auto const ends = socket_pair();
    if (!ends) return ends.error();
    stop.watch(ends->first.number());
    while (!status_) {
      if (stop.requested()) return Error{LdapErrc::cancelled, "stopped during the look-up"};
      auto const left = left_until(end);
      if (left.count() == 0) return Error{LdapErrc::timed_out, "the DNS gave no answer in time"};
      turn(ends->first.number(), left);
    }
    return *status_;
  }

  std::vector<unsigned char> const& message() const noexcept { return message_; }
  ares_addrinfo const* addresses() const noexcept { return addresses_.get(); }

 private:
  static Error unusable(Status status) {
    return {LdapErrc::bad_setup, "the DNS resolver cannot be used: " + std::string{ares_strerror(status)} +
                                     "; check /etc/resolv.conf"};
  }

  /// Waits for the first of c-ares' sockets, its timers, a stop (which ends `stop_end`) and the end of
  /// `most`.
  void turn(int stop_end, std::chrono::milliseconds most) {
    std::array<ares_socket_t, ARES_GETSOCK_MAXNUM> sockets{};
    auto const interests =
        static_cast<unsigned>(ares_getsock(channel_, sockets.data(), static_cast<int>(sockets.size())));
    std::vector<pollfd> waits{{stop_end, POLLIN, 0}};
    for (std::size_t n = 0; n < sockets.size(); ++n) {
      short const events = static_cast<short>((ARES_GETSOCK_READABLE(interests, n) ? POLLIN : 0) |
                                              (ARES_GETSOCK_WRITABLE(interests, n) ? POLLOUT : 0));
      if (events != 0) waits.push_back({sockets[n], events, 0});
    }
    timeval longest{most.count() / 1000, most.count() % 1000 * 1000}, due{};
    auto const* const wait = ares_timeout(channel_, &longest, &due);
    auto const milliseconds = static_cast<int>(wait->tv_sec * 1000 + (wait->tv_usec + 999) / 1000);
    if (poll(waits.data(), waits.size(), milliseconds) <= 0) {
      ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);  // its timers alone
      return;
    }
    for (auto const& [socket, events, happened] : std::span{waits}.subspan(1))
      if (happened != 0)
        ares_process_fd(channel_, (happened & ~POLLOUT) != 0 ? socket : ARES_SOCKET_BAD,
                        (happened & POLLOUT) != 0 ? socket : ARES_SOCKET_BAD);
  }

  // The answers are destroyed after the channel, which may still call back.
  std::optional<Status> status_;
  std::vector<unsigned char> message_;
  std::unique_ptr<ares_addrinfo, FreeData> addresses_;
  ares_channel channel_ = nullptr;
};

}  // namespace

Result<std::vector<SrvRecord>> parse_srv(std::vector<unsigned char> const& message) {
  // c-ares takes a message for whole that has the mark of a cut one (RFC 1035, 4.1.1: TC).
  constexpr std::size_t kFlags = 2;
  constexpr unsigned kCut = 0x02;
  if (message.size() > kFlags && (message[kFlags] & kCut) != 0)
    return Error{LdapErrc::bad_answer, "the DNS answer was cut, over TCP as well"};
  ares_srv_reply* raw = nullptr;
  auto const status = ares_parse_srv_reply(message.data(), static_cast<int>(message.size()), &raw);
  std::unique_ptr<ares_srv_reply, FreeData> const list{raw};
  std::vector<SrvRecord> records;
  if (says_none(status)) return records;
  if (status != ARES_SUCCESS) return Error{LdapErrc::bad_answer, "the DNS answer is malformed"};
  for (auto const* record = list.get(); record != nullptr; record = record->next) {
    std::string target = record->host;
    if (target.ends_with('.')) target.pop_back();
    records.push_back({.priority = record->priority,
                       .weight = record->weight,
                       .port = record->port,
                       .target = std::move(target)});
  }
  return records;
}

Result<std::vector<SrvRecord>> DnsResolver::services(std::string const& name, Instant end, Stop& stop) const {
  Question question;
  if (auto const opened = question.open(server_); !opened) return opened.error();
  question.ask_for_services(name);
  auto const status = question.wait(end, stop);
  if (!status) return status.error();
  if (says_none(*status)) return std::vector<SrvRecord>{};
  if (*status != ARES_SUCCESS) return error_of(*status);
  return parse_srv(question.message());
}

Result<std::vector<SocketAddress>> DnsResolver::addresses(std::string const& host, std::uint16_t port,
                                                          Instant end, Stop& stop) const {
  if (auto const literal = literal_address(host, port)) return std::vector{*literal};
  Question question;
  if (auto const opened = question.open(server_); !opened) return opened.error();
  question.ask_for_addresses(host, port);
  auto const status = question.wait(end, stop);
  if (!status) return status.error();
  if (*status != ARES_SUCCESS) return error_of(*status);
  std::vector<SocketAddress> addresses;
  for (auto const* node = question.addresses()->nodes; node != nullptr; node = node->ai_next) {
    if (auto const address = socket_address(node->ai_addr, node->ai_addrlen)) addresses.push_back(*address);
  }
  if (addresses.empty()) return error_of(ARES_ENODATA);
  return addresses;
}

Resolver const& resolver_of(Settings const& settings) {
  static DnsResolver const system;
  return settings.resolver ? *settings.resolver : system;
}

}  // namespace dirsync::ldap
