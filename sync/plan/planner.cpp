#include "sync/plan/planner.hpp"

#include <algorithm>
#include <tuple>

#include "sync/model/digest.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/target_planner.hpp"

namespace dirsync::plan {
namespace {

/// Order of contract 14, then by name, so that equal input gives an equal digest.
auto order_of(Change const& change) {
  return std::tuple{change.phase, std::string_view{change.target}, fold_case(change.group), change.verb,
                    fold_case(change.principal), std::string_view{change.id.value()}};
}

/// Removals that rest on a value that is no longer in a group need no confirmation while they are few (contract 2).
void confirm_departures(std::vector<Drafted>& drafted, Input const& input,
                        std::map<std::string, std::set<std::string>>& absent) {
  auto const needs = [](Drafted const& one) {
    return !one.absence_key.empty() && one.change.outcome != Outcome::unconfirmed;
  };
  auto const count = std::ranges::count_if(drafted, needs);
  if (count <= input.limits.confirm.removals_above) return;
  std::map<std::string, std::string> directories;
  for (auto const& rule : input.rules) directories.emplace(rule.name, rule.directory);
  for (auto& one : drafted) {
    if (!needs(one)) continue;
    auto const before = input.facts.absences.find(one.absence_key);
    auto const runs = (before == input.facts.absences.end() ? 0 : before->second) + 1;
    absent[directories[one.change.rule]].insert(one.absence_key);
    if (runs >= input.limits.confirm.reads) continue;
    one.change.outcome = Outcome::unconfirmed;
    one.change.why += "; seen in " + std::to_string(runs) + " of " + std::to_string(input.limits.confirm.reads) +
                      " runs that more than " + std::to_string(input.limits.confirm.removals_above) +
                      " removals need";
  }
}

/// Removals that wait are no removals of this run.
void recount(std::vector<Drafted> const& drafted, std::vector<GroupFigures>& groups) {
  std::map<std::pair<std::string_view, std::string_view>, GroupFigures*> figures;
  for (auto& group : groups) {
    group.removals = group.leavers = 0;
    figures[{group.target, group.group}] = &group;
  }
  for (auto const& one : drafted) {
    if (one.change.verb != Verb::remove || one.change.outcome == Outcome::unconfirmed) continue;
    auto& group = *figures.at({one.change.target, one.change.group});
    ++group.removals;
    if (one.cause == Cause::gone || one.cause == Cause::disabled) ++group.leavers;
  }
  for (auto& group : groups) group.managed_after = group.managed + group.additions - group.removals;
}

template <class Map>
void merge_sets(Map& into, Map const& from) {
  for (auto const& [key, values] : from) into[key].insert(values.begin(), values.end());
}

/// A look can confirm only so many absences in one run; beyond that, further reads must.
void limit_questions(Questions& questions, int most) {
  if (std::cmp_greater(questions.gone.size(), most)) questions.gone.clear();
}

void number(Plan& plan) {
  for (int n = 1; auto& change : plan.changes) change.n = n++;
  plan.digest = plan_digest(plan.changes);
}

}  // namespace

PlanDigest plan_digest(std::span<Change const> changes) {
  Sha256 digest;
  for (auto const& change : changes) {
    digest.field(change.target);
    digest.field(to_text(change.verb));
    digest.field(change.group_id.empty() ? change.group : change.group_id);
    digest.field(change.principal);
    digest.field(change.id.value());
    digest.field(change.rule);
  }
  return PlanDigest{digest.hex()};
}

Draft draft(Input const& input, Desired const& desired) {
  Draft result;
  std::vector<Drafted> drafted;
  for (auto const& target : input.targets) {
    TargetPlanner planner{input, target, desired};
    planner.run();
    auto& summary = result.plan.targets[target.name];
    summary.kind = to_text(target.traits.kind);
    summary.notices.assign(planner.notices.begin(), planner.notices.end());
    std::ranges::move(planner.changes, std::back_inserter(drafted));
    std::ranges::move(planner.groups, std::back_inserter(result.groups));
    for (auto& hold : planner.holds)
      if (std::ranges::find(result.holds, hold) == result.holds.end()) result.holds.push_back(std::move(hold));
    result.housekeeping.emplace(target.name, std::move(planner.housekeeping));
    merge_sets(result.absent, planner.absent);
    merge_sets(result.questions.dns, planner.questions.dns);
    result.questions.gone.insert(planner.questions.gone.begin(), planner.questions.gone.end());
  }
  confirm_departures(drafted, input, result.absent);
  recount(drafted, result.groups);
  limit_questions(result.questions, input.limits.confirm.removals_above);
  std::ranges::sort(drafted, {}, [](Drafted const& one) { return order_of(one.change); });
  for (auto& one : drafted) {
    result.causes.push_back(one.cause);
    result.plan.changes.push_back(std::move(one.change));
  }
  number(result.plan);
  return result;
}

void cut(Plan& plan, Cut const& cut) {
  if (cut.empty()) return;
  auto const group = fold_case(cut.group);
  auto const user = fold_case(cut.user);
  auto const user_dn = normalized_dn(cut.user);
  auto const stays = [&cut, &group, &user, &user_dn](Change const& change) {
    if (!cut.rule.empty() && change.rule != cut.rule) return false;
    if (!cut.group.empty() && fold_case(change.group) != group) return false;
    if (cut.user.empty()) return true;
    return fold_case(change.principal) == user || fold_case(change.id.value()) == user ||
           (user_dn && !user_dn->empty() && normalized_dn(change.dn) == user_dn);
  };
  std::erase_if(plan.changes, [&stays](Change const& change) { return !stays(change); });
  number(plan);
}

}  // namespace dirsync::plan
