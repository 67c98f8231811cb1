#pragma once
// What reading a group back says of the changes that were made to it.
#include <optional>
#include <span>

#include "sync/model/change.hpp"
#include "sync/model/error.hpp"
#include "sync/model/observed.hpp"

namespace dirsync::engine {

/// Compares successful changes of one group, as shows_in_group(), with the group as read back: one without an
/// effect becomes failed; where the group could not be read each says `unverified`.
void compare_with_group(std::span<Settled* const> changes, Result<std::optional<TargetGroup>> const& group,
                        Observed const& observed);

}  // namespace dirsync::engine
