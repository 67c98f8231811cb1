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
  if (work.managed == nullptr) return;
  auto const is_fed_by = [&trees = work.desired.trees](EntryId const& id) {
    return std::ranges::any_of(trees, [&id](auto const& tree) { return tree.source().id == id; });
  };
  for (auto const& source : work.managed->sources) {
    if (is_fed_by(source)) continue;
    auto const lost =
        !source_is_there(source) && !absence_of_group(work.desired.rule().directory, source).confirmed;
    if (lost || desired_.unnamed_sources.contains(source)) work.lost_sources.push_back(source);
  }
}

/// A nested group that was known and is no longer found keeps the people it gave until a person approves.
/// Nobody knows any more whom it gave: whoever leaves now may be one of them.
void TargetPlanner::wait_for_lost_groups(GroupWork const& work, Change& change) {
  if (!work.lost_sources.empty()) {
    change.why +=
        ", or came from a source group that has no name any more or whose absence is not confirmed yet";
    change.unconfirmed = true;
  }
  if (work.lost_groups.empty()) return;
  change.why += ", or came through a nested group that is no longer found";
  auto const reads = input_.limits.confirm.reads;
  auto const waits = [reads](auto const& group) { return group.second < reads; };
  if (std::ranges::any_of(work.lost_groups, waits)) {
    change.unconfirmed = true;
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
  if (contains_any(work.set_aside_ids, granted->second->id)) return;
  // To come through their group from now on: that must be seen to be in its place first.
  if (!work.all_nested && contains_any(work.people_behind, granted->second->id)) return;
  plan_removal(work, user, *granted->second);
}

/// Ids are unique over all directories: a group may be fed by several.
TargetPlanner::Whereabouts TargetPlanner::find_person(GroupWork const& work, Grant const& grant) const {
  Whereabouts person;
  auto const note = [&found = person.found](PersonRef const& ref) {
    if (std::ranges::find(found, ref) == found.end()) found.push_back(ref);
  };
  for (auto const& id : parts_of(grant.id)) {
    auto const bearers = identities_.bearers_of(id);
    if (bearers.empty()) person.missing.push_back(id);
    for (auto const& ref : bearers) {
      note(ref);
      for (auto const& other : identities_.joined(ref)) note(other);
    }
  }
  auto const* const rule = rule_named(grant.rule);
  if (!person.found.empty())
    person.directory = person.found.front().view->name;
  else
    person.directory = (rule == nullptr ? work.desired.rule() : *rule).people_directory();
  return person;
}

/// Empty when the person is enabled. With a bridge, either side disables.
std::string TargetPlanner::why_disabled(GroupWork const& work, PersonRef const& person) const {
  auto const check = [this](PersonRef const& ref) -> std::string {
    if (!desired_.disabled.at(ref.view->name)[ref.person]) return {};
    return std::string{ref.entry().dn} + " " + account_of(*ref.view, ref.person).text;
  };
  if (auto why = check(person); !why.empty()) return why;
  for (auto const& tree : work.desired.trees) {
    auto const other = tree.bridge != nullptr && tree.people == person.view ? tree.bridge->back(person.person)
                                                                            : std::nullopt;
    if (!other) continue;
    if (auto why = check({tree.directory, *other}); !why.empty()) return why;
  }
  return {};
}

std::string TargetPlanner::why_excluded(GroupWork const& work, std::vector<PersonRef> const& entries) const {
  for (auto const& tree : work.desired.trees)
    for (auto const& ref : entries)
      if (auto const& excluding = tree.rule->exclude_people;
          excluding && tree.people == ref.view && excluding->matches(ref.entry().attributes))
        return "excluded by exclude_people = " + excluding->text();
  return {};
}

/// Somebody who moved between two searches, or whose user name is hidden, looks like somebody who left. So do
/// the people of a nested group that moved.
void TargetPlanner::find_unclear_names(GroupWork& work) const {
  for (auto const& tree : work.desired.trees)
    for (auto const& node : tree.nodes)
      for (auto const value : tree.directory->snapshot->members(node.group).unresolved) {
        auto const dn = normalized_dn(without_optional_uid(value));
        auto const* const known = dn ? known_as(input_.facts, tree.directory->name, *dn) : nullptr;
        if (known != nullptr && !known->is_group) work.named_before.insert(known->id);
        // A bridge looks user names up elsewhere and has doubts of its own.
        auto const is_user = !dn && tree.bridge == nullptr;
        work.names_users = work.names_users || is_user;
        // A DN elsewhere is nobody's who was to be read here.
        auto const ours = is_user || (dn && is_below(*dn, tree.directory->normalized_base));
        if (known == nullptr && ours && tree.directory->snapshot->certificate().may_have_changed)
          work.may_have_changed = true;
        if (dn) work.nobodys_dns.insert(*dn);
      }
}

/// Why nobody can tell whether a person who is not wanted may still be meant by a group; empty when it is
/// certain that they are not. `last_dn`: by which the target knows them, may be empty.
std::string TargetPlanner::doubt(GroupWork const& work, std::vector<PersonRef> const& entries,
                                 std::string const& last_dn) const {
  for (auto const& tree : work.desired.trees)
    for (auto const* view : {tree.directory, tree.people})
      if (input_.facts.other_server.contains(view->name))
        return "directory " + view->name +
               " was read from another server than the last time, which may lag behind";
  if (work.may_have_changed)
    return source_names(work.desired) +
           " or a group in it names somebody who was not read, and the directory "
           "may have changed meanwhile";
  if (auto const dn = normalized_dn(last_dn); dn && !dn->empty() && work.nobodys_dns.contains(*dn))
    return last_dn + ", to which it was granted, is still named in " + source_names(work.desired);
  for (auto const& ref : entries) {
    if (work.named_before.contains(ref.entry().id))
      return std::string{ref.entry().dn} + " is still named in " + source_names(work.desired) +
             ", by the DN that it had";
    if (work.names_users && ref.entry().values("uid").empty())
      return std::string{ref.entry().dn} + " shows no uid, and " + source_names(work.desired) +
             " names users who are nobody";
  }
  for (auto const& tree : work.desired.trees) {
    if (tree.bridge == nullptr) continue;
    auto const& excluding = tree.rule->exclude_people;
    for (auto const& ref : entries) {
      if (ref.view != tree.people || (excluding && excluding->matches(ref.entry().attributes))) continue;
      if (auto why = tree.bridge->doubt(ref.person, tree.all_crossed); !why.empty())
        return "no longer joined to a member of " + std::string{tree.source().dn} + ", and " + why;
    }
  }
  return {};
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
  if (!removable(work.have, known)) return;
  auto const person = find_person(work, grant);
  auto const& found = person.found;
  std::string disabled;  // why the first of them is
  auto const gives_nothing = [this, &work, &disabled](PersonRef const& ref) {
    auto const feeds = [&ref](SourceTree const& tree) { return tree.people == ref.view; };
    auto const why = why_disabled(work, ref);
    if (disabled.empty()) disabled = why;
    return !why.empty() || std::ranges::none_of(work.desired.trees, feeds);
  };
  auto const all_disabled =
      person.missing.empty() && std::ranges::all_of(found, gives_nothing) && !disabled.empty();
  auto drafted = removal(work, user,
                         found.empty()  ? Cause::gone
                         : all_disabled ? Cause::disabled
                                        : Cause::left);
  drafted.directory = person.directory;
  drafted.ours = true;
  auto& change = drafted.change;
  // A rule that is configured no more is judged as the one that feeds the group now.
  if (rule_named(grant.rule) != nullptr) change.rule = grant.rule;
  change.id = grant.id;
  change.dn = found.empty() ? grant.dn : std::string{found.front().entry().dn};
  if (drafted.cause == Cause::disabled) {
    change.why = disabled;
  } else if (drafted.cause == Cause::gone) {
    auto const absence = absence_of(person, grant);
    change.why = absence.text;
    if (!absence.confirmed) change.unconfirmed = true;
  } else {
    change.why = why_left(work, person, grant, known);
    drafted.absence_key = membership_key(target_.name, work.have.id, known.name);
    wait_until_certain(work, person, grant, drafted);
    wait_for_lost_groups(work, change);
  }
  changes.push_back(std::move(drafted));
}

std::string TargetPlanner::why_left(GroupWork const& work, Whereabouts const& person, Grant const& grant,
                                    TargetUser const& user) const {
  if (contains_any(work.wanted_ids, grant.id))
    return "the user " + user.name + " belongs to another person now";
  if (contains_any(work.people_behind, grant.id))
    return source_names(work.desired) + " itself is the member now; as = \"group\"";
  if (auto excluded = why_excluded(work, person.found); !excluded.empty()) return excluded;
  return "no longer a member of " + source_names(work.desired) + " or of a group in it";
}

/// A person of whom an entry is missing, or whom nothing joins to the group's directory any more, has not
/// been seen to leave: that is confirmed like an absence, though one entry is there.
void TargetPlanner::wait_until_certain(GroupWork const& work, Whereabouts const& person, Grant const& grant,
                                       Drafted& drafted) {
  auto& change = drafted.change;
  if (!person.missing.empty()) {
    auto const absence = absence_of(person, grant);
    change.why += "; " + absence.text;
    if (!absence.confirmed) change.unconfirmed = true;
  }
  wait_for_doubt(work, person.found, grant.dn, drafted);
}

void TargetPlanner::wait_for_doubt(GroupWork const& work, std::vector<PersonRef> const& entries,
                                   std::string const& last_dn, Drafted& drafted) {
  auto const why = doubt(work, entries, last_dn);
  if (why.empty()) return;
  auto const absence = counted(drafted.directory, drafted.absence_key);
  drafted.change.why = why + ": " + absence.text;
  if (!absence.confirmed) drafted.change.unconfirmed = true;
}

bool TargetPlanner::addressable(std::string const& group, std::string const& principal) {
  auto const refusal =
      target_.traits.refuse_removal == nullptr ? std::string{} : target_.traits.refuse_removal(principal);
  if (!refusal.empty()) notice("unaddressable", group, principal, refusal);
  return refusal.empty();
}

/// A call that removes the user must not mean another member of the group.
bool TargetPlanner::removable(TargetGroup const& have, TargetUser const& user) {
  if (!addressable(have.name, user.name)) return false;
  if (!target_.traits.members_by_name) return true;
  auto const has_the_name = [name = fold_case(user.name)](OtherMember const& other) {
    return fold_case(other.name) == name;
  };
  if (std::ranges::none_of(have.others, has_the_name)) return true;
  notice("ambiguous", have.name, user.name,
         "another member of " + have.name + " has the name " + user.name +
             " as well, and calls name members; take the user out by hand, or rename one of them");
  return false;
}

TargetPlanner::Foreigner TargetPlanner::find_foreigner(GroupWork const& work, TargetUser const& user) const {
  auto const dn = target_.traits.matches_by_dn && user.source == UserSource::directory && !user.dn.empty()
                      ? normalized_dn(user.dn)
                      : std::nullopt;
  for (auto const& tree : work.desired.trees) {
    auto const ref = [&tree](std::optional<PersonIndex> person) {
      return person ? std::optional{PersonRef{tree.people, *person}} : std::nullopt;
    };
    if (target_.traits.matches_by_dn) {
      if (dn && is_below(*dn, tree.people->normalized_base))
        return {&tree, ref(tree.people->snapshot->person_by_dn(*dn))};
      continue;
    }
    auto const bearers = tree.names->bearers.find(fold_case(user.name));
    if (bearers != tree.names->bearers.end() && bearers->second.size() == 1)
      return {&tree, ref(bearers->second.front())};
  }
  return {};
}

/// "remove" reaches only people of the rule's directory.
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
  if (person && work.wanted_ids.contains(person->entry().id)) return;
  if (!removable(work.have, known)) return;

  auto const disabled = person && !why_disabled(work, *person).empty();
  auto drafted = removal(work, user, disabled ? Cause::disabled : Cause::foreign);
  drafted.directory = tree->people->name;
  auto& change = drafted.change;
  change.rule = tree->rule->name;
  change.dn = person ? std::string{person->entry().dn} : known.dn;
  if (person) change.id = person->entry().id;
  change.why =
      "a foreign member, in none of " + source_names(work.desired) + "; foreign_members = \"remove\"";
  if (!disabled) {
    drafted.absence_key = membership_key(target_.name, work.have.id, known.name);
    // Nobody who was read bears that DN, or nobody can tell whether a group means them: absent, like any
    // other who is no longer found.
    auto const certain = person && doubt(work, {*person}, known.dn).empty();
    if (!certain && !counted(drafted.directory, drafted.absence_key).confirmed) change.unconfirmed = true;
    wait_for_lost_groups(work, change);
  }
  changes.push_back(std::move(drafted));
}

}  // namespace dirsync::plan
