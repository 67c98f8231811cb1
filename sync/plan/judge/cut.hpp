#pragma once
// A part of a plan, for a person who wants no more of it.
#include <string>

#include "sync/model/plan.hpp"
#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// Empty strings do not select.
struct Cut {
  std::string rule, group, user;  // user: principal, DN or immutable id
  bool empty() const { return rule.empty() && group.empty() && user.empty(); }
};

/// Keeps only changes that fit, and a group that is to be created while an addition to it does. Numbers and
/// digests again; verdicts and reasons stay those of the whole plan, but for a target without any change
/// left.
Plan cut(Plan plan, Cut const& cut);
StoreUpdates cut(StoreUpdates updates, Cut const& cut);

}  // namespace dirsync::plan
