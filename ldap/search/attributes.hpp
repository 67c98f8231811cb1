#pragma once
#include <map>
#include <string>
#include <vector>

#include "ldap/search/search.hpp"

namespace dirsync::ldap {

/// Attributes of one entry, copied; names in lower case.
class Attributes {
 public:
  void add(EntryReader& entry);
  std::vector<std::string> const& all(std::string const& name) const;
  /// Empty when there is none.
  std::string first(std::string const& name) const;

 private:
  std::map<std::string, std::vector<std::string>> values_;
};

/// Reads what a server may offer or not: empty when it is not there or not shown (results 32, 50 and 53).
/// Other errors: as search_few(). Blocks; thread: that of `connection`.
Result<Attributes> read_if_shown(Connection& connection, Search const& search);

}  // namespace dirsync::ldap
