#include "sync/engine/run/draft_in_force.hpp"

namespace dirsync::engine {

void DraftInForce::draft_again(plan::Facts const& facts) {
  auto excluded = std::move(input.facts.excluded);
  input.facts = facts;
  input.facts.excluded.merge(excluded);
  draft = plan::draft(input, desired);
}

Result<void> begin_draft_in_force(RunContext const& context, Drafted const& drafted,
                                  std::optional<DraftInForce>& in_force) {
  auto const& lined_up = drafted.lined_up;
  auto const& gone = *context.request.rehearses;
  in_force.emplace();
  auto& [settings, input, desired, draft] = *in_force;
  settings = plan::in_force(lined_up.input, drafted.desired, context.setup.rules, gone);
  input = lined_up.input;
  input.rules = settings.rules;
  for (auto const& [rule, memory] : gone) {
    auto excluded = context.setup.journal->excludes(rule);
    if (!excluded) return excluded.error();
    input.facts.excluded.emplace(rule, std::move(*excluded));
  }
  desired = plan::desire(input.rules, input.views, lined_up.folds_case, input.facts.excluded);
  draft = plan::draft(input, desired);
  return {};
}

}  // namespace dirsync::engine
