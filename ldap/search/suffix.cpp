#include "ldap/search/suffix.hpp"

#include "sync/model/dn.hpp"

namespace dirsync::ldap {

std::string suffix_of(std::vector<std::string> const& suffixes, std::string const& base) {
  std::string longest;
  auto const key = normalized_dn(base);
  for (auto const& suffix : suffixes) {
    auto const normalized = normalized_dn(suffix);
    if (key && normalized && is_below(*key, *normalized) && suffix.size() > longest.size()) longest = suffix;
  }
  return longest;
}

}  // namespace dirsync::ldap
