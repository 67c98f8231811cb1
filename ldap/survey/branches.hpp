#pragma once
// In which part of a tree entries are.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace dirsync::ldap {

/// Counts entries by the containers above them, up to a context. Pure.
class Branches {
 public:
  /// `context`: a DN; entries that are not below it are not counted.
  explicit Branches(std::string const& context);
  void add(std::string_view dn);

  struct Chosen {
    std::string base;                        // as the entries spell it
    std::uint64_t below = 0, elsewhere = 0;  // entries
  };
  /// From the context down while one container has all entries that its parent has, or bears one of `names`
  /// (values of its RDN, lower case) and has half of them at least; such a one ends the way. Nothing is lost
  /// but what is beside a container of such a name.
  Chosen choose(std::span<std::string_view const> names) const;

 private:
  struct Container {
    std::string spelled, parent;  // parent: a key; empty above the context
    std::uint64_t entries = 0;    // below it, at any depth
  };
  std::string const* busiest_child(std::string const& key, std::span<std::string_view const> names) const;

  std::string context_, root_;            // root_: its key
  std::map<std::string, Container> all_;  // by normalized DN
};

/// The DN of the container, as it is spelled in `dn`; empty: there is none.
std::string_view container_in(std::string_view dn);

}  // namespace dirsync::ldap
