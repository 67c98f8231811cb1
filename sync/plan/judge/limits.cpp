#include "sync/plan/judge/limits.hpp"

#include <algorithm>
#include <set>

#include "sync/model/counted.hpp"
#include "sync/model/join.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

struct Figures {
  std::int64_t managed = 0, additions = 0, removals = 0, created = 0, deleted = 0;
};

struct AllFigures {
  Figures overall;
  std::map<std::string, Figures> by_target, by_rule;
};

/// To which part of a plan a limit applies.
struct Scope {
  std::string target, rule, where;  // `where`: in words; all empty: everything
};

AllFigures count_members(std::span<GroupFigures const> groups) {
  AllFigures all;
  for (auto const& group : groups) {
    for (auto* figures : {&all.overall, &all.by_target[group.target], &all.by_rule[group.rule]}) {
      figures->managed += group.managed;
      figures->additions += group.additions;
      figures->removals += group.removals;
    }
  }
  return all;
}

std::vector<GroupFigures> with_besides(std::span<GroupFigures const> groups, JudgeInput const& input) {
  std::vector<GroupFigures> all(groups.begin(), groups.end());
  all.insert(all.end(), input.besides.begin(), input.besides.end());
  return all;
}

/// `groups`: those of the draft, and what counts besides.
AllFigures count(Draft const& draft, std::span<GroupFigures const> groups) {
  auto all = count_members(groups);
  for (auto const& change : draft.plan.changes) {
    if (!is_to_send(change)) continue;
    for (auto* figures : {&all.overall, &all.by_target[change.target], &all.by_rule[change.rule]}) {
      figures->created += change.verb == Verb::create_group;
      figures->deleted += change.verb == Verb::delete_group;
    }
  }
  return all;
}

/// `what`: a plural by an s.
std::string figures_text(std::int64_t count, std::int64_t allowed, std::string_view what,
                         std::string_view where) {
  return number_of(static_cast<std::uint64_t>(count), what.substr(0, what.size() - 1), what) +
         (where.empty() ? "" : " in " + std::string{where}) +
         "; allowed without approval: " + std::to_string(allowed);
}

void check_figures(Figures const& figures, Limits const& limits, Scope const& scope,
                   std::vector<Reason>& reasons) {
  auto const over = [&scope, &reasons](char const* code, std::int64_t count, std::int64_t allowed,
                                       std::string_view what) {
    if (count <= allowed) return;
    reasons.push_back({.code = code,
                       .text = figures_text(count, allowed, what, scope.where),
                       .target = scope.target,
                       .rule = scope.rule,
                       .group = "",
                       .count = count,
                       .allowed = allowed});
  };
  over("removals", figures.removals, limits.removals.allowed(figures.managed), "removals");
  over("additions", figures.additions, limits.additions.allowed(figures.managed), "additions");
  if (limits.groups_created)
    over("groups-created", figures.created, *limits.groups_created, "group creations");
  if (limits.groups_deleted)
    over("groups-deleted", figures.deleted, *limits.groups_deleted, "group deletions");
}

void check_scopes(AllFigures const& all, JudgeInput const& input, std::vector<Reason>& reasons) {
  check_figures(all.overall, input.limits, {}, reasons);
  for (auto const& [target, figures] : all.by_target)
    if (auto const limits = input.target_limits.find(target); limits != input.target_limits.end())
      check_figures(figures, limits->second, {target, "", "target " + target}, reasons);
  for (auto const& rule : input.rules)
    if (auto const figures = all.by_rule.find(rule.name); figures != all.by_rule.end())
      check_figures(figures->second, rule.limits, {rule.target, rule.name, "rule " + rule.name}, reasons);
}

void check_group(GroupFigures const& group, Limits const& limits, std::vector<Reason>& reasons) {
  auto const empties = group.ours_removed > 0 && group.managed_after() <= 0;
  auto const only_leavers = group.removals == group.leavers;
  // A leaver's access must not wait because they were the last.
  if (empties && only_leavers) return;
  Reason reason{.code = "removals-per-group",
                .text = "",
                .target = group.target,
                .rule = group.rule,
                .group = group.group,
                .count = group.removals - group.leavers_first,
                .allowed = limits.removals_per_group.allowed(group.managed)};
  if (*reason.count > *reason.allowed) {
    reason.text = figures_text(*reason.count, *reason.allowed, "removals", "group " + group.group);
    reasons.push_back(reason);
  }
  if (!empties || limits.empty_group != Limits::OnEmpty::hold) return;
  reason.code = "empty-group";
  reason.text = "group " + group.group + " would lose its last managed member";
  reason.allowed = 0;
  reasons.push_back(std::move(reason));
}

void check_groups(Draft const& draft, JudgeInput const& input, std::vector<Reason>& reasons) {
  for (auto const& group : draft.groups) {
    auto const rule = std::ranges::find(input.rules, group.rule, &Rule::name);
    check_group(group, rule == input.rules.end() ? input.limits : rule->limits, reasons);
  }
}

/// All privileged groups of one scope together.
void check_privileged(std::span<GroupFigures const> figures, Limits const& limits, Scope const& scope,
                      std::vector<Reason>& reasons) {
  std::set<std::string> names;
  for (auto const& name : limits.privileged.names) names.insert(fold_case(name));
  std::int64_t removals = 0, additions = 0;
  std::vector<std::string> groups;
  for (auto const& group : figures) {
    auto const in_scope = (scope.target.empty() || group.target == scope.target) &&
                          (scope.rule.empty() || group.rule == scope.rule);
    if (!in_scope || !names.contains(fold_case(group.group)) || group.removals + group.additions == 0)
      continue;
    removals += group.removals;
    additions += group.additions;
    groups.push_back(group.group);
  }
  auto const over = [&groups, &scope, &reasons](std::int64_t count, std::int64_t allowed,
                                                std::string_view what) {
    if (count <= allowed) return;
    reasons.push_back(
        {.code = "privileged",
         .text = figures_text(count, allowed, what, "privileged groups (" + join(groups, ", ") + ")"),
         .target = scope.target,
         .rule = scope.rule,
         .group = "",
         .count = count,
         .allowed = allowed});
  };
  over(removals, limits.privileged.removals, "removals");
  over(additions, limits.privileged.additions, "additions");
}

void check_all_privileged(std::span<GroupFigures const> groups, JudgeInput const& input,
                          std::vector<Reason>& reasons) {
  check_privileged(groups, input.limits, {}, reasons);
  for (auto const& [target, limits] : input.target_limits)
    check_privileged(groups, limits, {target, "", ""}, reasons);
  for (auto const& rule : input.rules)
    check_privileged(groups, rule.limits, {rule.target, rule.name, ""}, reasons);
}

}  // namespace

std::vector<Reason> exceeded_limits(Draft const& draft, JudgeInput const& input) {
  std::vector<Reason> reasons;
  auto const groups = with_besides(draft.groups, input);
  check_scopes(count(draft, groups), input, reasons);
  check_groups(draft, input, reasons);
  check_all_privileged(groups, input, reasons);
  return reasons;
}

bool exceed_limits_of_leavers(std::span<GroupFigures const> leavers, JudgeInput const& input) {
  std::vector<Reason> reasons;
  auto const groups = with_besides(leavers, input);
  check_scopes(count_members(groups), input, reasons);
  check_all_privileged(groups, input, reasons);
  return !reasons.empty();
}

}  // namespace dirsync::plan
