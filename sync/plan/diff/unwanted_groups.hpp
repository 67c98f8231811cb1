#pragma once
// Groups of ours that no source feeds any more.
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/diff/resolve.hpp"

namespace dirsync::plan {

/// One part for each group that is there: whatever it keeps, leavers leave it. Grants of groups that the
/// target says are deleted are forgotten.
/// `claimed`: ids of groups that a wanted group is.
std::vector<GroupDraft> unwanted_groups(Context const& context, std::set<std::string> const& claimed,
                                        Matches& matches);

}  // namespace dirsync::plan
