#include "sync/plan/judge/verdicts.hpp"

#include <algorithm>
#include <map>
#include <string_view>

namespace dirsync::plan {

void settle_verdicts(Plan& plan) {
  struct Has {
    bool leavers = false, rest = false, waiting = false;
  };
  std::map<std::string_view, Has> of_target;
  for (auto const& change : plan.changes) {
    auto& has = of_target[change.target];
    has.waiting = has.waiting || !is_to_send(change);
    if (!is_to_send(change)) continue;
    (change.part == Part::leavers ? has.leavers : has.rest) = true;
  }
  auto any_held = false;
  for (auto& [name, target] : plan.targets) {
    if (target.verdict == Verdict::refuse) continue;
    auto const has = of_target[name];
    auto const held = has.rest && std::ranges::any_of(target.reasons, &Reason::holds);
    auto const fails = std::ranges::any_of(target.reasons, &Reason::fails);
    target.verdict = held                      ? Verdict::hold
                     : has.rest || has.leavers ? Verdict::run
                     : has.waiting || fails    ? Verdict::wait
                                               : Verdict::in_sync;
    any_held = any_held || held;
    if (is_frozen(plan, name)) target.verdict = Verdict::hold;
  }
  plan.verdict = Verdict::in_sync;
  for (auto& [name, target] : plan.targets) {
    // What holds all targets together, or only one that has no part in the cut, holds these.
    if (plan.held && !any_held && target.verdict == Verdict::run && of_target[name].rest)
      target.verdict = Verdict::hold;
    plan.verdict = std::max(plan.verdict, target.verdict);
  }
}

}  // namespace dirsync::plan
