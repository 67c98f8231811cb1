#include "sync/plan/judge/verdicts.hpp"

#include <algorithm>

namespace dirsync::plan {

bool is_hold(Reason const& reason) { return reason.code != "unconfirmed"; }

void settle_verdicts(Plan& plan) {
  auto const has = [&plan](std::string const& target, bool unconfirmed) {
    return std::ranges::any_of(plan.changes, [&target, unconfirmed](Change const& change) {
      return change.target == target && change.unconfirmed == unconfirmed;
    });
  };
  auto any_held = false;
  for (auto& [name, target] : plan.targets) {
    if (target.verdict == Verdict::refuse) continue;
    auto const held = std::ranges::any_of(target.reasons, is_hold);
    if (has(name, false))
      target.verdict = held ? Verdict::hold : Verdict::run;
    else
      target.verdict = has(name, true) ? Verdict::hold : Verdict::in_sync;
    any_held = any_held || (held && has(name, false));
  }
  plan.verdict = Verdict::in_sync;
  for (auto& [name, target] : plan.targets) {
    // What holds all targets together, or only one that has no part in the cut, holds these.
    if (plan.held && !any_held && target.verdict == Verdict::run) target.verdict = Verdict::hold;
    plan.verdict = std::max(plan.verdict, target.verdict);
  }
}

}  // namespace dirsync::plan
