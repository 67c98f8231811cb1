#pragma once
// Existing groups of a target that are taken over once, because a person asks for it.
#include "sync/plan/claims/claiming.hpp"
#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

struct TakeOver {
  std::string rule{}, group{};  // groups that this rule feeds, or that have this name; empty: all
  bool all_members = false;     // also those people of the rule's directory whom it does not want
  /// Only groups that bear our mark: they were made by dirsyncd.
  bool only_marked = false;
};

/// Makes the rules such that a draft by them finds what could be taken over. For rules of which it is known
/// what they want: two that disagree still do.
void let_adopt(std::vector<Rule>& rules, TakeOver const& asked);

/// `draft`: by rules that let_adopt() changed. A group that was asked for and cannot be taken over is a
/// blocked change; members that cannot stay as they are.
Claiming take_over(Input const& input, Desired const& desired, Draft const& draft, TakeOver const& asked);

/// What was asked for and no rule feeds, in a sentence; empty: nothing, or nobody can tell.
std::vector<std::string> fed_by_no_rule(Input const& input, Desired const& desired, TakeOver const& asked);

}  // namespace dirsync::plan
