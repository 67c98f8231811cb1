#pragma once
// What the store and closer looks say. The planner asks (Questions); the engine finds out and plans again.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/model/record.hpp"
#include "sync/plan/absence_key.hpp"

namespace dirsync::plan {

struct Facts {
  std::map<std::string, RuleMemory> rules;         // by rule; missing: no plan of it was ever applied
  std::map<std::string, ExcludedGroups> excluded;  // by rule, as they were followed before
  /// Consecutive runs before this one, by directory.
  std::map<std::string, std::map<AbsenceKey, int>> absences;
  std::map<EntryId, std::string> last_dn;       // where an entry that is no longer read was last seen
  std::map<EntryId, std::string> last_seen_in;  // and in which directory
  std::set<EntryId> confirmed_gone;             // by a closer look in this run
  std::set<EntryId> found_by_look;              // such a look found them, whatever the read shows
  /// Directories that another server gave than the last accepted read; it may lag behind that one.
  std::set<std::string> other_server;
  /// Entries of the last accepted read: by directory, then normalized DN.
  std::map<std::string, std::map<std::string, KnownEntry>> known;
};

/// An entry that a complete read no longer shows; one look could confirm that it is gone.
struct GoneQuestion {
  std::string directory;
  EntryId id;
  std::string last_dn;
  friend auto operator<=>(GoneQuestion const&, GoneQuestion const&) = default;
};

inline int runs_absent_before(Facts const& facts, std::string const& directory, AbsenceKey const& key) {
  auto const counts = facts.absences.find(directory);
  if (counts == facts.absences.end()) return 0;
  auto const found = counts->second.find(key);
  return found == counts->second.end() ? 0 : found->second;
}

/// The entry that bore that DN in the last accepted read; null when none did, or nobody asked yet.
inline KnownEntry const* known_as(Facts const& facts, std::string const& directory,
                                  std::string const& normalized_dn) {
  auto const entries = facts.known.find(directory);
  if (entries == facts.known.end()) return nullptr;
  auto const found = entries->second.find(normalized_dn);
  return found == entries->second.end() ? nullptr : &found->second;
}

/// By directory.
using AbsenceKeys = std::map<std::string, std::set<AbsenceKey>>;

struct Questions {
  std::set<GoneQuestion> gone;
  std::map<std::string, std::set<std::string>> dns;  // by directory: normalized DNs; who bore them?
  bool empty() const { return gone.empty() && dns.empty(); }
};

}  // namespace dirsync::plan
