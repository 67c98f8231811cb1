#include "sync/plan/target_planner.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"

namespace dirsync::plan {

/// One target group while it is compared.
struct TargetPlanner::GroupWork {
  DesiredGroup const& desired;
  TargetGroup const& have;
  ManagedGroup const* managed;  // none: to be adopted
  GroupFigures figures;
  std::unordered_map<std::uint32_t, DesiredMember const*> wanted;  // by index of the target user
  std::vector<DesiredMember const*> to_provision;
  std::unordered_set<EntryId> wanted_ids;   // all of them, also those that match nobody yet
  std::unordered_set<EntryId> matched_ids;  // those who have a user in `wanted`
  std::unordered_map<std::uint32_t, Grant const*> granted;
  bool lost_nested_group = false;          // a nested group that was known is no longer found
  bool lost_group_waits = false;           // ... and that is not confirmed yet
};

namespace {
std::string rendered_principal(TargetInput const& target, std::uint32_t user) { return target.observed->users[user].name; }

SourceTree const& tree_of(DesiredGroup const& group, DesiredMember const& member) { return group.trees[member.tree]; }

Entry const& entry_of(DesiredGroup const& group, DesiredMember const& member) {
  return tree_of(group, member).directory->snapshot->people()[member.person];
}

std::string path_of(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  return path_text(*tree.directory->snapshot, tree.nodes, {member.person, member.node});
}

std::string why_added(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  auto const source = std::string{tree.source().dn};
  if (member.node == 0) return "member of " + source;
  auto const& via = tree.directory->snapshot->groups()[tree.nodes[member.node].group];
  return "member of " + source + " through nested group " + std::string{via.dn};
}

std::string source_names(DesiredGroup const& group) {
  std::string names;
  for (auto const& tree : group.trees) names += (names.empty() ? "" : ", ") + std::string{tree.source().dn};
  return names;
}

std::vector<EntryId> source_ids(DesiredGroup const& group) {
  std::vector<EntryId> ids;
  for (auto const& tree : group.trees) ids.push_back(tree.source().id);
  std::ranges::sort(ids);
  return ids;
}
}  // namespace

TargetPlanner::TargetPlanner(Input const& input, TargetInput const& target, Desired const& desired)
    : input_(input),
      target_(target),
      desired_(desired),
      matcher_(target.traits, *target.observed, *target.managed, input.facts, target.domains) {
  for (auto const& group : target.observed->groups) {
    by_key_.emplace(group_key(target.traits.group_names_fold_case, group.name), &group);
    by_id_.emplace(group.id, &group);
  }
  for (auto const& group : target.managed->groups) managed_by_id_.emplace(group.group_id, &group);
  for (auto const& grant : target.managed->grants) grants_by_group_[grant.group_id].push_back(&grant);
}

void TargetPlanner::run() {
  if (auto const found = desired_.notices.find(target_.name); found != desired_.notices.end())
    notices.insert(found->second.begin(), found->second.end());
  if (auto const found = desired_.groups.find(target_.name); found != desired_.groups.end())
    for (auto const& [key, group] : found->second) plan_group(key, group);
  plan_orphans();
}

void TargetPlanner::notice(std::string code, std::string group, std::string principal, std::string text) {
  notices.insert({std::move(code), std::move(group), std::move(principal), std::move(text)});
}

Rule const* TargetPlanner::rule_named(std::string const& name) const {
  auto const found = std::ranges::find(input_.rules, name, &Rule::name);
  return found == input_.rules.end() ? nullptr : &*found;
}

void TargetPlanner::plan_group(std::string const& key, DesiredGroup const& desired) {
  auto const found = by_key_.find(key);
  auto const* have = found == by_key_.end() ? find_renamed(desired) : found->second;
  if (have == nullptr) return create_group(desired);
  if (!visited_.insert(have->id).second) return;
  if (have->directory_group)
    return notice("directory-group", have->name, "",
                  have->name + " is a Directory group; its members are decided by LDAP itself. Nothing is written to it");
  if (!have->protected_because.empty())
    return notice("protected", have->name, "", have->name + " is protected: " + have->protected_because);
  auto const managed = managed_by_id_.find(have->id);
  if (managed == managed_by_id_.end() && !desired.rule().adopt)
    return notice("not-ours", have->name, "",
                  "exists, not ours: " + have->name + " was not made by dirsyncd; set adopt = true in rule " +
                      desired.rule().name + " to take it over");
  diff(desired, *have, managed == managed_by_id_.end() ? nullptr : managed->second);
}

/// A managed group that the same source fed under another name: the source was renamed.
TargetGroup const* TargetPlanner::find_renamed(DesiredGroup const& desired) {
  auto const ids = source_ids(desired);
  auto const& wanted = desired_.groups.at(target_.name);
  for (auto const& managed : target_.managed->groups) {
    auto const fed_by_us = std::ranges::any_of(
        managed.sources, [&ids](auto const& source) { return std::ranges::binary_search(ids, source); });
    auto const found = by_id_.find(managed.group_id);
    if (!fed_by_us || found == by_id_.end() || visited_.contains(managed.group_id)) continue;
    auto const& have = *found->second;
    if (wanted.contains(group_key(target_.traits.group_names_fold_case, have.name))) continue;
    if (!managed.created_by_us) {
      notice("renamed-source", have.name, "",
             "its source is now called " + desired.name + "; dirsyncd renames only groups that it made itself");
      return &have;
    }
    auto change = membership_change(Verb::rename_group, desired, &have);
    change.phase = Phase::tidying;
    change.detail = desired.name;
    change.dn = std::string{desired.trees.front().source().dn};
    change.id = desired.trees.front().source().id;
    change.why = "the source group is now called so: " + have.name + " becomes " + desired.name;
    changes.push_back({std::move(change), Cause::none, ""});
    return &have;
  }
  return nullptr;
}

Change TargetPlanner::membership_change(Verb verb, DesiredGroup const& desired, TargetGroup const* have) const {
  Change change;
  change.target = target_.name;
  change.verb = verb;
  change.group = have != nullptr ? have->name : desired.name;
  change.group_id = have != nullptr ? have->id : "";
  change.rule = desired.rule().name;
  return change;
}

void TargetPlanner::create_group(DesiredGroup const& desired) {
  auto const& rule = desired.rule();
  auto const folded = fold_case(desired.name);
  auto const twin = std::ranges::find_if(target_.observed->groups, [&folded](auto const& group) {
    return fold_case(group.name) == folded;
  });
  if (twin != target_.observed->groups.end())
    return notice("case-differs", desired.name, "",
                  "the target has " + twin->name + ", which differs only by case; rename one of them");
  if (!rule.create_groups)
    return notice("missing-group", desired.name, "",
                  "no group " + desired.name + " in the target; create it there or set create_groups = true in rule " +
                      rule.name);
  if (auto const refusal = target_.traits.refuse_group_name(desired.name); !refusal.empty())
    return notice("refused-name", desired.name, "", refusal);
  auto change = membership_change(Verb::create_group, desired, nullptr);
  change.dn = std::string{desired.trees.front().source().dn};
  change.id = desired.trees.front().source().id;
  change.roles = rule.roles;
  change.path = change.dn;
  change.why = "source group " + source_names(desired);
  changes.push_back({std::move(change), Cause::none, ""});

  TargetGroup const nothing{"", desired.name, false, "", "", {}, {}};
  GroupWork work{desired, nothing, nullptr, {target_.name, desired.name, rule.name}, {}, {}, {}, {}, {}};
  collect_desired(work);
  plan_additions(work);
  work.figures.managed_after = work.figures.additions;
  groups.push_back(work.figures);
}

void TargetPlanner::diff(DesiredGroup const& desired, TargetGroup const& have, ManagedGroup const* managed) {
  GroupWork work{desired, have, managed, {target_.name, have.name, desired.rule().name}, {}, {}, {}, {}, {}};
  collect_desired(work);
  collect_granted(work);
  hold_for_lost_nested_groups(work);
  plan_additions(work);
  for (auto const user : have.users)
    if (!work.wanted.contains(user)) plan_departure(work, user);
  if (desired.rule().foreign_members != ForeignMembers::keep)
    for (auto const& other : have.others)
      notice("foreign", have.name, other.name,
             other.kind == OtherMember::Kind::group ? "a nested group that dirsyncd did not put there; kept"
                                                    : "a member that is no known user or group; kept");
  keep_house(work);
  work.figures.managed_after = work.figures.managed + work.figures.additions - work.figures.removals;
  groups.push_back(work.figures);
}

void TargetPlanner::collect_desired(GroupWork& work) {
  for (auto const& member : work.desired.members) {
    auto const& tree = tree_of(work.desired, member);
    auto const& entry = entry_of(work.desired, member);
    work.wanted_ids.insert(entry.id);
    auto const& match = matcher_.match(tree, member.person, questions);
    switch (match.kind) {
      case Match::Kind::user:
        if (work.wanted.emplace(match.user, &member).second)
          work.matched_ids.insert(entry.id);
        else
          notice("ambiguous", "", rendered_principal(target_, match.user),
                 std::string{entry.dn} + " and " + std::string{entry_of(work.desired, *work.wanted.at(match.user)).dn} +
                     " fit the same user; the second is set aside");
        break;
      case Match::Kind::provision:
        work.to_provision.push_back(&member);
        break;
      case Match::Kind::waiting:
        notice("waiting", "", match.name, match.text);
        break;
      case Match::Kind::ambiguous:
        notice("ambiguous", "", match.name, std::string{entry.dn} + ": " + match.text);
        break;
      case Match::Kind::unnamed:
        notice("unnamed", "", std::string{entry.dn}, match.text);
        break;
    }
  }
}

void TargetPlanner::collect_granted(GroupWork& work) {
  auto const found = grants_by_group_.find(work.have.id);
  if (found == grants_by_group_.end()) return;
  for (auto const* grant : found->second) {
    auto const user = matcher_.user_of(*grant);
    if (std::ranges::binary_search(work.have.users, user)) {
      work.granted.emplace(user, grant);
      ++work.figures.managed;
    } else if (!work.wanted_ids.contains(grant->id)) {
      housekeeping.forget.push_back(*grant);
    }
  }
}

/// A nested group that was known and is no longer found keeps the people it gave (contract 2).
void TargetPlanner::hold_for_lost_nested_groups(GroupWork& work) {
  for (auto const& tree : work.desired.trees) {
    auto const& directory = tree.directory->name;
    for (auto const value : tree.unresolved) {
      auto const dn = normalized_dn(without_optional_uid(value));
      if (!dn) continue;
      auto const known = input_.facts.known.find(*dn);
      if (known == input_.facts.known.end()) {
        questions.dns[directory].insert(*dn);
        continue;
      }
      if (!known->second.is_group) continue;
      work.lost_nested_group = true;
      if (!counted(directory, group_key_of(known->second.id)).confirmed) work.lost_group_waits = true;
    }
  }
}

void TargetPlanner::plan_additions(GroupWork& work) {
  auto const add = [this, &work](DesiredMember const& member) -> Change& {
    auto change = membership_change(Verb::add, work.desired, work.have.id.empty() ? nullptr : &work.have);
    auto const& entry = entry_of(work.desired, member);
    change.rule = tree_of(work.desired, member).rule->name;
    change.dn = std::string{entry.dn};
    change.id = entry.id;
    change.path = path_of(work.desired, member);
    change.why = why_added(work.desired, member);
    changes.push_back({std::move(change), Cause::none, ""});
    ++work.figures.additions;
    return changes.back().change;
  };
  for (auto const& [user, member] : work.wanted) {
    if (std::ranges::binary_search(work.have.users, user)) continue;
    auto const& known = target_.observed->users[user];
    if (!known.protected_because.empty()) {
      notice("protected", work.have.name, known.name, known.name + " is protected: " + known.protected_because);
      continue;
    }
    auto& change = add(*member);
    change.principal = known.name;
    change.principal_id = known.id;
  }
  for (auto const* member : work.to_provision) {
    auto const& match = matcher_.match(tree_of(work.desired, *member), member->person, questions);
    auto& change = add(*member);
    change.principal = match.name;
    change.domain = match.domain;
  }
}

void TargetPlanner::plan_departure(GroupWork& work, std::uint32_t user) {
  auto const granted = work.granted.find(user);
  if (granted == work.granted.end()) return plan_foreign(work, user);
  auto const& known = target_.observed->users[user];
  if (!known.protected_because.empty())
    return notice("protected", work.have.name, known.name, known.name + " is protected: " + known.protected_because);
  // Wanted, but set aside (no name, ambiguous): what they have stays. Wanted as another user: this one goes.
  auto const& id = granted->second->id;
  if (work.wanted_ids.contains(id) && !work.matched_ids.contains(id)) return;
  plan_removal(work, user, *granted->second);
}

void TargetPlanner::plan_removal(GroupWork& work, std::uint32_t user, Grant const& grant) {
  auto const& known = target_.observed->users[user];
  if (!addressable(work.have.name, known.name)) return;
  auto const& view = *work.desired.trees.front().directory;
  auto const person = view.snapshot->person_by_id(grant.id);
  auto change = membership_change(Verb::remove, work.desired, &work.have);
  change.principal = known.name;
  change.principal_id = known.id;
  change.rule = grant.rule;
  change.id = grant.id;
  change.dn = person ? std::string{view.snapshot->people()[*person].dn} : grant.dn;
  change.path = source_names(work.desired);
  auto cause = Cause::left;
  std::string key;
  if (person && desired_.disabled.at(view.name)[*person]) {
    cause = Cause::disabled;
    change.phase = Phase::revocation;
    change.why = change.dn + " is disabled: " + view.disabled->text();
  } else if (!person) {
    cause = Cause::gone;
    change.phase = Phase::revocation;
    auto const absence = absence_of_person(view.name, grant.id, grant.dn, grant.principal);
    change.why = absence.text;
    if (!absence.confirmed) change.outcome = Outcome::unconfirmed;
  } else {
    change.phase = Phase::removal;
    auto const& excluding = work.desired.rule().exclude_people;
    change.why = excluding && excluding->matches(view.snapshot->people()[*person].attributes)
                     ? "excluded by exclude_people = " + excluding->text()
                     : "no longer a member of " + source_names(work.desired) + " or of a group in it";
    key = membership_key(target_.name, work.have.id, known.name);
    if (work.lost_nested_group) change.why += ", or came through a nested group that is no longer found";
    if (work.lost_group_waits) change.outcome = Outcome::unconfirmed;
    else if (work.lost_nested_group)
      holds.push_back({"nested-group-gone",
                       "a nested group of " + work.have.name + " is no longer found; the people it gave leave with it",
                       target_.name, work.desired.rule().name, work.have.name, std::nullopt, std::nullopt});
  }
  if (change.outcome != Outcome::unconfirmed) {
    ++work.figures.removals;
    if (cause != Cause::left) ++work.figures.leavers;
  }
  changes.push_back({std::move(change), cause, std::move(key)});
}

bool TargetPlanner::addressable(std::string const& group, std::string const& principal) {
  auto const refusal = target_.traits.refuse_removal(principal);
  if (!refusal.empty()) notice("unaddressable", group, principal, refusal);
  return refusal.empty();
}

void TargetPlanner::plan_foreign(GroupWork& work, std::uint32_t user) {
  auto const policy = work.desired.rule().foreign_members;
  if (policy == ForeignMembers::keep) return;
  auto const& known = target_.observed->users[user];
  auto const report = [this, &work, &known](std::string text) { notice("foreign", work.have.name, known.name, text); };
  if (policy == ForeignMembers::report) return report("a member that dirsyncd did not put there; kept");
  if (!known.protected_because.empty()) return report("protected: " + known.protected_because + "; kept");

  // "remove" reaches only people of the rule's directory (contract 10).
  auto const& tree = work.desired.trees.front();
  auto const& snapshot = *tree.directory->snapshot;
  std::optional<PersonIndex> person;
  if (target_.traits.matches_by_dn) {
    auto const dn = known.source == UserSource::directory ? normalized_dn(known.dn) : std::nullopt;
    if (!dn || !is_below(*dn, tree.directory->normalized_base))
      return report("not a person of directory " + tree.directory->name + "; kept");
    person = snapshot.person_by_dn(*dn);
  } else {
    auto const bearers = tree.names->bearers.find(fold_case(known.name));
    if (bearers == tree.names->bearers.end() || bearers->second.size() != 1)
      return report("not a person of directory " + tree.directory->name + "; kept");
    person = bearers->second.front();
  }
  if (person && work.wanted_ids.contains(snapshot.people()[*person].id)) return;
  if (!addressable(work.have.name, known.name)) return;
  auto change = membership_change(Verb::remove, work.desired, &work.have);
  change.phase = Phase::removal;
  change.principal = known.name;
  change.principal_id = known.id;
  change.dn = person ? std::string{snapshot.people()[*person].dn} : known.dn;
  if (person) change.id = snapshot.people()[*person].id;
  change.path = source_names(work.desired);
  change.why = "a foreign member, in none of " + source_names(work.desired) + "; foreign_members = \"remove\"";
  ++work.figures.removals;
  changes.push_back({std::move(change), Cause::foreign, membership_key(target_.name, work.have.id, known.name)});
}

void TargetPlanner::keep_house(GroupWork& work) {
  auto const sources = source_ids(work.desired);
  ManagedGroup const now{work.have.id, work.have.name, work.desired.rule().name,
                         work.managed != nullptr && work.managed->created_by_us, sources};
  if (work.managed == nullptr) housekeeping.adopt_groups.push_back(now);
  else if (work.managed->sources != sources || work.managed->group != now.group || work.managed->rule != now.rule)
    housekeeping.update_groups.push_back(now);
  if (!work.desired.rule().adopt) return;
  for (auto const& [user, member] : work.wanted) {
    if (work.granted.contains(user) || !std::ranges::binary_search(work.have.users, user)) continue;
    auto const& known = target_.observed->users[user];
    if (!known.protected_because.empty()) continue;
    auto const& entry = entry_of(work.desired, *member);
    housekeeping.adopt_grants.push_back({work.have.id, work.have.name, known.name, known.id, entry.id,
                                         std::string{entry.dn}, tree_of(work.desired, *member).rule->name});
  }
}

TargetPlanner::Absence TargetPlanner::counted(std::string const& directory, std::string key) {
  auto const before = input_.facts.absences.find(key);
  auto const runs = (before == input_.facts.absences.end() ? 0 : before->second) + 1;
  absent[directory].insert(key);
  auto const reads = input_.limits.confirm.reads;
  return {runs >= reads, std::move(key),
          "not found in " + std::to_string(runs) + " of " + std::to_string(reads) + " consecutive runs"};
}

/// True when a member value of the directory still names the entry that is no longer found.
bool TargetPlanner::still_named(std::string const& directory, std::string const& last_dn, std::string const& principal) {
  auto found = dangling_.find(directory);
  if (found == dangling_.end()) {
    found = dangling_.emplace(directory, std::set<std::string, std::less<>>{}).first;
    auto const& snapshot = *input_.views.at(directory).snapshot;
    for (GroupIndex group = 0; group < snapshot.groups().size(); ++group)
      for (auto const value : snapshot.members(group).unresolved) {
        if (auto dn = normalized_dn(without_optional_uid(value))) found->second.insert(std::move(*dn));
        found->second.insert(fold_case(value));  // memberUid
      }
  }
  auto const dn = normalized_dn(last_dn);
  return (dn && found->second.contains(*dn)) || found->second.contains(fold_case(principal));
}

TargetPlanner::Absence TargetPlanner::absence_of_person(std::string const& directory, EntryId const& id,
                                                        std::string const& last_dn, std::string const& principal) {
  auto absence = counted(directory, person_key(id));
  auto const known = input_.facts.last_dn.find(id);
  auto const& dn = known == input_.facts.last_dn.end() ? last_dn : known->second;
  if (still_named(directory, dn, principal)) {
    absence.text = dn + " is no longer found, but a group still names it: " + absence.text;
    return absence;
  }
  if (!absence.confirmed && input_.facts.confirmed_gone.contains(id)) {
    absence.confirmed = true;
    absence.text = "looked for by DN and by id, and neither is there while its neighbours are";
  } else if (!absence.confirmed) {
    questions.gone.insert({directory, id, dn});
  }
  absence.text = dn + " is gone: " + absence.text;
  return absence;
}

TargetPlanner::Absence TargetPlanner::absence_of_group(std::string const& directory, EntryId const& id) {
  auto absence = counted(directory, group_key_of(id));
  if (absence.confirmed) return absence;
  if (input_.facts.confirmed_gone.contains(id)) absence.confirmed = true;
  else if (auto const dn = input_.facts.last_dn.find(id); dn != input_.facts.last_dn.end())
    questions.gone.insert({directory, id, dn->second});
  return absence;
}

void TargetPlanner::plan_orphans() {
  for (auto const& managed : target_.managed->groups) {
    if (visited_.contains(managed.group_id)) continue;
    auto const found = by_id_.find(managed.group_id);
    if (found != by_id_.end()) {
      plan_orphan(managed, *found->second);
    } else if (auto const grants = grants_by_group_.find(managed.group_id); grants != grants_by_group_.end()) {
      for (auto const* grant : grants->second) housekeeping.forget.push_back(*grant);
    }
  }
}

/// A managed group that no source feeds any more (contract 11).
void TargetPlanner::plan_orphan(ManagedGroup const& managed, TargetGroup const& have) {
  auto const orphaned = [this, &have](std::string text) {
    notice("orphaned", have.name, "", have.name + " keeps its members: " + text);
  };
  auto const* rule = rule_named(managed.rule);
  if (rule == nullptr) return orphaned("rule " + managed.rule + " is no longer configured or could not be read");
  auto const& snapshot = *input_.views.at(rule->directory).snapshot;
  auto confirmed = !managed.sources.empty();
  for (auto const& source : managed.sources) {
    if (snapshot.group_by_id(source))
      return orphaned("its source is still there, but rule " + rule->name + " no longer selects it under this name");
    confirmed = absence_of_group(rule->directory, source).confirmed && confirmed;
  }
  auto const empties = rule->source_gone == SourceGone::empty;
  auto const deletes = rule->delete_groups == DeleteGroups::when_empty && managed.created_by_us;
  if (!have.protected_because.empty() || !confirmed || (!empties && !deletes)) {
    auto const next = confirmed ? "source_gone = \"keep\"" : "its absence is not confirmed yet";
    return orphaned("its source group is no longer found (" + std::string{next} + ")");
  }
  GroupFigures figures{target_.name, have.name, rule->name};
  Change base;
  base.target = target_.name;
  base.group = have.name;
  base.group_id = have.id;
  base.rule = rule->name;
  if (have.users.empty() && have.others.empty()) {
    if (!deletes) return;
    base.verb = Verb::delete_group;
    base.phase = Phase::tidying;
    base.id = managed.sources.front();
    base.why = "its source group is gone and it has no member";
    changes.push_back({std::move(base), Cause::none, ""});
    return;
  }
  if (!empties) return orphaned("it is not empty, so it is not deleted");
  base.verb = Verb::remove;
  base.phase = Phase::removal;
  base.why = "the source group is gone; source_gone = \"empty\"";
  auto const grants = grants_by_group_.find(have.id);
  if (grants == grants_by_group_.end()) return;
  for (auto const* grant : grants->second) {
    auto const user = matcher_.user_of(*grant);
    if (!std::ranges::binary_search(have.users, user)) continue;
    auto const& known = target_.observed->users[user];
    ++figures.managed;
    if (!known.protected_because.empty() || !addressable(have.name, known.name)) continue;
    auto change = base;
    change.principal = known.name;
    change.principal_id = known.id;
    change.id = grant->id;
    change.dn = grant->dn;
    ++figures.removals;
    changes.push_back({std::move(change), Cause::orphaned, ""});
  }
  figures.managed_after = figures.managed - figures.removals;
  groups.push_back(figures);
}

}  // namespace dirsync::plan
