#pragma once
#include <cstdint>
#include <map>
#include <string>

namespace dirsync {

/// What stands below a base, by class: looked at only where a read found nothing that it was asked for, so
/// that a person sees why. The first page of the server's answer; it proves nothing.
struct Census {
  std::string base, filter;  // filter: what was asked for in vain, or empty
  std::uint64_t entries = 0;
  bool is_all = true;                            // false: there are more
  std::map<std::string, std::uint64_t> classes;  // entries of each class but `top`, as the server spells it
  std::string example;                           // DN of one of them below the base; empty: there is none
};

/// `Read was what fits (objectClass=person); below "ou=x" the server shows 12 entries (account 11,
/// organizationalUnit 1), such as "uid=a,ou=x"`.
std::string in_words(Census const& census);

}  // namespace dirsync
