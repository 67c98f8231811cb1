#include "sync/plan/judge.hpp"

#include <algorithm>
#include <set>

#include "sync/model/text.hpp"

namespace dirsync::plan {
namespace {

struct Figures {
  std::int64_t managed = 0, additions = 0, removals = 0, created = 0, deleted = 0;
};

std::string figures_text(std::int64_t count, std::int64_t allowed, std::string_view what,
                         std::string_view where) {
  return std::to_string(count) + " " + std::string{what} +
         (where.empty() ? "" : " in " + std::string{where}) +
         "; allowed without approval: " + std::to_string(allowed);
}

class Judge {
 public:
  Judge(Draft& draft, Desired const& desired, JudgeInput const& input)
      : draft_(draft), desired_(desired), input_(input) {}

  void run() {
    count();
    check_scopes();
    check_groups();
    check_privileged();
    check_rules();
    check_unconfirmed();
    for (auto& hold : draft_.holds) hold_for(std::move(hold));
  }

 private:
  void count() {
    for (auto const& group : draft_.groups) {
      for (auto* figures : {&all_, &by_target_[group.target], &by_rule_[group.rule]}) {
        figures->managed += group.managed;
        figures->additions += group.additions;
        figures->removals += group.removals;
      }
    }
    for (auto const& change : draft_.plan.changes) {
      for (auto* figures : {&all_, &by_target_[change.target], &by_rule_[change.rule]}) {
        figures->created += change.verb == Verb::create_group;
        figures->deleted += change.verb == Verb::delete_group;
      }
    }
  }

  void check_scopes() {
    check(all_, input_.limits, "", "", "");
    for (auto const& [target, figures] : by_target_)
      if (auto const limits = input_.target_limits.find(target); limits != input_.target_limits.end())
        check(figures, limits->second, target, "", "target " + target);
    for (auto const& rule : input_.rules)
      if (auto const figures = by_rule_.find(rule.name); figures != by_rule_.end())
        check(figures->second, rule.limits, rule.target, rule.name, "rule " + rule.name);
  }

  void check(Figures const& figures, Limits const& limits, std::string const& target, std::string const& rule,
             std::string const& where) {
    auto const over = [this, &target, &rule, &where](std::string code, std::int64_t count,
                                                     std::int64_t allowed, std::string_view what) {
      if (count <= allowed) return;
      hold_for(
          {std::move(code), figures_text(count, allowed, what, where), target, rule, "", count, allowed});
    };
    over("removals", figures.removals, limits.removals.allowed(figures.managed), "removals");
    over("additions", figures.additions, limits.additions.allowed(figures.managed), "additions");
    if (limits.groups_created)
      over("groups-created", figures.created, *limits.groups_created, "group creations");
    if (limits.groups_deleted)
      over("groups-deleted", figures.deleted, *limits.groups_deleted, "group deletions");
  }

  Limits const& limits_of(std::string const& rule) const {
    auto const found = std::ranges::find(input_.rules, rule, &Rule::name);
    return found == input_.rules.end() ? input_.limits : found->limits;
  }

  void check_groups() {
    for (auto const& group : draft_.groups) {
      auto const& limits = limits_of(group.rule);
      auto const empties = group.ours_removed > 0 && group.managed_after() <= 0;
      auto const only_leavers = group.removals == group.leavers;
      // A leaver's access must not wait because they were the last.
      if (empties && only_leavers) continue;
      auto const allowed = limits.removals_per_group.allowed(group.managed);
      if (group.removals > allowed)
        hold_for({"removals-per-group",
                  figures_text(group.removals, allowed, "removals", "group " + group.group), group.target,
                  group.rule, group.group, group.removals, allowed});
      if (empties && limits.empty_group == Limits::OnEmpty::hold)
        hold_for({"empty-group", "group " + group.group + " would lose its last managed member", group.target,
                  group.rule, group.group, group.removals, 0});
    }
  }

  void check_privileged() {
    check_privileged(input_.limits, "", "");
    for (auto const& [target, limits] : input_.target_limits) check_privileged(limits, target, "");
    for (auto const& rule : input_.rules) check_privileged(rule.limits, rule.target, rule.name);
  }

