#pragma once
// The settings in force, beside others that are rehearsed on the same reads.
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "sync/model/rehearsal.hpp"
#include "sync/plan/diff/draft.hpp"

namespace dirsync::plan {

/// Kept settings of rules that are in force and that the rehearsed settings do not have; by name.
using GoneRules = std::map<std::string, RuleMemory>;

/// `rule` by its kept settings, to be drafted on reads for the rehearsed ones. Where it selected other groups
/// these are to be read as well, under Rule::selected_as, a name that none of `rules` has.
/// Nothing: as for rule_of().
std::optional<Rule> rule_in_force(std::span<Rule const> rules, Rule const& rule, std::string const& kept);

/// The same of a rule that `rules` lack. Nothing as well: none of `rules` has its directories and its target.
std::optional<Rule> gone_rule_in_force(std::span<Rule const> rules, std::string const& name,
                                       std::string const& kept);

struct InForce {
  /// As far as they are known; those that cannot be worked out on these reads stand as they are rehearsed.
  std::vector<Rule> rules;
  std::map<std::string, RehearsedRule> differing;
};

/// Pure. `rules`: all that are rehearsed, those of targets that were not read among them, as rule_in_force()
/// was given them.
InForce in_force(Input const& input, Desired const& desired, std::span<Rule const> rules,
                 GoneRules const& gone);

/// Compares the drafts and sets Change::only_new in `now`. `before`: of InForce::rules on the same reads. A
/// change that one would send and the other only list counts as two.
Rehearsal rehearse(InForce const& in_force, Draft& now, Draft const& before);

}  // namespace dirsync::plan
