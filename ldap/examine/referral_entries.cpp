#include "ldap/examine/referral_entries.hpp"

#include <algorithm>
#include <optional>

#include "ldap/search/search.hpp"
#include "sync/model/dn.hpp"

namespace dirsync::ldap {
namespace {

constexpr char kSeeReferralsThemselves[] = "2.16.840.1.113730.3.4.2";

/// What follows the first RDN, as it is spelt; nothing after the last one.
std::optional<std::string> spelt_parent(std::string const& dn) {
  auto quoted = false;
  for (std::size_t at = 0; at < dn.size(); ++at) {
    if (dn[at] == '\\') {
      ++at;
    } else if (dn[at] == '"') {
      quoted = !quoted;
    } else if (!quoted && (dn[at] == ',' || dn[at] == ';')) {
      auto const start = dn.find_first_not_of(' ', at + 1);
      return start == std::string::npos ? std::nullopt : std::optional{dn.substr(start)};
    }
  }
  return std::nullopt;
}

bool is_at_or_below(std::string const& dn, std::string const& base) {
  auto const one = normalized_dn(dn), other = normalized_dn(base);
  return one && other && is_below(*one, *other);
}

}  // namespace

std::string base_without_referrals(std::vector<std::string> const& entries,
                                   std::vector<std::string> const& referrals) {
  if (entries.empty()) return {};
  std::string best;
  for (auto base = spelt_parent(entries.front()); base; base = spelt_parent(*base)) {
    auto const below = [&base](std::string const& dn) { return is_at_or_below(dn, *base); };
    if (std::ranges::any_of(referrals, below)) break;
    if (std::ranges::all_of(entries, below)) best = *base;
  }
  return best;
}

Result<void> find_referral_entries(Connection& connection, std::string const& base, int page_size,
                                   std::vector<std::string>& dns) {
  Search const search{.what = "search for referral entries",
                      .base = base,
                      .scope = Scope::sub,
                      .filter = "(objectClass=referral)",
                      .attributes = {"1.1"},
                      .control = kSeeReferralsThemselves};
  Paging const paging{page_size, true};
  auto const found =
      search_first_page(connection, search, paging, [&dns](EntryReader& entry) -> Result<void> {
        dns.emplace_back(entry.dn());
        return {};
      });
  if (!found) return found.error();
  return {};
}

}  // namespace dirsync::ldap