  /// All privileged groups of one scope together.
  void check_privileged(Limits const& limits, std::string const& target, std::string const& rule) {
    std::set<std::string> names;
    for (auto const& name : limits.privileged.names) names.insert(fold_case(name));
    std::int64_t removals = 0, additions = 0;
    std::string groups;
    for (auto const& group : draft_.groups) {
      auto const in_scope =
          (target.empty() || group.target == target) && (rule.empty() || group.rule == rule);
      if (!in_scope || !names.contains(fold_case(group.group)) || group.removals + group.additions == 0)
        continue;
      removals += group.removals;
      additions += group.additions;
      groups += (groups.empty() ? "" : ", ") + group.group;
    }
    auto const over = [this, &groups, &target, &rule](std::int64_t count, std::int64_t allowed,
                                                      std::string_view what) {
      if (count <= allowed) return;
      hold_for({"privileged", figures_text(count, allowed, what, "privileged groups (" + groups + ")"),
                target, rule, "", count, allowed});
    };
    over(removals, limits.privileged.removals, "removals");
    over(additions, limits.privileged.additions, "additions");
  }

  void check_rules() {
    for (auto const& rule : input_.rules) {
      auto const changes = std::ranges::count_if(draft_.plan.changes, [&rule](auto const& change) {
        return change.rule == rule.name && !change.unconfirmed;
      });
      if (changes == 0) continue;
      auto const memory = input_.memory.find(rule.name);
      if (memory == input_.memory.end()) {
        if (rule.limits.first_plan == Limits::FirstPlan::hold)
          hold_for({"first-plan", "the first plan of rule " + rule.name + " waits for a look", rule.target,
                    rule.name, "", changes, 0});
        continue;
      }
      if (memory->second.configuration_digest == rule.digest) continue;
      if (memory->second.desired_digest == desired_digest(desired_, rule)) continue;
      hold_for({"configuration-changed",
                "the configuration of rule " + rule.name +
                    " changed since its last applied plan, and so did what it wants",
                rule.target, rule.name, "", changes, 0});
    }
  }

  void check_unconfirmed() {
    for (auto& [name, target] : draft_.plan.targets) {
      auto const waiting =
          std::ranges::count_if(draft_.plan.changes, [&target_name = name](auto const& change) {
            return change.target == target_name && change.unconfirmed;
          });
      if (waiting == 0) continue;
      Reason reason{"unconfirmed",
                    std::to_string(waiting) +
                        " removals wait until the absence behind them is confirmed by further runs",
                    name,
                    "",
                    "",
                    waiting,
                    std::nullopt};
      target.reasons.push_back(reason);
      draft_.plan.reasons.push_back(std::move(reason));
    }
  }

  void hold_for(Reason reason) {
    if (auto const target = draft_.plan.targets.find(reason.target); target != draft_.plan.targets.end())
      target->second.reasons.push_back(reason);
    draft_.plan.reasons.push_back(std::move(reason));
  }

  Draft& draft_;
  Desired const& desired_;
  JudgeInput const& input_;
  Figures all_;
  std::map<std::string, Figures> by_target_, by_rule_;
};

bool is_hold(Reason const& reason) { return reason.code != "unconfirmed"; }

}  // namespace

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

void judge(Draft& draft, Desired const& desired, JudgeInput const& input,
           std::map<std::string, std::pair<std::string, std::vector<Reason>>> const& refused) {
  Judge{draft, desired, input}.run();
  draft.plan.held = std::ranges::any_of(draft.plan.reasons, is_hold);
  for (auto const& [name, why] : refused) {
    auto& target = draft.plan.targets[name];
    target.kind = why.first;
    target.verdict = Verdict::refuse;
    target.reasons = why.second;
    draft.plan.reasons.insert(draft.plan.reasons.end(), why.second.begin(), why.second.end());
  }
  settle_verdicts(draft.plan);
}

}  // namespace dirsync::plan
