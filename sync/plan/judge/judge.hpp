#pragma once
// Limits before the first write (P3), and the verdict.
#include <map>
#include <string>
#include <vector>

#include "sync/plan/planner.hpp"

namespace dirsync::plan {

struct JudgeInput {
  std::span<Rule const> rules;
  Limits limits;                                // over all
  std::map<std::string, Limits> target_limits;  // by target, already merged with the overall ones
  std::map<std::string, RuleMemory> memory;     // by rule; missing: its first plan
};

/// Fills reasons and verdicts of the draft's plan. `refused`: targets that could not be read or that depend
/// on a directory that could not; they get verdict refuse with these reasons and have no part in the plan.
void judge(Draft& draft, Desired const& desired, JudgeInput const& input,
           std::map<std::string, std::pair<std::string, std::vector<Reason>>> const& refused);

/// A cut plan has fewer changes; its verdict may be in-sync. Reasons stay: it was judged as a whole.
void settle_verdicts(Plan& plan);

}  // namespace dirsync::plan
