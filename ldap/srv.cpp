#include "ldap/srv.hpp"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>

#include <algorithm>
#include <random>

#include "ldap/errand.hpp"
#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr std::size_t kLargestMessage = 65'535;  // bytes; RFC 1035, 4.2.2
constexpr int kLdapsPort = 636;

/// The resolver's state, of this thread alone.
class DnsState {
 public:
  DnsState() : usable_(res_ninit(&state_) == 0) {}
  DnsState(DnsState const&) = delete;
  DnsState& operator=(DnsState const&) = delete;
  ~DnsState() {
    if (usable_) res_nclose(&state_);
  }
  bool usable() const { return usable_; }

  bool ask_only(NameServer const& server) {
    state_.nscount = 1;
    auto& address = state_.nsaddr_list[0];
    address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port);
    return inet_pton(AF_INET, server.address.c_str(), &address.sin_addr) == 1;
  }

  /// The whole answer, asked for again over TCP when it was cut. Negative: see failure().
  int query(std::string const& name, std::vector<unsigned char>& answer) {
    return res_nquery(&state_, name.c_str(), ns_c_in, ns_t_srv, answer.data(),
                      static_cast<int>(answer.size()));
  }
  int failure() const { return state_.res_h_errno; }

 private:
  struct __res_state state_ {};
  bool usable_;
};

Error bad_answer() { return {LdapErrc::bad_answer, "the DNS answer is malformed"}; }

Result<std::vector<SrvRecord>> ask(std::string const& name, NameServer const* server) {
  DnsState state;
  if (!state.usable() || (server != nullptr && !state.ask_only(*server)))
    return Error{LdapErrc::bad_setup, "the DNS resolver can not be used; check /etc/resolv.conf"};
  std::vector<unsigned char> answer(kLargestMessage);
  auto const length = state.query(name, answer);
  if (length >= 0) {
    answer.resize(std::min(static_cast<std::size_t>(length), answer.size()));
    return parse_srv(answer);
  }
  // These two are answers; what else there is are failures to get one.
  if (state.failure() == HOST_NOT_FOUND || state.failure() == NO_DATA) return std::vector<SrvRecord>{};
  return Error{LdapErrc::connect_failed, "the DNS server gave no usable answer"};
}

bool lies_in(std::string const& domain, std::string const& target) {
  return ascii_iequal(target, domain) ||
         (target.size() > domain.size() && target[target.size() - domain.size() - 1] == '.' &&
          ascii_iequal(std::string_view{target}.substr(target.size() - domain.size()), domain));
}

/// RFC 1123, 2.1, and underscores; the DNS itself allows any byte, and some would change the URI.
bool is_host(std::string const& target) {
  static constexpr std::string_view kOthers = "-_.";
  return std::ranges::all_of(target, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           kOthers.find(c) != std::string_view::npos;
  });
}

std::uint32_t random_up_to(std::uint32_t most) {
  static thread_local std::minstd_rand engine{std::random_device{}()};
  return std::uniform_int_distribution<std::uint32_t>{0, most}(engine);
}

/// One kind of service: its name in the DNS and what becomes of its records.
struct Service {
  std::string name;
  std::string scheme;
  int port = 0;  // 0: the record's own
};

/// In the order in which they are asked for; the first that has records decides.
std::vector<Service> services_for(Settings const& settings) {
  auto const plain = "_ldap._tcp." + settings.srv, tls = "_ldaps._tcp." + settings.srv;
  if (settings.starttls || settings.tls.plaintext) return {{plain, "ldap", 0}};
  // A GSSAPI bind brings its own encryption.
  if (settings.bind.method == Bind::Method::gssapi) return {{tls, "ldaps", 0}, {plain, "ldap", 0}};
  return {{tls, "ldaps", 0}, {plain, "ldaps", kLdapsPort}};
}

}  // namespace

