#pragma once
// In which order a target's changes are sent, and which of them in one call.
#include <span>
#include <string>
#include <vector>

#include "sync/model/change.hpp"
#include "sync/model/target_traits.hpp"

namespace dirsync::engine {

using Batch = std::vector<Settled*>;  // in one call
using Chain = std::vector<Batch>;     // one after the other
using Step = std::vector<Chain>;      // at the same time

/// The steps of one target, one after the other; each begins when every call of the one before it was
/// answered.
struct Order {
  Step revocations;
  Step creations;
  Step newcomers;  // of each whom the target is to take in the first addition, those of a group together
  Step additions;
  Step moves;  // additions and removals of one user, where one call carries all groups of a user
  Step removals;
  Step renames;
  Step deletions;
};

/// Whom an addition has the target take in, the same in all additions of one run; empty: they are known to
/// it.
std::string newcomer_of(Change const& change);

/// Within a step a chain for each group; memberships, where one call carries a whole user, for each user.
/// `changes`: in plan order; must outlive the result.
Order order_of(std::span<Settled> changes, TargetTraits const& traits);

}  // namespace dirsync::engine
