#pragma once
// What was read, and what each rule comes to in its target.
#include "sync/plan/diff/context.hpp"
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/diff/resolve.hpp"
#include "sync/plan/diff/wanted.hpp"

namespace dirsync::plan {

DirectorySummary summary_of(DirectoryView const& view, Accounts const& accounts);

/// Of all rules that feed the target: their figures, and `no-names` where nothing that one selects has a name
/// that can be used. `matches`: with those of everybody who is wanted in the target's groups.
GroupDraft summaries_of_rules(Context const& context, Resolved const& resolved, Matches const& matches);

}  // namespace dirsync::plan
