#include "sync/plan/kept/in_force.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "sync/model/bound_filter.hpp"
#include "sync/model/join.hpp"
#include "sync/plan/kept/change_key.hpp"
#include "sync/plan/kept/compare.hpp"
#include "sync/plan/kept/settings.hpp"

namespace dirsync::plan {
namespace {
using State = RehearsedRule::State;

std::string name_beside(std::span<Rule const> rules, std::string const& rule) {
  auto name = rule + " (in force)";
  while (std::ranges::find(rules, name, &Rule::name) != rules.end()) name += "'";
  return name;
}

bool select_others(std::vector<std::string> const& keys) {
  constexpr std::array<std::string_view, 3> kSelection{"groups", "dn", "members_of"};
  return std::ranges::any_of(keys, [&kSelection](auto const& key) {
    return std::ranges::find(kSelection, key) != kSelection.end();
  });
}

/// Other bases, filters, scopes, accounts or addresses: keys of Rule::around and Rule::elsewhere have a dot.
bool need_other_reads(std::vector<std::string> const& keys) {
  return std::ranges::any_of(keys, [](auto const& key) {
    return key.find('.') != std::string::npos || key == "directory" || key == "target";
  });
}

/// Whether the reads have what the rule decides by.
bool is_evaluable(Input const& input, Rule const& rule) {
  for (auto const& directory : {rule.directory, rule.people_directory()})
    if (!input.views.contains(directory)) return false;
  if (std::ranges::find(input.targets, rule.target, &TargetInput::name) == input.targets.end()) return false;
  auto const& schema = input.views.at(rule.people_directory()).snapshot->schema();
  return !rule.exclude_people || BoundFilter::bind(*rule.exclude_people, schema);
}

RehearsedRule not_compared(std::vector<std::string> keys, std::string remark) {
  return {.state = State::not_compared, .keys = std::move(keys), .remark = std::move(remark)};
}

std::string other_reads_remark(std::vector<std::string> const& keys) {
  return "by the settings in force other things would be read (" + join(keys, ", ") +
         "), so that these reads do not tell what it would do by them";
}

void add_rule(Input const& input, Desired const& desired, std::span<Rule const> rules, Rule const& rule,
              InForce& found) {
  auto const memory = input.facts.rules.find(rule.name);
  if (memory == input.facts.rules.end()) {
    found.differing[rule.name].state = State::added;
    return;
  }
  auto const& kept = memory->second.settings;
  auto const stand_in = [&found, &rule](RehearsedRule why) {
    found.differing.emplace(rule.name, std::move(why));
    found.rules.push_back(rule);
  };
  if (kept.empty()) return stand_in(not_compared({}, "its settings at its last applied plan are not known"));
  auto keys = changed_keys(input, desired, rule, kept);
  if (keys.empty()) {
    found.rules.push_back(rule);
    return;
  }
  if (need_other_reads(keys)) {
    auto remark = other_reads_remark(keys);
    return stand_in(not_compared(std::move(keys), std::move(remark)));
  }
  auto was = rule_in_force(rules, rule, kept);
  if (!was || !is_evaluable(input, *was))
    return stand_in(not_compared(std::move(keys), "its kept settings cannot be evaluated on these reads"));
  found.differing.emplace(rule.name, RehearsedRule{.state = State::changed, .keys = keys, .remark = {}});
  found.rules.push_back(*std::move(was));
}

void add_gone_rule(Input const& input, Desired const& desired, std::span<Rule const> rules,
                   std::string const& name, std::string const& kept, InForce& found) {
  auto was = gone_rule_in_force(rules, name, kept);
  if (!was || !is_evaluable(input, *was)) {
    found.differing.emplace(
        name, not_compared({}, "it is gone, and no rule that was read for has its directories and target"));
    return;
  }
  if (auto keys = changed_keys(input, desired, *was, kept); !keys.empty()) {
    auto remark = other_reads_remark(keys);
    found.differing.emplace(name, not_compared(std::move(keys), std::move(remark)));
    return;
  }
  found.differing[name].state = State::gone;
  found.rules.push_back(*std::move(was));
}

/// With whether it may go out: that one of two plans only lists it is a difference.
auto rehearsed_key(Change const& change) { return std::pair{change_key(change), is_to_send(change)}; }

std::set<decltype(rehearsed_key(std::declval<Change const&>()))> keys_of(std::span<Change const> changes) {
  std::set<decltype(rehearsed_key(std::declval<Change const&>()))> keys;
  for (auto const& change : changes) keys.insert(rehearsed_key(change));
  return keys;
}

}  // namespace

std::optional<Rule> rule_in_force(std::span<Rule const> rules, Rule const& rule, std::string const& kept) {
  auto was = rule_of(kept, rule);
  if (was && select_others(changed_settings(kept, rule))) was->selected_as = name_beside(rules, rule.name);
  return was;
}

std::optional<Rule> gone_rule_in_force(std::span<Rule const> rules, std::string const& name,
                                       std::string const& kept) {
  Rule bare;
  bare.name = name;
  auto was = rule_of(kept, std::move(bare));
  if (!was) return std::nullopt;
  auto const sibling = std::ranges::find_if(rules, [&was](Rule const& rule) {
    return rule.directory == was->directory && rule.people_directory() == was->people_directory() &&
           rule.target == was->target;
  });
  if (sibling == rules.end()) return std::nullopt;
  was->around = sibling->around;
  was->elsewhere = sibling->elsewhere;
  was->limits = sibling->limits;
  was->selected_as = name_beside(rules, name);
  return was;
}

InForce in_force(Input const& input, Desired const& desired, std::span<Rule const> rules,
                 GoneRules const& gone) {
  InForce found;
  for (auto const& rule : input.rules) add_rule(input, desired, rules, rule, found);
  for (auto const& [name, memory] : gone) add_gone_rule(input, desired, rules, name, memory.settings, found);
  return found;
}

Rehearsal rehearse(InForce const& in_force, Draft& now, Draft const& before) {
  Rehearsal rehearsal{.rules = in_force.differing, .only_old = {}};
  auto const then = keys_of(before.plan.changes);
  for (auto& change : now.plan.changes) change.only_new = !then.contains(rehearsed_key(change));
  auto const planned = keys_of(now.plan.changes);
  for (auto const& change : before.plan.changes)
    if (!planned.contains(rehearsed_key(change))) rehearsal.only_old.push_back(change);
  return rehearsal;
}

}  // namespace dirsync::plan
