#pragma once
// Memberships that runs change to and fro.
#include <vector>

#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// Blocks (code `flapping`) what would change a membership once more that runs changed as often of late as
/// Limits::flaps allows: it stays as it is, and the rest of the plan goes on. Never removals of people who
/// are gone or disabled.
void hold_flapping(std::vector<Drafted>& drafted, Input const& input);

}  // namespace dirsync::plan
