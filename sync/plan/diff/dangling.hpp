#pragma once
// Member values that name nothing that was read.
#include <map>
#include <set>
#include <string>

#include "sync/plan/desired/desired.hpp"
#include "sync/plan/facts.hpp"

namespace dirsync::plan {

struct Dangling {
  std::set<std::string, std::less<>> values;  // normalized DNs; memberUid values folded
  /// Values that name a nested group that was known: normalized DN -> runs without it, this one included.
  std::map<std::string, int> lost_groups;
};

/// Looks at every group that was read, whatever the target: what is forgotten in one run can not be asked for
/// in the next. Lost groups are counted in `absent`; unknown DNs become questions.
Dangling find_dangling(DirectoryView const& view, Facts const& facts, Questions& questions,
                       std::set<std::string>& absent);

}  // namespace dirsync::plan
