// Who leaves a group, and whether that is certain enough.
#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/group_work.hpp"

namespace dirsync::plan {

void TargetPlanner::find_lost_groups(GroupWork& work) {
  for (auto const& tree : work.desired.trees) {
    auto const& lost = dangling_.at(tree.directory->name).lost_groups;
    if (lost.empty()) continue;
    for (auto const value : tree.unresolved) {
      auto const dn = normalized_dn(without_optional_uid(value));
      auto const found = dn ? lost.find(*dn) : lost.end();
      if (found != lost.end()) work.lost_groups.emplace(std::pair{tree.directory->name, *dn}, found->second);
    }
  }
}

/// A nested group that was known and is no longer found keeps the people it gave until a person approves
/// (contract 2). Nobody knows any more whom it gave: whoever leaves now may be one of them.
void TargetPlanner::wait_for_lost_groups(GroupWork const& work, Change& change) {
  if (work.lost_groups.empty()) return;
  change.why += ", or came through a nested group that is no longer found";
  auto const reads = input_.limits.confirm.reads;
  auto const waits = [reads](auto const& group) { return group.second < reads; };
  if (std::ranges::any_of(work.lost_groups, waits)) {
    change.outcome = Outcome::unconfirmed;
    return;
  }
  holds.push_back(
      {"nested-group-gone",
       "a nested group of " + work.have.name + " is no longer found; the people it gave leave with it",
       target_.name, work.desired.rule().name, work.have.name, std::nullopt, std::nullopt});
  for (auto const& [group, runs] : work.lost_groups) to_approve[group.first].insert(nested_key(group.second));
}

void TargetPlanner::plan_departure(GroupWork& work, std::uint32_t user) {
  auto const granted = work.granted.find(user);
  if (granted == work.granted.end()) return plan_foreign(work, user);
  auto const& known = target_.observed->users[user];
  if (!known.protected_because.empty())
    return notice("protected", work.have.name, known.name,
                  known.name + " is protected: " + known.protected_because);
  // Wanted, but set aside (no name, ambiguous): what they have stays. Wanted as another user: this one goes.
  if (work.set_aside_ids.contains(granted->second->id)) return;
  plan_removal(work, user, *granted->second);
}

/// Ids are unique over all directories: a group may be fed by several.
TargetPlanner::Whereabouts TargetPlanner::find_person(GroupWork const& work, Grant const& grant) const {
  for (auto const& [name, view] : input_.views)
    if (auto const person = view.snapshot->person_by_id(grant.id)) return {&view, person};
  auto const* const rule = rule_named(grant.rule);
  auto const view = rule == nullptr ? input_.views.end() : input_.views.find(rule->directory);
  if (view != input_.views.end()) return {&view->second, std::nullopt};
  return {work.desired.trees.front().directory, std::nullopt};
}

Drafted TargetPlanner::removal(GroupWork const& work, std::uint32_t user, Cause cause) const {
  auto const& known = target_.observed->users[user];
  Drafted drafted{change_of(Verb::remove, work.have, work.desired.rule().name), cause};
  auto& change = drafted.change;
  auto const revokes = cause == Cause::disabled || cause == Cause::gone;
  change.phase = revokes ? Phase::revocation : Phase::removal;
  change.principal = known.name;
  change.principal_id = known.id;
  change.path = source_names(work.desired);
  return drafted;
}

void TargetPlanner::plan_removal(GroupWork& work, std::uint32_t user, Grant const& grant) {
  auto const& known = target_.observed->users[user];
  if (!addressable(work.have.name, known.name)) return;
  auto const [view, person] = find_person(work, grant);
  auto const disabled = person && desired_.disabled.at(view->name)[*person];
  auto drafted = removal(work, user, !person ? Cause::gone : disabled ? Cause::disabled : Cause::left);
  drafted.directory = view->name;
  drafted.ours = true;
  auto& change = drafted.change;
  // A rule that is configured no more is judged as the one that feeds the group now.
  if (rule_named(grant.rule) != nullptr) change.rule = grant.rule;
  change.id = grant.id;
  change.dn = person ? std::string{view->snapshot->people()[*person].dn} : grant.dn;
  if (drafted.cause == Cause::disabled) {
    change.why = change.dn + " " + account_of(*view, *person).text;
  } else if (drafted.cause == Cause::gone) {
    auto const absence = absence_of_person(view->name, grant);
    change.why = absence.text;
    if (!absence.confirmed) change.outcome = Outcome::unconfirmed;
  } else {
    auto const& excluding = work.desired.rule().exclude_people;
    if (work.wanted_ids.contains(grant.id))
      change.why = "the user " + known.name + " belongs to another person now";
    else if (excluding && excluding->matches(view->snapshot->people()[*person].attributes))
      change.why = "excluded by exclude_people = " + excluding->text();
    else
      change.why = "no longer a member of " + source_names(work.desired) + " or of a group in it";
    drafted.absence_key = membership_key(target_.name, work.have.id, known.name);
    wait_for_lost_groups(work, change);
  }
  changes.push_back(std::move(drafted));
}

bool TargetPlanner::addressable(std::string const& group, std::string const& principal) {
  auto const refusal =
      target_.traits.refuse_removal == nullptr ? std::string{} : target_.traits.refuse_removal(principal);
  if (!refusal.empty()) notice("unaddressable", group, principal, refusal);
  return refusal.empty();
}

TargetPlanner::Foreigner TargetPlanner::find_foreigner(GroupWork const& work, TargetUser const& user) const {
  auto const dn = target_.traits.matches_by_dn && user.source == UserSource::directory && !user.dn.empty()
                      ? normalized_dn(user.dn)
                      : std::nullopt;
  for (auto const& tree : work.desired.trees) {
    if (target_.traits.matches_by_dn) {
      if (dn && is_below(*dn, tree.directory->normalized_base))
        return {&tree, tree.directory->snapshot->person_by_dn(*dn)};
      continue;
    }
    auto const bearers = tree.names->bearers.find(fold_case(user.name));
    if (bearers != tree.names->bearers.end() && bearers->second.size() == 1)
      return {&tree, bearers->second.front()};
  }
  return {};
}

/// "remove" reaches only people of the rule's directory (contract 10).
void TargetPlanner::plan_foreign(GroupWork& work, std::uint32_t user) {
  auto const policy = work.desired.rule().foreign_members;
  if (policy == ForeignMembers::keep) return;
  auto const& known = target_.observed->users[user];
  auto const report = [this, &work, &known](std::string text) {
    notice("foreign", work.have.name, known.name, text);
  };
  if (policy == ForeignMembers::report) return report("a member that dirsyncd did not put there; kept");
  if (!known.protected_because.empty()) return report("protected: " + known.protected_because + "; kept");
  auto const [tree, person] = find_foreigner(work, known);
  if (tree == nullptr) return report("not a person of the rule's directory; kept");
  auto const folded = fold_case(known.name);
  if (work.set_aside_names.contains(folded) ||
      work.set_aside_names.contains(folded.substr(0, folded.find('@'))))
    return report("may be a wanted person who is set aside; kept");
  auto const* const entry = person ? &tree->directory->snapshot->people()[*person] : nullptr;
  if (entry != nullptr && work.wanted_ids.contains(entry->id)) return;
  if (!addressable(work.have.name, known.name)) return;

  auto const disabled = person && desired_.disabled.at(tree->directory->name)[*person];
  auto drafted = removal(work, user, disabled ? Cause::disabled : Cause::foreign);
  drafted.directory = tree->directory->name;
  auto& change = drafted.change;
  change.rule = tree->rule->name;
  change.dn = entry != nullptr ? std::string{entry->dn} : known.dn;
  if (entry != nullptr) change.id = entry->id;
  change.why =
      "a foreign member, in none of " + source_names(work.desired) + "; foreign_members = \"remove\"";
  if (!disabled) {
    drafted.absence_key = membership_key(target_.name, work.have.id, known.name);
    // Nobody who was read bears that DN: absent, like any other who is no longer found.
    if (entry == nullptr && !counted(drafted.directory, drafted.absence_key).confirmed)
      change.outcome = Outcome::unconfirmed;
    wait_for_lost_groups(work, change);
  }
  changes.push_back(std::move(drafted));
}

TargetPlanner::Absence TargetPlanner::counted(std::string const& directory, std::string const& key) {
  auto const runs = runs_absent_before(input_.facts, directory, key) + 1;
  absent[directory].insert(key);
  auto const reads = input_.limits.confirm.reads;
  return {runs >= reads,
          "not found in " + std::to_string(runs) + " of " + std::to_string(reads) + " consecutive runs"};
}

/// True when a member value of the directory still names the entry that is no longer found.
bool TargetPlanner::still_named(std::string const& directory, std::string const& dn,
                                std::string const& uid) const {
  auto const& values = dangling_.at(directory).values;
  auto const key = normalized_dn(dn);
  return (key && values.contains(*key)) || (!uid.empty() && values.contains(fold_case(uid)));
}

TargetPlanner::Absence TargetPlanner::absence_of_person(std::string const& directory, Grant const& grant) {
  auto const key = person_key(grant.id);
  auto const first_time = runs_absent_before(input_.facts, directory, key) == 0;
  auto absence = counted(directory, key);
  auto const known = input_.facts.last_dn.find(grant.id);
  auto const& dn = known == input_.facts.last_dn.end() ? grant.dn : known->second;
  if (still_named(directory, dn, grant.principal)) {
    absence.text = dn + " is no longer found, but a group still names it: " + absence.text;
    return absence;
  }
  if (!absence.confirmed && input_.facts.confirmed_gone.contains(grant.id)) {
    absence.confirmed = true;
    absence.text = "looked for by DN and by id, and neither is there while its neighbours are";
  } else if (!absence.confirmed && first_time) {
    // Later the last DN is forgotten, and with it whether a group still names the entry.
    questions.gone.insert({directory, grant.id, dn});
  }
  absence.text = dn + " is gone: " + absence.text;
  return absence;
}

TargetPlanner::Absence TargetPlanner::absence_of_group(std::string const& directory, EntryId const& id) {
  auto absence = counted(directory, group_key_of(id));
  auto const dn = input_.facts.last_dn.find(id);
  if (absence.confirmed || dn == input_.facts.last_dn.end() || still_named(directory, dn->second, ""))
    return absence;
  if (input_.facts.confirmed_gone.contains(id))
    absence.confirmed = true;
  else
    questions.gone.insert({directory, id, dn->second});
  return absence;
}

}  // namespace dirsync::plan
