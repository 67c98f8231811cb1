#pragma once
// What reading a group back says of the changes that were made to it.
#include <cstdint>
#include <optional>
#include <span>

#include "sync/engine/apply/applier.hpp"
#include "sync/model/change.hpp"
#include "sync/model/error.hpp"
#include "sync/model/observed.hpp"

namespace dirsync::engine {

/// Compares successful changes of one group, as shows_in_group(), with the group as read back: one without an
/// effect becomes failed; where the group could not be read each says `unverified`.
void compare_with_group(std::span<Settled* const> changes, Result<std::optional<TargetGroup>> const& group,
                        Observed const& observed);

/// Gives them their rows, many in one transaction, and tells of each. `intents`: of each, in order. What
/// cannot be recorded keeps its intent: the next run looks it up.
void settle_verified(ApplyContext& context, std::span<Settled* const> changes,
                     std::span<std::int64_t const> intents);

}  // namespace dirsync::engine
