#pragma once
// What the store and closer looks say. The planner asks (Questions); the engine finds out and plans again.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/model/record.hpp"

namespace dirsync::plan {

struct Facts {
  std::map<std::string, RuleMemory> rules;       // by rule; missing: no plan of it was ever applied
  std::map<std::string, int> absences;           // consecutive runs before this one, by absence key
  std::map<EntryId, std::string> last_dn;        // where an entry that is no longer read was last seen
  std::set<EntryId> confirmed_gone;              // by a closer look in this run
  std::map<std::string, KnownEntry> known;       // entries of the last accepted read, by normalized DN
};

/// An entry that a complete read no longer shows; one look could confirm that it is gone.
struct GoneQuestion {
  std::string directory;
  EntryId id;
  std::string last_dn;
  friend auto operator<=>(GoneQuestion const&, GoneQuestion const&) = default;
};

struct Questions {
  std::set<GoneQuestion> gone;
  std::map<std::string, std::set<std::string>> dns;  // by directory: normalized DNs; who bore them?
  bool empty() const { return gone.empty() && dns.empty(); }
};

// Absence keys; they are stored, so their form is fixed.
inline std::string person_key(EntryId const& id) { return "person:" + id.value(); }
inline std::string group_key_of(EntryId const& id) { return "group:" + id.value(); }
inline std::string membership_key(std::string const& target, std::string const& group_id, std::string const& principal) {
  return "membership:" + target + "/" + group_id + "/" + principal;
}

}  // namespace dirsync::plan
