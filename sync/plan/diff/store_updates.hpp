#pragma once
// What is ours without a write: memberships and groups that were found.
#include "sync/plan/diff/doubts.hpp"
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/diff/group_members.hpp"
#include "sync/plan/diff/resolve.hpp"

namespace dirsync::plan {

/// Of a group that is there. Figures: what is adopted.
GroupDraft store_updates(Context const& context, ExistingGroup const& group, Wanted const& wanted,
                         Granted const& granted, GroupDoubts const& doubts, StandIns const& nested);

}  // namespace dirsync::plan
