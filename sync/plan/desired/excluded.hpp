#pragma once
// Which groups a rule does not enter: those that its `exclude` names, wherever they are now.
#include <map>
#include <span>
#include <string>
#include <vector>

#include "sync/model/plan.hpp"
#include "sync/model/policy.hpp"
#include "sync/model/record.hpp"
#include "sync/model/snapshot.hpp"
#include "sync/plan/desired/flatten.hpp"

namespace dirsync::plan {

struct FoundExcluded {
  ExcludedHere groups;
  ExcludedGroups followed;           // from now on
  std::vector<std::string> missing;  // DNs found neither as they stand nor by the id of before
  std::vector<Notice> notices;       // of those
};

/// A group that has the DN is excluded, and so is the one that had it when it was first seen, under whatever
/// DN. `before`: as followed so far.
/// `own`: of the rule's groups; into `others` nesting may lead.
FoundExcluded find_excluded(Rule const& rule, Snapshot const& own, Flattener::Others const& others,
                            ExcludedGroups const& before);

/// Holds the additions of rules that exclude a group nobody finds: its people may be among them.
std::vector<Reason> hold_for_missing(std::span<Rule const> rules,
                                     std::map<std::string, std::vector<std::string>> const& missing,
                                     std::vector<Change> const& changes);

}  // namespace dirsync::plan
