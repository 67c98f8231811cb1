#pragma once
// What an approval names.
#include <span>

#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// SHA-256 over target, verb, group id or name, principal, immutable id and rule of each change, in order; of
/// a rename the new name as well.
PlanDigest plan_digest(std::span<Change const> changes);

/// Numbers the changes from 1 and sets the digest.
void number(Plan& plan);

}  // namespace dirsync::plan
