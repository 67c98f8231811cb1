#pragma once
// What an approval names.
#include <span>

#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// SHA-256 over target, verb, group id or name, principal, immutable id and rule of each change that an
/// approval would send, in order; of a rename the new name as well. Neither what only waits or is blocked,
/// which must not be sent under an approval that was given meanwhile, nor leavers who need none.
PlanDigest plan_digest(std::span<Change const> changes);

/// The same with the leavers: what a person who looks at the plan sees, and may want sent or not. Equal to
/// plan_digest() where none are sent.
PlanDigest sending_digest(std::span<Change const> changes);

/// Numbers the changes from 1 and sets the digest.
void number(Plan& plan);

}  // namespace dirsync::plan
