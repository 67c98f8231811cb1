#pragma once
// Member values that name nothing that was read.
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/plan/absence_book.hpp"
#include "sync/plan/people/directory_view.hpp"

namespace dirsync::plan {

struct UnresolvedValues {
  std::set<std::string, std::less<>> values;  // normalized DNs; memberUid values folded
  /// Values that name a nested group that was known: normalized DN -> runs without it, this one included.
  std::map<std::string, int> lost_groups;
  /// Those of a group that are doubt: they were not there, or named somebody, at the last accepted read, and
  /// further reads have not confirmed yet that they name nothing.
  std::map<GroupIndex, std::vector<std::string_view>> young;
  std::vector<KeptUnresolved> kept;  // to go with this read, ordered by group, runs, counted
};

/// Looks at every group that was read, whatever the target: what is forgotten in one run cannot be asked for
/// in the next. Counts lost groups in `book` and asks it for unknown DNs. `views`: all, by name.
UnresolvedValues find_unresolved(std::map<std::string, DirectoryView> const& views, DirectoryView const& view,
                                 AbsenceBook& book);

}  // namespace dirsync::plan