Result<std::vector<SrvRecord>> parse_srv(std::vector<unsigned char> const& message) {
  constexpr std::size_t kFixed = 6;  // bytes before the target: priority, weight, port
  ns_msg parsed;
  if (ns_initparse(message.data(), static_cast<int>(message.size()), &parsed) != 0) return bad_answer();
  if (ns_msg_getflag(parsed, ns_f_tc) != 0)
    return Error{LdapErrc::bad_answer, "the DNS answer was cut, over TCP as well"};
  std::vector<SrvRecord> records;
  for (int at = 0; at < ns_msg_count(parsed, ns_s_an); ++at) {
    ns_rr record;
    if (ns_parserr(&parsed, ns_s_an, at, &record) != 0) return bad_answer();
    if (ns_rr_type(record) != ns_t_srv || ns_rr_class(record) != ns_c_in) continue;  // a CNAME on the way
    auto const* const data = ns_rr_rdata(record);
    std::size_t const length = ns_rr_rdlen(record);
    char target[NS_MAXDNAME];
    if (length <= kFixed ||
        ns_name_uncompress(ns_msg_base(parsed), data + length, data + kFixed, target, sizeof target) < 0)
      return bad_answer();
    std::string name = target;
    if (name.ends_with('.')) name.pop_back();
    records.push_back({static_cast<std::uint16_t>(ns_get16(data)),
                       static_cast<std::uint16_t>(ns_get16(data + 2)),
                       static_cast<std::uint16_t>(ns_get16(data + 4)), std::move(name)});
  }
  return records;
}

std::vector<SrvRecord> in_srv_order(std::vector<SrvRecord> records,
                                    std::function<std::uint32_t(std::uint32_t)> const& up_to) {
  // Weightless ones first within a priority, so that they have a small chance to be drawn before others.
  std::ranges::stable_sort(records, {}, [](SrvRecord const& record) {
    return std::pair{record.priority, record.weight != 0};
  });
  for (auto first = records.begin(); first != records.end(); ++first) {
    auto const last = std::find_if(first, records.end(), [first](SrvRecord const& record) {
      return record.priority != first->priority;
    });
    std::uint32_t sum = 0;
    for (auto it = first; it != last; ++it) sum += it->weight;
    auto const drawn = up_to(sum);
    std::uint32_t running = 0;
    auto const chosen = std::find_if(first, last, [&running, drawn](SrvRecord const& record) {
      running += record.weight;
      return running >= drawn;
    });
    std::rotate(first, chosen, std::next(chosen));
  }
  return records;
}

Result<std::vector<SrvRecord>> DnsResolver::services(std::string const& name, Instant end, Stop& stop) const {
  return result_until<std::vector<SrvRecord>>(end, stop,
                                              [name, server = server_] { return ask(name, server.get()); });
}

Result<std::vector<std::string>> discover(Settings const& settings, Instant end, Stop& stop) {
  DnsResolver const system;
  Resolver const& resolver = settings.resolver ? *settings.resolver : system;
  auto const where = "directory " + settings.name + ", SRV records ";
  std::string asked, denied;
  for (auto const& service : services_for(settings)) {
    if (service.scheme == denied) continue;
    asked += (asked.empty() ? "" : " or ") + service.name;
    auto records = resolver.services(service.name, end, stop);
    if (!records)
      return Error{records.error().code, where + service.name + ": " + records.error().context +
                                             "; check the DNS server, or name the servers in uris"};
    auto const declined = std::ranges::remove(*records, std::string{}, &SrvRecord::target);
    if (!declined.empty()) denied = service.scheme;
    records->erase(declined.begin(), declined.end());
    std::vector<std::string> uris;
    for (auto const& record : in_srv_order(std::move(*records), random_up_to)) {
      if (!is_host(record.target) || !lies_in(settings.srv, record.target))
        return Error{LdapErrc::bad_setup, where + service.name + ": " + printable(record.target) +
                                              " is no host within the domain; if it is to be trusted, name "
                                              "it in uris"};
      auto const port = service.port != 0 ? service.port : record.port;
      auto uri = service.scheme + "://" + record.target + ":" + std::to_string(port);
      if (std::ranges::find(uris, uri) == uris.end()) uris.push_back(std::move(uri));
    }
    if (!uris.empty()) return uris;
  }
  return Error{LdapErrc::connect_failed, where + asked +
                                             ": the domain offers no LDAP server; check srv, or name the "
                                             "servers in uris"};
}

}  // namespace dirsync::ldap
