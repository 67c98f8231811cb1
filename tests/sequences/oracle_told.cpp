// Whether everybody who should have lost something, and has it still, is named by the run.
#include <algorithm>

#include "tests/sequences/oracle.hpp"

namespace dirsync::sequences {
namespace {

/// Whom and which group a report must name.
struct Named {
  std::string target, group_id, person;
  std::set<std::string> groups, names;  // names of the group; names and DNs of the member
};

bool is_named(Named const& named, Change const& change, Settled const* settled) {
  if (change.target != named.target || change.principal.empty()) return false;
  if (change.group_id != named.group_id && !named.groups.contains(change.group)) return false;
  if (settled != nullptr && is_success(settled->outcome)) return false;
  return named.names.contains(change.principal) || change.id.value() == named.person;
}

/// A target that has no part in the run, or a change of the very member that is not done; no notice stands
/// for it.
bool is_told(engine::Report const& report, Named const& named) {
  auto const target = report.plan.targets.find(named.target);
  if (target == report.plan.targets.end()) return false;
  if (target->second.verdict == Verdict::refuse) return report.exit != engine::Exit::done;
  auto const settled = by_change(report.plan, report.outcomes);
  for (std::size_t at = 0; at < settled.size(); ++at)
    if (is_named(named, report.plan.changes[at], settled[at]) && report.exit != engine::Exit::done)
      return true;
  return false;
}

}  // namespace

/// Whether the list that the target showed lacked the member.
bool Oracle::is_kept_from_view(Case const& one, OurMembership const& ours) const {
  auto const fault = one.was.targets.find(ours.target);
  if (fault == one.was.targets.end()) return false;
  auto const& before = one.attempt.before.at(ours.target);
  auto const* const group = find_group_by_id(before, ours.group_id);
  auto const user = std::ranges::find(before.observed.users, ours.user_id, &TargetUser::id);
  if (group == nullptr || user == before.observed.users.end()) return false;
  auto const list = fault->second.missing.find(group->name);
  return list != fault->second.missing.end() && list->second.contains(user->name);
}

void Oracle::expect_told(Case const& one) {
  auto const& report = one.attempt.report;
  if (!report || one.was.plan_only || !one.was.cut.empty()) return;
  auto const ends_well = report->exit == engine::Exit::done || report->exit == engine::Exit::pending;
  if (ends_well && std::ranges::any_of(report->plan.reasons, &Reason::fails))
    problems.push_back("something that should be there is not, and the run ended well");
  for (auto const& [key, ours] : ledger_.memberships) {
    auto const& there = world_.world_of(ours.target);
    auto const& before = one.attempt.before.at(ours.target);
    if (!ours.certain || !holds(there, ours.group_id, ours.user_id)) continue;
    auto const* const group = find_group_by_id(there, ours.group_id);
    auto const& user = *std::ranges::find(there.observed.users, ours.user_id, &TargetUser::id);
    if (is_kept_from_view(one, ours)) continue;
    auto const* const person = one.attempt.said.person(ours.person);
    auto const* const wish = wish_for(one, ours.target, ours.group_id, group->name);
    auto const is_leaver =
        person == nullptr ? !look_finds(one, ours.person) : person->disabled && !person->locked;
    if (!is_leaver && (wish == nullptr || wish->people.contains(ours.person))) continue;
    // Who has the user now, and is to have it.
    auto const has_user = [this, &one, &ours, &user](std::string const& id) {
      return is_theirs(one, ours.target, user, id);
    };
    if (wish != nullptr && std::ranges::any_of(wish->people, has_user)) continue;
    Named named{.target = ours.target,
                .group_id = ours.group_id,
                .person = ours.person,
                .groups = {group->name},
                .names = {user.name}};
    if (auto const* const old = find_group_by_id(before, ours.group_id)) named.groups.insert(old->name);
    for (auto const* const known : {&world_.dns_of, &world_.uids_of})
      if (auto const found = known->find(ours.person); found != known->end())
        named.names.insert(found->second.begin(), found->second.end());
    if (!is_told(*report, named))
      problems.push_back(ours.target + ": " + user.name + " (" + ours.person + ") is still in " +
                         group->name + " and should not be, and the run does not say so");
  }
}

}  // namespace dirsync::sequences
