#include "ldap/search/referral.hpp"

#include <algorithm>
#include <optional>

#include "ldap/connect/server.hpp"
#include "ldap/errors.hpp"
#include "ldap/search/attributes.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::ldap {
namespace {

constexpr int kDeepest = 4;  // servers after the first

Error refused(std::string reason) { return {LdapErrc::referral, std::move(reason)}; }

/// Whether a part of the URL is there: 1 attributes, 2 scope, 3 filter. libldap fills in what is left out.
bool has_part(std::string_view url, int part) {
  std::size_t start = 0;
  for (; part > 0; --part) {
    start = url.find('?', start);
    if (start == std::string_view::npos) return false;
    ++start;
  }
  return start < url.size() && url[start] != '?';
}

/// As in a URI; RFC 3986, 3.2.2.
std::string spelled(std::string const& host) {
  return host.find(':') == std::string::npos ? ascii_lower(host) : "[" + host + "]";
}

bool is_listed(std::vector<std::string> const& hosts, Server const& server) {
  auto const host_alone = spelled(server.host);
  auto const with_port = host_alone + ":" + std::to_string(server.port);
  auto const usual = server.port == (server.transport == Server::Transport::tls ? LDAPS_PORT : LDAP_PORT);
  return std::ranges::any_of(hosts, [&host_alone, &with_port, usual](std::string const& host) {
    return ascii_iequal(host, with_port) || (usual && ascii_iequal(host, host_alone));
  });
}

/// The same for the same part, whatever was searched for and in whatever order a server lists its copies.
std::string part_named(Reference urls, Search const& search) {
  for (auto& url : urls) url = ascii_lower(url.substr(0, url.find('?')));
  std::ranges::sort(urls);
  return urls.empty() ? search.base : join(urls, " ");
}

/// The same for the same search of the same server.
std::string key_of(ReferralTarget const& target) {
  auto const base = normalized_dn(target.search.base);
  return target.uri + "\n" + (base ? *base : target.search.base) + "\n" +
         std::to_string(static_cast<int>(target.search.scope)) + "\n" + target.search.filter;
}

/// `search` as the URL wants it done.
Result<Search> part_of(std::string const& url, LDAPURLDesc const& parsed, Search const& search) {
  auto part = search;
  if (parsed.lud_dn != nullptr && *parsed.lud_dn != '\0') part.base = parsed.lud_dn;
  if (has_part(url, 2)) {
    auto const scope = scope_of(parsed.lud_scope);
    if (!scope) return refused(printable(url) + " has an unknown scope");
    part.scope = *scope;
  }
  if (has_part(url, 3)) part.filter = parsed.lud_filter;
  return part;
}

}  // namespace

Result<ReferralTarget> parse_referral(std::string const& url, Search const& search,
                                      std::vector<std::string> const& hosts) {
  auto const shown = printable(url);
  LDAPURLDesc* raw = nullptr;
  auto const server = parse_server(url);
  if (!server || server->transport == Server::Transport::local ||
      ldap_url_parse(url.c_str(), &raw) != LDAP_URL_SUCCESS)
    return refused(shown + " is no URL of a server");
  UrlPtr const parsed{raw};
  if (!is_listed(hosts, *server)) return refused(shown + " is not in referral_hosts");
  if (parsed->lud_crit_exts > 0) return refused(shown + " has a critical extension");
  auto const tls = server->transport == Server::Transport::tls;
  auto part = part_of(url, *parsed, search);
  if (!part) return part.error();
  return ReferralTarget{
      (tls ? "ldaps://" : "ldap://") + spelled(server->host) + ":" + std::to_string(server->port),
      std::move(*part)};
}

std::optional<Search> own_part(Reference const& urls, Search const& search,
                               std::set<std::string> const& own) {
  auto const base = normalized_dn(search.base);
  for (auto const& url : urls) {
    LDAPURLDesc* raw = nullptr;
    if (ldap_url_parse(url.c_str(), &raw) != LDAP_URL_SUCCESS) continue;
    UrlPtr const parsed{raw};
    auto const dn = normalized_dn(parsed->lud_dn == nullptr ? "" : parsed->lud_dn);
    // Below it, so that no part leads back.
    if (!dn || !base || !own.contains(*dn) || *dn == *base || !is_below(*dn, *base)) continue;
    if (auto part = part_of(url, *parsed, search)) return std::move(*part);
  }
  return std::nullopt;
}

Referrals::Referrals(Settings const& settings, Stop& stop, int depth, std::shared_ptr<Trail> trail)
    : settings_(settings), stop_(stop), depth_(depth), trail_(std::move(trail)) {
  settings_.srv.clear();
  settings_.memory.reset();
}

