#pragma once
// Groups of ours that no source feeds any more.
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/diff/resolve.hpp"

namespace dirsync::plan {

/// One part for each group that is there; grants of groups that were deleted in the target are forgotten.
/// `claimed`: ids of groups that a wanted group is.
std::vector<GroupDraft> unwanted_groups(Context const& context, std::set<std::string> const& claimed);

}  // namespace dirsync::plan
