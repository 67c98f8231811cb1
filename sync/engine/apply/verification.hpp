#pragma once
// What reading a group back says of the changes that were made to it.
#include <optional>
#include <span>

#include "sync/engine/apply/carry_out.hpp"
#include "sync/model/observed.hpp"

namespace dirsync::engine {

/// Compares successful membership changes of one group with the group as read back: one without an effect
/// becomes failed; where the group could not be read each says `unverified`. Of each of these the audit trail
/// gets a row (phase `read`, verb `verify`), and a removal without an effect keeps its grant. Returns those
/// that became failed. Errors: the journal's.
Result<std::vector<Settled*>> compare_with_group(AuditContext const& audit, std::span<Settled* const> changes,
                                                 Result<std::optional<TargetGroup>> const& group,
                                                 Observed const& observed);

}  // namespace dirsync::engine