Referrals::~Referrals() = default;

void Referrals::count(Referrals const& other) {
  trail_->ignored.insert(other.trail_->ignored.begin(), other.trail_->ignored.end());
  trail_->followed += other.trail_->followed;
}

std::string Referrals::summary() const {
  if (ignored() > 0) return std::to_string(ignored()) + " ignored, as referrals = \"ignore\" says";
  return trail_->followed == 0 ? "none" : std::to_string(trail_->followed) + " followed";
}

Result<Connection*> Referrals::connection_to(std::string const& uri, Connection const& from) {
  if (auto const known = others_.find(uri); known != others_.end()) {
    known->second.watch();
    return &known->second;
  }
  settings_.uris = {uri};
  settings_.timeouts.total = left_until(from.end_);
  auto opened = Connection::open(settings_, stop_);
  if (!opened) return opened.error();
  opened->referrals_.reset(new Referrals{settings_, stop_, depth_ + 1, trail_});
  return &others_.emplace(uri, std::move(*opened)).first->second;
}

Result<SearchFigures> Referrals::follow(Connection const& from, Reference const& urls, Search const& search,
                                        std::string const& what, SearchThere const& search_there) {
  // The URLs are alternatives: any one of them will do.
  std::string reasons;
  auto code = make_error_code(LdapErrc::referral);
  for (auto const& url : urls) {
    auto target = parse_referral(url, search, settings_.referrals.hosts);
    if (target && trail_->seen.contains(key_of(*target)))
      target = refused(printable(url) + " was followed already; the servers refer to each other");
    auto const connection = target ? connection_to(target->uri, from) : Result<Connection*>{target.error()};
    if (connection) {
      trail_->seen.insert(key_of(*target));
      ++trail_->followed;
      return search_there(**connection, target->search);
    }
    if (connection.error().code == LdapErrc::cancelled) return connection.error();
    if (connection.error().code == Failure::transient) code = connection.error().code;
    reasons += (reasons.empty() ? "" : " | ") + connection.error().context;
  }
  return Error{
      code,
      what + ": a referral that cannot be followed: " + (reasons.empty() ? "it names no server" : reasons) +
          "; add the server to referral_hosts if it is to be trusted, or name a base without referrals"};
}

Result<SearchFigures> Referrals::settle(Connection& from, std::vector<Reference> const& references,
                                        SearchFigures figures, Search const& search, std::string const& what,
                                        SearchThere const& search_there) {
  if (references.empty()) return figures;
  auto const own = own_contexts(from);
  if (!own) return own.error();
  std::vector<Reference> elsewhere;
  std::set<std::string> searched;
  for (auto const& urls : references) {
    auto const part = own_part(urls, search, *own);
    if (!part) {
      elsewhere.push_back(urls);
    } else if (searched.insert(normalized_dn(part->base).value_or("")).second) {
      auto const found = search_there(from, *part);
      if (!found) return found.error();
      figures.entries += found->entries;
      figures.pages += found->pages;
    }
  }
  return settle_elsewhere(from, elsewhere, figures, search, what, search_there);
}

Result<std::set<std::string>> Referrals::own_contexts(Connection& from) {
  if (own_) return *own_;
  own_.emplace();  // for references in the answer that is to tell them
  auto const root = read_if_shown(from, root_dse_search({"namingContexts"}));
  if (!root) {
    own_.reset();
    return root.error();
  }
  for (auto const& dn : root->all("namingcontexts"))
    if (auto normalized = normalized_dn(dn)) own_->insert(std::move(*normalized));
  return *own_;
}

Result<SearchFigures> Referrals::settle_elsewhere(Connection& from, std::vector<Reference> const& references,
                                                  SearchFigures figures, Search const& search,
                                                  std::string const& what, SearchThere const& search_there) {
  if (references.empty()) return figures;
  if (mode() == ReferralSettings::Mode::error) {
    auto const& urls = references.front();
    return result_error(LDAP_REFERRAL, what, urls.empty() ? "" : urls.front());
  }
  if (mode() == ReferralSettings::Mode::ignore) {
    for (auto const& urls : references) trail_->ignored.insert(part_named(urls, search));
    return figures;
  }
  if (depth_ == kDeepest)
    return refused(what + ": referrals lead on after " + std::to_string(kDeepest) +
                   " servers; name the server that holds the data");
  if (depth_ == 0) trail_->seen.clear();
  for (auto const& urls : references) {
    auto const found = follow(from, urls, search, what, search_there);
    if (!found) return found.error();
    figures.entries += found->entries;
    figures.pages += found->pages;
  }
  from.watch();
  return figures;
}

}  // namespace dirsync::ldap
