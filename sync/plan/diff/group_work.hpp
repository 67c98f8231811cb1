#pragma once
// Shared by the sources of class TargetPlanner. Inside this folder only.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "sync/plan/diff/target_planner.hpp"

namespace dirsync::plan {

/// One target group while it is compared.
struct TargetPlanner::GroupWork {
  DesiredGroup const& desired;
  TargetGroup const& have;
  ManagedGroup const* managed;  // none: to be adopted or created
  GroupFigures figures;
  std::unordered_map<std::uint32_t, DesiredMember const*> wanted = {};  // by index of the target user
  std::vector<DesiredMember const*> to_provision = {};
  std::unordered_set<EntryId> wanted_ids = {};     // all of them, also those who match nobody yet; sources
  std::unordered_set<EntryId> set_aside_ids = {};  // wanted, but nobody knows which user they are
  std::set<std::string> set_aside_names = {};      // folded
  std::unordered_map<std::uint32_t, Grant const*> granted = {};
  /// Nested members that are ours.
  std::vector<std::pair<OtherMember const*, Grant const*>> granted_groups = {};
  // With as = "group" only:
  std::map<OtherMember const*, SourceTree const*> nested = {};  // members that stand for a source
  bool all_nested = true;                                       // every source has one
  std::unordered_set<EntryId> people_behind = {};
  /// Nested groups that are no longer found: directory and DN -> runs without it.
  std::map<std::pair<std::string, std::string>, int> lost_groups = {};
  /// Sources beside others that are no longer found, while that is not confirmed.
  std::vector<EntryId> lost_sources = {};
  /// Entries that a value names by the DN that they had in the last accepted read.
  std::unordered_set<EntryId> named_before = {};
  std::set<std::string> nobodys_dns = {};  // normalized DNs of values that name nothing that was read
  bool names_users = false;                // a memberUid value is nobody's
  bool may_have_changed = false;  // a directory changed while it was read, and such a value stands in it
};

/// Whether any entry of the person with that id is among `ids`.
inline bool contains_any(std::unordered_set<EntryId> const& ids, EntryId const& person) {
  return std::ranges::any_of(parts_of(person), [&ids](EntryId const& id) { return ids.contains(id); });
}

/// "cn=a,..., cn=b,...": the source groups.
std::string source_names(DesiredGroup const& group);

}  // namespace dirsync::plan
