#include "ldap/connect/server.hpp"

#include "ldap/connect/handles.hpp"

namespace dirsync::ldap {

std::optional<Server> parse_server(std::string const& uri) {
  LDAPURLDesc* raw = nullptr;
  if (ldap_url_parse(uri.c_str(), &raw) != LDAP_URL_SUCCESS) return std::nullopt;
  UrlPtr const url{raw};
  if (url->lud_host == nullptr || *url->lud_host == '\0') return std::nullopt;
  std::string_view const scheme = url->lud_scheme;
  if (scheme == "ldap") return Server{Server::Transport::plain, url->lud_host, url->lud_port};
  if (scheme == "ldaps") return Server{Server::Transport::tls, url->lud_host, url->lud_port};
  if (scheme != "ldapi" || *url->lud_host != '/') return std::nullopt;
  return Server{Server::Transport::local, url->lud_host, 0};
}

void ServerMemory::failed(std::string const& uri, std::string reason, Instant now) {
  auto const known = failures_.find(uri);
  auto const again = known != failures_.end() && now < known->second.until + longest_;
  auto const pause = again ? std::min(known->second.pause * 2, longest_) : first_;
  failures_.insert_or_assign(uri, Lapse{pause, now + pause, std::move(reason)});
}

bool ServerMemory::pauses(std::string const& uri, Instant now) const {
  auto const known = failures_.find(uri);
  return known != failures_.end() && now < known->second.until;
}

std::vector<std::string> ServerMemory::in_order(std::vector<std::string> uris, Instant now) const {
  std::ranges::stable_partition(uris, [this, now](std::string const& uri) { return !pauses(uri, now); });
  return uris;
}

std::string ServerMemory::reason(std::string const& uri, Instant now) const {
  return pauses(uri, now) ? failures_.at(uri).reason : std::string{};
}

}  // namespace dirsync::ldap
