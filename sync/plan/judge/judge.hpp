#pragma once
// Limits before the first write (P3), and the verdict.
#include <map>
#include <span>
#include <string>
#include <vector>

#include "sync/plan/diff/draft.hpp"
#include "sync/plan/kept/compare.hpp"

namespace dirsync::plan {

struct JudgeInput {
  std::span<Rule const> rules;
  Limits limits;                                // over all
  std::map<std::string, Limits> target_limits;  // by target, already merged with the overall ones
  std::set<std::string> known_rules;            // those of which a plan was applied before
  NewSettings new_settings;
  std::vector<Freeze> freezes{};  // in force; the draft is marked by freeze_changes() already
  /// What the limits count besides the groups of the draft, where it is not of everything: what is managed
  /// elsewhere, and removals that went before. Counted over all, per target, per rule and of privileged groups.
  std::vector<GroupFigures> besides{};
};

/// A target that could not be read, or that depends on a directory that could not.
struct RefusedTarget {
  std::string kind;
  std::vector<Reason> reasons;
};

/// The plan with its reasons and verdicts; nobody changes it from then on. It is moved out of `draft`, which
/// keeps the rest. `refused`: by name; they get verdict refuse and have no part in the plan.
Plan judge(Draft& draft, JudgeInput const& input, std::map<std::string, RefusedTarget> const& refused);

}  // namespace dirsync::plan
