#pragma once
// Which group of the target each wanted group is.
#include <set>
#include <variant>
#include <vector>

#include "sync/plan/diff/context.hpp"
#include "sync/plan/diff/standstill.hpp"

namespace dirsync::plan {

struct ExistingGroup {
  DesiredGroup const* desired;
  WritableGroup group;
  ManagedGroup const* managed;      // null: to be adopted
  std::optional<NewName> new_name;  // its source has another name now
};

struct GroupToCreate {
  DesiredGroup const* desired;
  NewName name;
};

/// Exists, and nobody said that it is ours.
struct NotOurs {
  DesiredGroup const* desired;
  TargetGroup const* group;
  Notice why;
};

/// Wanted, and not made: the target takes no such name.
struct RefusedName {
  DesiredGroup const* desired;
  std::string text;  // of the notice
};

/// Of ours, on which rules disagree.
struct ResolvedDispute {
  DisputedGroup const* disputed;
  TargetGroup const* group;
};

/// What cannot be written to is in `stuck` where it is ours; else only the notices tell of it.
struct Resolved {
  std::vector<ExistingGroup> existing;
  std::vector<GroupToCreate> to_create;
  std::vector<StuckGroup> stuck;
  std::vector<NotOurs> not_ours;
  std::vector<ResolvedDispute> disputed;
  std::vector<RefusedName> refused_names;
  std::vector<Notice> notices;
  /// Ids of target groups that a wanted group claims, blocked ones and those on which rules disagree
  /// included: nobody's orphans.
  std::set<std::string> claimed;
};

Resolved resolve(Context const& context);

}  // namespace dirsync::plan
