#pragma once
// What the store and closer looks say. The planner asks (Questions); the engine finds out and plans again.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sync/model/mapping_answer.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/record.hpp"
#include "sync/model/undo.hpp"
#include "sync/plan/absence_key.hpp"

namespace dirsync::plan {

/// In how many consecutive runs something was not seen, and when the last one that counted began.
struct AbsentBefore {
  int runs = 0;
  Time counted;
};

/// Member values of one directory that named nothing at its last accepted read.
struct UnresolvedBefore {
  bool is_first = false;  // no read of it was ever accepted: there is nothing to doubt
  std::map<EntryId, std::vector<KeptUnresolved>> values;  // by group
};

struct Facts {
  std::map<std::string, RuleMemory> rules;         // by rule; missing: no plan of it was ever applied
  std::map<std::string, ExcludedGroups> excluded;  // by rule, as they were followed before
  Time now;                                        // when this run began
  /// Consecutive runs before this one, by directory; of what a target no longer shows, by members_of().
  std::map<std::string, std::map<AbsenceKey, AbsentBefore>> absences;
  std::map<EntryId, std::string> last_dn;       // where an entry that is no longer read was last seen
  std::map<EntryId, std::string> last_seen_in;  // and in which directory
  std::set<EntryId> confirmed_gone;             // by a closer look in this run
  std::map<std::string, std::set<std::string>> deleted_groups;  // by target: it says itself that they are
  /// By target, then by domain: what it says of its directory mappings; missing: nobody asked yet.
  std::map<std::string, std::map<std::string, MappingAnswer>> mappings;
  std::set<EntryId> found_by_look;  // such a look found them, whatever the read shows
  /// Directories that another server gave than the last accepted read; it may lag behind that one.
  std::set<std::string> other_server;
  /// By directory; missing: nobody kept them.
  std::map<std::string, UnresolvedBefore> unresolved;
  /// Entries of the last accepted read: by directory, then normalized DN.
  std::map<std::string, std::map<std::string, KnownEntry>> known;
  std::map<std::string, std::vector<Undone>> undone;  // by target: what was taken back and not done again
  /// By target: memberships that were changed as often as Limits::flaps allows, or more.
  std::map<std::string, std::vector<Flips>> flips;
  std::map<EntryId, Time> deleted_at;  // by feeds; for Change::changed_at alone
};

/// An entry that a complete read no longer shows; one look could confirm that it is gone.
struct GoneQuestion {
  std::string directory;
  EntryId id;
  std::string last_dn;
  friend auto operator<=>(GoneQuestion const&, GoneQuestion const&) = default;
};

inline AbsentBefore absent_before(Facts const& facts, std::string const& directory, AbsenceKey const& key) {
  auto const counts = facts.absences.find(directory);
  if (counts == facts.absences.end()) return {};
  auto const found = counts->second.find(key);
  return found == counts->second.end() ? AbsentBefore{} : found->second;
}

/// With this run, which counts only when it is far enough from the last one that did; where the clock was
/// ahead then, from now on.
inline AbsentBefore with_this_run(AbsentBefore const& before, Facts const& facts,
                                  Limits::Confirm const& confirm) {
  if (before.runs > 0 && facts.now - before.counted < confirm.apart)
    return {before.runs, std::min(before.counted, facts.now)};
  return {before.runs + 1, facts.now};
}
inline AbsentBefore absent_with_this_run(Facts const& facts, Limits::Confirm const& confirm,
                                         std::string const& directory, AbsenceKey const& key) {
  return with_this_run(absent_before(facts, directory, key), facts, confirm);
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
  std::map<std::string, std::set<std::string>> dns;     // by directory: normalized DNs; who bore them?
  std::map<std::string, std::set<std::string>> groups;  // by target: ids that are not listed; do they exist?
  std::map<std::string, std::set<std::string>> mappings;  // by target: domains through which people come in
  bool empty() const { return gone.empty() && dns.empty() && groups.empty() && mappings.empty(); }
};

}  // namespace dirsync::plan
