#pragma once
// Source groups that come to feed a target group which another one feeds already, or in the same plan:
// whoever may name a group could take a share in any. A person agrees once, or a rule says that nobody need.
#include "sync/plan/diff/group_draft.hpp"

namespace dirsync::plan {

/// With the notice `united`, and with `joining` where somebody must agree first. `managed`: null when the
/// group is not ours yet.
GroupDraft union_of(Context const& context, WritableGroup const& group, DesiredGroup const& desired,
                    ManagedGroup const* managed);

/// Holds the plan, reason `source-joined`, for those groups in which something is to be sent. In others
/// nobody can agree to anything: what joins is not recorded as theirs, so that it is held when it first
/// matters.
void hold_joining(Draft& draft, std::vector<Joining> const& joining);

}  // namespace dirsync::plan
