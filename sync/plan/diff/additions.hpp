#pragma once
// Who joins a group as a user.
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/diff/wanted.hpp"

namespace dirsync::plan {

/// Of wanted users who are not in it, and of those whom the target makes or takes in.
GroupDraft additions(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                     Wanted const& wanted);

}  // namespace dirsync::plan
