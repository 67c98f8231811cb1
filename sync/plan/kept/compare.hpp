#pragma once
// What follows from new settings alone: the same reads are planned once more under those of before.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// A rule whose settings are not those of its last applied or quiet plan.
struct ChangedRule {
  std::vector<std::string> keys;  // in which they differ; empty: what they were is not known
  std::set<std::size_t> caused;   // positions in Draft::plan of what the new ones alone bring about
  /// Something that the new ones alone bring about is not to be sent yet: unconfirmed or blocked. It must not
  /// go unseen once it is, so the settings of before stay those that plans are compared with.
  bool waits = false;
  bool is_worked_out = false;  // else all that may have to do with the rule is in `caused`
};

struct NewSettings {
  std::map<std::string, ChangedRule> rules;
  /// Positions of removals of people who are gone or disabled now, and would not be under the settings of
  /// before.
  std::set<std::size_t> new_leavers;
  bool brings_about(std::size_t position) const;
};

/// All keys in which the rule's settings are not those that were kept; of other directories where they
/// matter.
std::vector<std::string> changed_keys(Input const& input, Desired const& desired, Rule const& rule,
                                      std::string const& kept);

/// Pure. `draft`: of `input`, not judged yet; `folds_case`: by target. A rule without memory is not among the
/// results.
NewSettings compare_with_kept(Input const& input, Desired const& desired, Draft const& draft,
                              std::map<std::string, bool> const& folds_case);

}  // namespace dirsync::plan
