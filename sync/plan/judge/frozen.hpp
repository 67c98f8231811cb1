#pragma once
// What a person has frozen is no part of what is judged: it counts in no limit and in no digest.
#include <span>
#include <vector>

#include "sync/model/freeze.hpp"
#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// Marks the changes that would be sent and that a freeze keeps back, takes them out of the figures, and
/// drops holds that are about nothing but removals none of which can be sent. Before the draft is judged.
void freeze_changes(Draft& draft, std::span<Freeze const> freezes);

/// One for each freeze and target, with how many changes it keeps back. They need no approval, and none
/// helps.
std::vector<Reason> reasons_of_freezes(Draft const& draft, std::span<Freeze const> freezes);

}  // namespace dirsync::plan
