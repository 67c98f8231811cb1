#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ldap/search/search.hpp"
#include "ldap/settings.hpp"

namespace dirsync::ldap {

/// A search as a referral URL wants it done (RFC 4511, 4.1.10 and 4.5.3; RFC 4516).
struct ReferralTarget {
  std::string uri;  // "ldap://host:port"
  Search search;
};

/// Which search `url` asks for in place of `search`, where `hosts` has its host.
/// Errors: LdapErrc::referral: another host or scheme, no URL, a critical extension; the context is the
/// reason.
Result<ReferralTarget> parse_referral(std::string const& url, Search const& search,
                                      std::vector<std::string> const& hosts);

/// The part of `search` that a referral calls another server's although it is a naming context of the one
/// that was asked; nothing when it is not. `own`: its naming contexts, normalized.
std::optional<Search> own_part(Reference const& urls, Search const& search, std::set<std::string> const& own);

/// What one connection does with the parts of answers that other servers hold.
/// Thread: one at a time.
class Referrals {
 public:
  Referrals(Settings const& settings, Stop& stop) : Referrals(settings, stop, 0, std::make_shared<Trail>()) {}
  Referrals(Referrals const&) = delete;
  Referrals& operator=(Referrals const&) = delete;
  ~Referrals();

  ReferralSettings::Mode mode() const noexcept { return settings_.referrals.mode; }
  /// "none", "3 ignored", "2 followed"; for the certificate.
  std::string summary() const;
  /// Parts that were left out, each once, however many searches came upon it.
  std::size_t ignored() const noexcept { return trail_->ignored.size(); }
  /// Counts those of another connection as well.
  void count(Referrals const& other);

  /// The same search on another server.
  using SearchThere = std::function<Result<SearchFigures>(Connection&, Search const&)>;
  /// Parts that `from` holds itself, by its own namingContexts (RFC 4512, 5.1), are searched there. Does with
  /// the other references in the answer of `from` to `search` what the settings say: to follow them,
  /// `search_there` is called for each, at most four servers deep, and for no search of a server twice.
  /// Result: `figures` and those of the other servers. Errors: LdapErrc::referral; those of the searches.
  Result<SearchFigures> settle(Connection& from, std::vector<Reference> const& references,
                               SearchFigures figures, Search const& search, std::string const& what,
                               SearchThere const& search_there);

 private:
  /// Common to a connection and those that its referrals led to.
  struct Trail {
    std::set<std::string> seen;  // of one search
    std::set<std::string> ignored;
    std::uint64_t followed = 0;
  };
  Referrals(Settings const& settings, Stop& stop, int depth, std::shared_ptr<Trail> trail);
  Result<std::set<std::string>> own_contexts(Connection& from);
  Result<SearchFigures> settle_elsewhere(Connection& from, std::vector<Reference> const& references,
                                         SearchFigures figures, Search const& search, std::string const& what,
                                         SearchThere const& search_there);
  Result<Connection*> connection_to(std::string const& uri, Connection const& from);
  Result<SearchFigures> follow(Connection const& from, Reference const& urls, Search const& search,
                               std::string const& what, SearchThere const& search_there);

  Settings settings_;
  Stop& stop_;
  int depth_;
  std::shared_ptr<Trail> trail_;
  std::optional<std::set<std::string>> own_;  // naming contexts of its server; read when they are needed
  std::map<std::string, Connection> others_;
};

}  // namespace dirsync::ldap
