#pragma once
#include <string>
#include <variant>
#include <vector>

namespace dirsync {

/// Groups that fit a filter (RFC 4515), combined with the flavour's group classes.
struct MatchingGroups {
  std::string filter;
};
struct NamedGroups {
  std::vector<std::string> dns;
};
/// Groups that are members of `dn`, at any depth.
struct GroupsBelow {
  std::string dn;
};

/// The directory groups that one rule starts from: exactly one of the three.
using GroupSelection = std::variant<MatchingGroups, NamedGroups, GroupsBelow>;

}  // namespace dirsync
