#include "ldap/connect/srv.hpp"

#include <algorithm>
#include <random>

#include "ldap/errors.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr int kLdapsPort = 636;

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

Result<std::vector<std::string>> discover(Settings const& settings, Instant end, Stop& stop) {
  auto const where = "directory " + settings.name + ", SRV records ";
  std::string asked, denied;
  for (auto const& service : services_for(settings)) {
    if (service.scheme == denied) continue;
    asked += (asked.empty() ? "" : " or ") + service.name;
    auto records = resolver_of(settings).services(service.name, end, stop);
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
                                              " is no host within the domain; "
                                              "if it is to be trusted, name it in uris"};
      auto const port = service.port != 0 ? service.port : record.port;
      auto uri = service.scheme + "://" + record.target + ":" + std::to_string(port);
      if (std::ranges::find(uris, uri) == uris.end()) uris.push_back(std::move(uri));
    }
    if (!uris.empty()) return uris;
  }
  return Error{LdapErrc::connect_failed, where + asked +
                                             ": the domain offers no LDAP server; "
                                             "check srv, or name the servers in uris"};
}

}  // namespace dirsync::ldap
