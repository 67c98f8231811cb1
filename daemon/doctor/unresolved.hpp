#pragma once
// Why a member value may name nobody.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/snapshot.hpp"

namespace dirsync::doctor {

enum class Cause {
  other_case,     // memberUid compares case, and somebody's uid differs by it alone
  relative_name,  // the beginning of a DN that is there
  other_domain,   // outside of the directory's base, or "name@domain", "DOMAIN\name"
  outside_bases,  // in the directory, and below neither base that is searched
  not_read,       // it is there, and its class or the filter leaves it out
  gone,           // where it would be found there is nothing of that name
};
/// Reads on after values, or one: "are only the beginning of a DN".
char const* explanation(Cause cause, bool of_one);
char const* remedy(Cause cause);

/// Where entries of a directory are looked for; normalized.
struct SearchedBases {
  std::string base, people, groups;
};

/// What there is to compare a value with; views into the snapshot it was made from.
class KnownNames {
 public:
  KnownNames(Snapshot const& snapshot, SearchedBases bases);
  Cause cause_of(std::string_view value) const;

 private:
  Cause cause_of_dn(std::string_view value, std::string const& normalized) const;
  Snapshot const& snapshot_;
  SearchedBases bases_;
  std::set<std::string, std::less<>> folded_uids_, rdns_;
};

struct CauseFinding {
  std::uint64_t values = 0;
  std::vector<std::string> examples;  // "VALUE in GROUP", three at most
};
std::map<Cause, CauseFinding> unresolved_by_cause(Snapshot const& snapshot, SearchedBases const& bases);

}  // namespace dirsync::doctor
