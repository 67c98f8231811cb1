#include "sync/plan/kept/compare.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>

#include "sync/model/bound_filter.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/plan/kept/change_key.hpp"
#include "sync/plan/kept/settings.hpp"

namespace dirsync::plan {
namespace {

bool is_leaver(Cause cause) { return cause == Cause::gone || cause == Cause::disabled; }

/// The rule as it was, where the reads of this run serve for it: they are made with the attributes of both.
std::optional<Rule> usable_rule(Input const& input, Rule const& rule, std::string const& kept,
                                std::vector<std::string> const& changed) {
  if (!serve_the_same_reads(changed)) return std::nullopt;
  auto before = rule_of(kept, rule);
  if (!before) return std::nullopt;
  for (auto const& directory : {before->directory, before->people_directory()})
    if (!input.views.contains(directory)) return std::nullopt;
  auto const& schema = input.views.at(before->people_directory()).snapshot->schema();
  if (before->exclude_people && !BoundFilter::bind(*before->exclude_people, schema)) return std::nullopt;
  return before;
}

/// Whether people of that other directory are in the rule's groups, or got there by it.
bool matters(Input const& input, Desired const& desired, Rule const& rule, std::string const& directory) {
  auto const reach = desired.reach.find(rule.name);
  if (reach != desired.reach.end() &&
      std::ranges::any_of(reach->second.wanted, [&directory](WantedPeople const& wanted) {
        return wanted.from.view->name == directory && !wanted.people.empty();
      }))
    return true;
  auto const was_in = [&input, &directory](EntryId const& id) {
    auto const view = input.views.find(directory);
    auto const seen = input.facts.last_seen_in.find(id);
    return (view != input.views.end() && view->second.snapshot->person_by_id(id)) ||
           (seen != input.facts.last_seen_in.end() && seen->second == directory);
  };
  auto const target = std::ranges::find(input.targets, rule.target, &TargetInput::name);
  return target != input.targets.end() &&
         std::ranges::any_of(target->managed->grants, [&rule, &was_in](Grant const& grant) {
           return grant.rule == rule.name && std::ranges::any_of(parts_of(grant.id), was_in);
         });
}

/// Groups that the rule feeds now, by target and key.
std::set<std::string> groups_fed(Desired const& desired, Rule const& rule) {
  std::set<std::string> fed;
  auto const groups = desired.groups.find(rule.target);
  if (groups == desired.groups.end()) return fed;
  for (auto const& [key, group] : groups->second)
    if (std::ranges::any_of(group.trees, [&rule](auto const& tree) { return tree.rule->name == rule.name; }))
      fed.insert(key);
  return fed;
}

void note(ChangedRule& rule, Change const& change, std::size_t position) {
  if (is_to_send(change))
    rule.caused.insert(position);
  else
    rule.waits = true;
}

/// All that may have to do with the rule: its own changes, and those of groups that it feeds.
void note_all(ChangedRule& changed, Draft const& draft, Desired const& desired, Rule const& rule,
              bool folds_case) {
  auto const fed = groups_fed(desired, rule);
  auto const& changes = draft.plan.changes;
  for (std::size_t at = 0; at < changes.size(); ++at) {
    auto const is_fed =
        changes[at].target == rule.target && fed.contains(group_key(folds_case, changes[at].group));
    if (changes[at].rule == rule.name || is_fed) note(changed, changes[at], at);
  }
}

/// Who comes in where: by target, group and the person's id.
using Arrivals = std::set<std::tuple<std::string_view, std::string_view, std::string_view>>;

auto arrival_key(Change const& change) {
  return std::tuple{std::string_view{change.target},
                    std::string_view{change.group_id.empty() ? change.group : change.group_id},
                    std::string_view{change.id.value()}};
}

Arrivals arrivals_in(Draft const& draft) {
  Arrivals arrivals;
  for (auto const& change : draft.plan.changes)
    if (change.verb == Verb::add) arrivals.insert(arrival_key(change));
  return arrivals;
}

/// Whose new settings bring the change about, of those that were worked out: its own rule's, else any.
ChangedRule& responsible(NewSettings& settings, std::vector<std::string> const& worked_out,
                         Change const& change) {
  auto const own = std::ranges::find(worked_out, change.rule);
  return settings.rules.at(own == worked_out.end() ? worked_out.front() : *own);
}

}  // namespace

std::vector<std::string> changed_keys(Input const& input, Desired const& desired, Rule const& rule,
                                      std::string const& kept) {
  auto keys = changed_settings(kept, rule);
  for (auto const& [directory, changed] : changed_elsewhere(kept, rule))
    if (matters(input, desired, rule, directory)) keys.insert(keys.end(), changed.begin(), changed.end());
  return keys;
}

bool NewSettings::brings_about(std::size_t position) const {
  return std::ranges::any_of(rules,
                             [position](auto const& rule) { return rule.second.caused.contains(position); });
}

NewSettings compare_with_kept(Input const& input, Desired const& desired, Draft const& draft,
                              std::map<std::string, bool> const& folds_case) {
  NewSettings settings;
  std::vector<std::string> worked_out;
  std::vector<Rule> before{input.rules.begin(), input.rules.end()};
  for (auto& rule : before) {
    auto const memory = input.facts.rules.find(rule.name);
    if (memory == input.facts.rules.end() || memory->second.settings == settings_text(rule)) continue;
    auto const& kept = memory->second.settings;
    auto keys = kept.empty() ? std::vector<std::string>{} : changed_keys(input, desired, rule, kept);
    if (!kept.empty() && keys.empty()) continue;
    auto& changed = settings.rules[rule.name];
    changed.keys = std::move(keys);
    if (auto as_it_was = usable_rule(input, rule, kept, changed.keys)) {
      changed.is_worked_out = true;
      worked_out.push_back(rule.name);
      rule = *std::move(as_it_was);
    } else {
      note_all(changed, draft, desired, rule, folds_case.at(rule.target));
    }
  }
  if (worked_out.empty()) return settings;

  auto input_before = input;
  input_before.rules = before;
  auto const desired_before = desire(before, input_before.views, folds_case, input.facts.excluded);
  auto const draft_before = plan::draft(input_before, desired_before);
  std::map<ChangeKey, std::size_t> planned_before;
  for (std::size_t at = 0; at < draft_before.plan.changes.size(); ++at)
    planned_before.emplace(change_key(draft_before.plan.changes[at]), at);
  auto const arrivals_before = arrivals_in(draft_before), arrivals = arrivals_in(draft);
  // A removal that both plan, of somebody who came back at once under another user name, takes more now.
  auto const loses_more = [&arrivals_before, &arrivals](Change const& change) {
    auto const key = arrival_key(change);
    return change.verb == Verb::remove && arrivals_before.contains(key) && !arrivals.contains(key);
  };
  for (std::size_t at = 0; at < draft.plan.changes.size(); ++at) {
    auto const& change = draft.plan.changes[at];
    auto const same = planned_before.find(change_key(change));
    if (same == planned_before.end() || loses_more(change) ||
        (is_to_send(change) && !is_to_send(draft_before.plan.changes[same->second])))
      note(responsible(settings, worked_out, change), change, at);
    else if (is_leaver(draft.causes[at]) && !is_leaver(draft_before.causes[same->second]))
      settings.new_leavers.insert(at);
  }
  return settings;
}

}  // namespace dirsync::plan
