#include "sync/plan/planner.hpp"

#include <algorithm>
#include <tuple>

#include "sync/model/digest.hpp"
#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/object_dns.hpp"
#include "sync/plan/target_planner.hpp"

namespace dirsync::plan {
namespace {

/// Order of Phase, then by name, so that equal input gives an equal digest.
auto order_of(Change const& change) {
  return std::tuple{change.phase,
                    std::string_view{change.target},
                    fold_case(change.group),
                    std::string_view{change.group},
                    change.verb,
                    fold_case(change.principal),
                    std::string_view{change.id.value()}};
}

/// The names of each are folded once, not at every comparison.
std::vector<Drafted*> in_order(std::vector<Drafted>& drafted) {
  using Key = decltype(order_of(std::declval<Change const&>()));
  std::vector<std::pair<Key, Drafted*>> keyed;
  keyed.reserve(drafted.size());
  for (auto& one : drafted) keyed.emplace_back(order_of(one.change), &one);
  std::ranges::sort(keyed, {}, &std::pair<Key, Drafted*>::first);
  std::vector<Drafted*> ordered;
  ordered.reserve(keyed.size());
  for (auto const& [key, one] : keyed) ordered.push_back(one);
  return ordered;
}

/// Removals that rest on a value that is no longer in a group need no confirmation while they are few.
void confirm_departures(std::vector<Drafted>& drafted, Input const& input,
                        std::map<std::string, std::set<std::string>>& absent) {
  auto const needs = [](Drafted const& one) { return !one.absence_key.empty() && !one.change.unconfirmed; };
  auto const count = std::ranges::count_if(drafted, needs);
  if (count <= input.limits.confirm.removals_above) return;
  for (auto& one : drafted) {
    if (!needs(one)) continue;
    auto const runs = runs_absent_before(input.facts, one.directory, one.absence_key) + 1;
    absent[one.directory].insert(one.absence_key);
    if (runs >= input.limits.confirm.reads) continue;
    one.change.unconfirmed = true;
    one.change.why += "; seen in " + std::to_string(runs) + " of " +
                      std::to_string(input.limits.confirm.reads) + " runs that more than " +
                      std::to_string(input.limits.confirm.removals_above) + " removals need";
  }
}

/// Removals that wait are no removals of this run.
void count_removals(std::vector<Drafted> const& drafted, std::vector<GroupFigures>& groups) {
  std::map<std::pair<std::string_view, std::string_view>, GroupFigures*> figures;
  for (auto& group : groups)
    if (!group.group_id.empty()) figures[{group.target, group.group_id}] = &group;
  for (auto const& one : drafted) {
    if (one.change.verb != Verb::remove || one.change.unconfirmed) continue;
    auto& group = *figures.at({one.change.target, one.change.group_id});
    ++group.removals;
    if (one.cause == Cause::gone || one.cause == Cause::disabled) ++group.leavers;
    if (one.ours) ++group.ours_removed;
  }
}

template <class Map>
void merge_sets(Map& into, Map const& from) {
  for (auto const& [key, values] : from) into[key].insert(values.begin(), values.end());
}

/// A look can confirm only so many absences in one run; beyond that, further reads must.
void limit_questions(Questions& questions, int most) {
  if (std::cmp_greater(questions.gone.size(), most)) questions.gone.clear();
}

/// A cut, ready for comparing.
class Selector {
 public:
  explicit Selector(Cut const& cut)
      : rule_(cut.rule),
        group_(fold_case(cut.group)),
        user_(fold_case(cut.user)),
        user_dn_(normalized_dn(cut.user)) {}
  bool fits(std::string const& rule, std::string const& group) const {
    return (rule_.empty() || rule == rule_) && (group_.empty() || fold_case(group) == group_);
  }
  bool fits_user(std::string const& principal, EntryId const& id, std::string const& dn) const {
    auto const is_user = [this](EntryId const& one) { return fold_case(one.value()) == user_; };
    return user_.empty() || fold_case(principal) == user_ || is_user(id) ||
           std::ranges::any_of(parts_of(id), is_user) || (user_dn_ && normalized_dn(dn) == user_dn_);
  }
  bool fits(Change const& change) const {
    return fits(change.rule, change.group) && fits_user(change.principal, change.id, change.dn);
  }

 private:
  std::string rule_, group_, user_;
  std::optional<std::string> user_dn_;
};

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
    if (change.verb == Verb::rename_group) digest.field(change.new_name);
  }
  return PlanDigest{digest.hex()};
}

Draft draft(Input const& input, Desired const& desired) {
  Draft result;
  std::vector<Drafted> drafted;
  std::map<std::string, Dangling> dangling;
  for (auto const& [name, view] : input.views)
    dangling.emplace(name, find_dangling(view, input.facts, result.questions, result.absent[name]));
  for (auto const& target : input.targets) {
    TargetPlanner planner{input, target, desired, dangling};
    planner.run();
    auto& summary = result.plan.targets[target.name];
    summary.kind = to_text(target.traits.kind);
    summary.notices.assign(planner.notices.begin(), planner.notices.end());
    std::ranges::move(planner.changes, std::back_inserter(drafted));
    std::ranges::move(planner.groups, std::back_inserter(result.groups));
    for (auto& hold : planner.holds)
      if (std::ranges::find(result.holds, hold) == result.holds.end())
        result.holds.push_back(std::move(hold));
    result.housekeeping.emplace(target.name, std::move(planner.housekeeping));
    merge_sets(result.absent, planner.absent);
    merge_sets(result.to_approve, planner.to_approve);
    merge_sets(result.questions.dns, planner.questions.dns);
    result.questions.gone.insert(planner.questions.gone.begin(), planner.questions.gone.end());
  }
  keep_former_dns(input, result.absent);
  confirm_departures(drafted, input, result.absent);
  count_removals(drafted, result.groups);
  limit_questions(result.questions, input.limits.confirm.removals_above);
  for (auto* one : in_order(drafted)) {
    result.causes.push_back(one->cause);
    result.plan.changes.push_back(std::move(one->change));
  }
  number(result.plan);
  return result;
}

void cut(Plan& plan, Cut const& cut) {
  if (cut.empty()) return;
  Selector const selector{cut};
  std::set<std::pair<std::string, std::string>> needed;  // groups to create
  for (auto const& change : plan.changes)
    if (change.verb == Verb::add && change.group_id.empty() && selector.fits(change))
      needed.emplace(change.target, change.group);
  std::erase_if(plan.changes, [&selector, &needed](Change const& change) {
    auto const is_needed =
        change.verb == Verb::create_group && needed.contains({change.target, change.group});
    return !is_needed && !selector.fits(change);
  });
  number(plan);
}

void cut(Housekeeping& house, Cut const& cut) {
  if (cut.empty()) return;
  Selector const selector{cut};
  auto const other_group = [&selector](ManagedGroup const& group) {
    return !selector.fits(group.rule, group.group);
  };
  auto const other_grant = [&selector](Grant const& grant) {
    return !selector.fits(grant.rule, grant.group) ||
           !selector.fits_user(grant.principal, grant.id, grant.dn);
  };
  std::erase_if(house.adopt_groups, other_group);
  std::erase_if(house.update_groups, other_group);
  std::erase_if(house.adopt_grants, other_grant);
  std::erase_if(house.forget, other_grant);
}

}  // namespace dirsync::plan
