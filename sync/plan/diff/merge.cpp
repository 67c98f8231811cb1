#include "sync/plan/diff/merge.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "sync/model/counted.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/diff/flapping.hpp"
#include "sync/plan/diff/joining.hpp"

namespace dirsync::plan {
namespace {

/// Order of Phase, then by name, so that equal input gives an equal digest.
auto order_of(Change const& change) {
  return std::tuple{change.phase,
                    std::string_view{change.target},
                    fold_case(change.group),
                    std::string_view{change.group},
                    std::string_view{change.group_id},
                    change.verb,
                    fold_case(change.principal),
                    std::string_view{change.id.value()}};
}

/// Removals that rest on a value that is no longer in a group need no confirmation while they are few.
void confirm_departures(std::vector<Drafted>& drafted, Limits::Confirm const& confirm, AbsenceBook& book) {
  auto const needs = [](Drafted const& one) { return one.absence_key && is_to_send(one.change); };
  if (std::ranges::count_if(drafted, needs) <= confirm.removals_above) return;
  for (auto& one : drafted) {
    if (!needs(one) || book.count(one.directory, *one.absence_key).confirmed) continue;
    auto const runs = book.runs_now(one.directory, *one.absence_key);
    one.change.unconfirmed = true;
    one.change.why += "; seen in " + std::to_string(runs) + " of " + std::to_string(confirm.reads) +
                      " runs that more than " + std::to_string(confirm.removals_above) + " removals need";
  }
}

/// Nobody decided that what a rule gave ends with the rule. People who are gone or disabled leave all the
/// same.
std::vector<Reason> hold_for_gone_rules(std::vector<Drafted> const& drafted) {
  std::map<std::pair<std::string, std::string>, std::int64_t> counts;  // by target and rule
  for (auto const& one : drafted)
    if (!one.gone_rule.empty() && is_to_send(one.change) && one.cause != Cause::gone &&
        one.cause != Cause::disabled)
      ++counts[{one.change.target, one.gone_rule}];
  std::vector<Reason> reasons;
  for (auto const& [whose, count] : counts)
    reasons.push_back({.code = "rule-gone",
                       .text = "rule " + whose.second +
                               " is not configured for this target any more, or a directory that had its "
                               "people was not read: " +
                               number_of(static_cast<std::uint64_t>(count), "membership", "memberships") +
                               " that it gave would end in groups that another rule feeds; "
                               "approve the plan if they are to, or put the rule or the directory back",
                       .target = whose.first,
                       .rule = whose.second,
                       .group = "",
                       .count = count,
                       .allowed = 0});
  return reasons;
}

/// Two parts may speak of one group: its rule's, and that of an object in it which moved.
void add_figures(std::vector<GroupFigures>& groups, std::map<std::string, std::size_t>& by_id,
                 GroupFigures const& figures) {
  if (figures.target.empty()) return;  // a part that is about no group
  if (!figures.group_id.empty() && !by_id.emplace(figures.group_id, groups.size()).second) return;
  groups.push_back(figures);
}

/// A membership that two parts ask for is made once, as the first of them says.
void drop_repeated_additions(std::vector<Drafted>& drafted) {
  std::set<std::tuple<std::string, std::string, EntryId>> seen;
  std::erase_if(drafted, [&seen](Drafted const& one) {
    auto const& change = one.change;
    return change.verb == Verb::add && is_group_principal(change.principal_id) &&
           !seen.emplace(change.group_id, change.group, change.id).second;
  });
}

void add_target(std::vector<GroupDraft> parts, TargetPlan& plan, Draft& draft, StoreUpdates& updates,
                std::vector<Drafted>& drafted, std::vector<Joining>& joining) {
  GroupDraft all;
  std::size_t changes = 0;
  for (auto const& part : parts) changes += part.changes.size();
  all.changes.reserve(changes);
  std::map<std::string, std::size_t> by_id;
  for (auto& part : parts) {
    add_figures(draft.groups, by_id, part.figures);
    append(all, std::move(part));
  }
  for (auto& hold : all.holds)
    if (std::ranges::find(draft.holds, hold) == draft.holds.end()) draft.holds.push_back(std::move(hold));
  std::ranges::move(all.joining, std::back_inserter(joining));
  std::ranges::move(all.nothing_read, std::back_inserter(draft.nothing_read));
  draft.plan.summary.rules.merge(all.rules);
  drop_repeated_additions(all.changes);
  if (drafted.empty())
    drafted = std::move(all.changes);
  else
    std::ranges::move(all.changes, std::back_inserter(drafted));
  std::set<Notice> const notices(all.notices.begin(), all.notices.end());
  plan.notices.assign(notices.begin(), notices.end());
  updates = std::move(all.store_updates);
}

}  // namespace

std::vector<Drafted*> in_order(std::vector<Drafted>& drafted) {
  // The names of each are folded once, not at every comparison.
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

void count_changes(std::vector<Drafted> const& drafted, std::vector<GroupFigures>& groups) {
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, GroupFigures*> figures;
  auto const key = [](auto const& one) {
    // A group that is to be created has a name alone.
    return std::tuple{std::string_view{one.target}, std::string_view{one.group_id},
                      one.group_id.empty() ? std::string_view{one.group} : std::string_view{}};
  };
  for (auto& group : groups) figures[key(group)] = &group;
  for (auto const& one : drafted) {
    auto const& change = one.change;
    if (change.verb != Verb::add && change.verb != Verb::remove) continue;
    if (!is_to_send(change)) continue;
    auto& group = *figures.at(key(change));
    group.additions += change.verb == Verb::add;
    if (change.verb == Verb::add) continue;
    ++group.removals;
    group.leavers += one.cause == Cause::gone || one.cause == Cause::disabled;
    group.ours_removed += one.ours;
  }
}

Draft merge(Input const& input, std::map<std::string, std::vector<GroupDraft>> parts, AbsenceBook& book) {
  Draft draft;
  std::vector<Drafted> drafted;
  std::vector<Joining> joining;
  for (auto const& target : input.targets) {
    auto& plan = draft.plan.targets[target.name];
    plan.kind = to_text(target.traits.kind);
    add_target(std::move(parts.at(target.name)), plan, draft, draft.store_updates[target.name], drafted,
               joining);
  }
  hold_flapping(drafted, input);
  confirm_departures(drafted, input.limits.confirm, book);
  count_changes(drafted, draft.groups);
  std::ranges::move(hold_for_gone_rules(drafted), std::back_inserter(draft.holds));
  draft.causes.reserve(drafted.size());
  draft.ours.reserve(drafted.size());
  draft.plan.changes.reserve(drafted.size());
  for (auto* one : in_order(drafted)) {
    draft.causes.push_back(one->cause);
    draft.ours.push_back(one->ours);
    draft.plan.changes.push_back(std::move(one->change));
  }
  hold_joining(draft, joining);
  draft.absent = book.written().absent;
  for (auto const& [name, view] : input.views)
    draft.absent[name];  // every directory that was read has a list
  for (auto const& target : input.targets) draft.absent[members_of(target.name)];
  draft.still_counted = book.written().kept;
  draft.to_approve = book.written().settled_by_approval;
  draft.questions = book.written().questions;
  return draft;
}

}  // namespace dirsync::plan
