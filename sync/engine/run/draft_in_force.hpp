#pragma once
// Of a rehearsal: what the settings in force would bring about, drafted on the same reads.
#include <optional>

#include "sync/engine/run/stages.hpp"
#include "sync/plan/kept/in_force.hpp"

namespace dirsync::engine {

/// Points to the reads and into itself: it stays where it was made.
struct DraftInForce {
  plan::InForce settings;
  plan::Input input;
  plan::Desired desired;
  plan::Draft draft;

  /// With what closer looks brought meanwhile.
  void draft_again(plan::Facts const& facts);
};

/// `drafted`: of the rehearsed settings, on the same reads. Errors: the journal's.
Result<void> begin_draft_in_force(RunContext const& context, Drafted const& drafted,
                                  std::optional<DraftInForce>& in_force);

}  // namespace dirsync::engine
