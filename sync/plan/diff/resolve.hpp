#pragma once
// Which group of the target each wanted group is.
#include <set>
#include <variant>
#include <vector>

#include "sync/plan/diff/context.hpp"

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

/// What is blocked is not in it; the notices say why.
struct Resolved {
  std::vector<ExistingGroup> existing;
  std::vector<GroupToCreate> to_create;
  std::vector<Notice> notices;
  /// Ids of target groups that a wanted group claims, blocked ones and those on which rules disagree
  /// included: nobody's orphans.
  std::set<std::string> claimed;
};

Resolved resolve(Context const& context);

}  // namespace dirsync::plan
