#pragma once
// What the reads of one group's sources leave open about who is in it.
#include <unordered_set>

#include "sync/plan/diff/absence.hpp"

namespace dirsync::plan {

struct GroupDoubts {
  /// Nested groups that are no longer found: directory and DN -> runs without it, this one included.
  std::map<std::pair<std::string, std::string>, int> lost_groups;
  /// Sources beside others that have no name any more, or are no longer found while that is not confirmed.
  std::vector<EntryId> lost_sources;
  /// Entries that a value names by the DN that they had in the last accepted read.
  std::unordered_set<EntryId> named_before;
  std::unordered_set<std::string> nobodys_dns;  // normalized; of values that name nothing that was read
  std::string hidden_members;                   // a group of which not all members can be told, and why
  // Of values that have not long named nothing:
  bool names_users = false;       // a memberUid value is nobody's
  bool may_have_changed = false;  // a directory changed while it was read, and such a value stands in it
  std::string young_value;        // the first of them, and where it stands, in words; empty: none
};

/// `managed`: the group as it was at the last applied run; null when it was not ours.
GroupDoubts doubts_of(Context const& context, DesiredGroup const& group, ManagedGroup const* managed);

/// Why nobody can tell whether a person who is not wanted may still be meant by a group; empty when it is
/// certain that they are not. `last_dn`: by which the target knows them, may be empty.
std::string doubt_about(Context const& context, DesiredGroup const& group, GroupDoubts const& doubts,
                        std::span<PersonRef const> entries, std::string const& last_dn);

/// In how many runs such a doubt stood, for the person or group of `key`; that ends it, unless not all
/// members of a group can be told.
Absence count_doubt(Context const& context, GroupDoubts const& doubts, std::string const& directory,
                    AbsenceKey const& key);

}  // namespace dirsync::plan
