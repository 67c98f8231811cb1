// Whether each change that was sent had its reason in what the directory said.
#include <algorithm>

#include "tests/sequences/oracle.hpp"

namespace dirsync::sequences {

Person const* Oracle::bearer(Said const& said, std::string const& target, TargetUser const& user) const {
  return target == "vault" ? said.person_at(user.dn) : said.person_named(user.name);
}

/// Whether the target's user is that person: who bears its DN or name now, else who had it before.
bool Oracle::is_theirs(Case const& one, std::string const& target, TargetUser const& user,
                       std::string const& person) const {
  auto const& said = one.attempt.said;
  if (auto const* const now = bearer(said, target, user)) return now->id == person;
  // Somebody who has a user under their present name or DN has left the other.
  auto const* const entry = said.person(person);
  for (auto const& other : one.attempt.before.at(target).observed.users)
    if (entry != nullptr && bearer(said, target, other) == entry) return false;
  auto const& known = target == "vault" ? world_.dns_of : world_.uids_of;
  auto const found = known.find(person);
  return found != known.end() && found->second.contains(target == "vault" ? user.dn : user.name);
}

void Oracle::expect_justified(Case const& one, Change const& change) {
  if (change.verb == Verb::add) return expect_addition(one, change);
  if (change.verb == Verb::remove) return expect_removal(one, change);
  expect_group_change(one, change);
}

void Oracle::expect_addition(Case const& one, Change const& change) {
  auto const& id = change.id.value();
  auto const* const person = one.attempt.said.person(id);
  if (person == nullptr) return complain("added, though no read shows them", change);
  if (person->disabled) return complain("added, though disabled", change);
  auto const& before = one.attempt.before.at(change.target);
  auto const* const group = find_group_by_id(before, change.group_id);
  auto const name = group == nullptr ? change.group : group->name;
  auto const wants = [&](Wishes const& wishes) {
    auto const* const wish = ledger_.wish_of(wishes, change.target, change.group_id, name);
    return wish != nullptr && wish->people.contains(id);
  };
  if (!wants(one.wishes.at(change.target)))
    return complain("added, though the directory does not give it", change);
  if (!one.approved && !wants(one.settled_wishes.at(change.target)))
    complain("added only because the configuration changed, and nobody approved it", change);
  if (!change.principal_id.empty()) {
    auto const user = std::ranges::find(before.observed.users, change.principal_id, &TargetUser::id);
    if (user == before.observed.users.end()) return expect_taken_in(*person, change);
    if (!is_theirs(one, change.target, *user, id)) complain("added a user who is somebody else", change);
  } else if (change.dn != person->dn) {
    complain("provisioned somebody else", change);
  }
}

/// A user whom the target took in earlier in this run.
void Oracle::expect_taken_in(Person const& person, Change const& change) {
  auto const& users = world_.world_of(change.target).observed.users;
  auto const user = std::ranges::find(users, change.principal_id, &TargetUser::id);
  if (user == users.end()) return complain("added a user that was never read", change);
  if (change.target == "vault" ? user->dn != person.dn : user->name != change.principal)
    complain("added somebody else who came meanwhile", change);
}

/// What a group of that name is to hold. Nothing where the target lists another group of the name that is
/// wanted by now: then that one is meant, and ours has no source any more.
Wish const* Oracle::wish_for(Case const& one, std::string const& target, std::string const& group_id,
                             std::string const& name) const {
  auto const& wishes = one.wishes.at(target);
  auto const* const wish = ledger_.wish_of(wishes, target, group_id, name);
  auto const named = std::ranges::find_if(wishes, [wish](auto const& item) { return &item.second == wish; });
  if (named == wishes.end() || named->first == name) return wish;
  auto const fault = one.was.targets.find(target);
  if (fault != one.was.targets.end() && fault->second.unlisted.contains(named->first)) return wish;
  auto const& groups = one.attempt.before.at(target).observed.groups;
  auto const other = std::ranges::find(groups, named->first, &TargetGroup::name);
  return other == groups.end() ? wish : nullptr;
}

void Oracle::expect_removal(Case const& one, Change const& change) {
  Removal removal{.change = change,
                  .before = one.attempt.before.at(change.target),
                  .group = nullptr,
                  .user = "",
                  .person = change.id.value()};
  removal.user = user_of(removal.before, change);
  removal.group = find_group_by_id(removal.before, change.group_id);
  if (removal.group == nullptr) return complain("removed from a group that was not there", change);
  auto const* const wish = wish_for(one, change.target, change.group_id, removal.group->name);
  // Whoever was ours once may have been put back there by hand: then no person is named.
  auto const was_ours = ledger_.ever.contains(membership(change.target, change.group_id, removal.user));
  if (!was_ours || change.id.value().empty()) return expect_foreigner(one, removal, wish);
  expect_departure(one, removal, wish);
}

void Oracle::expect_foreigner(Case const& one, Removal const& removal, Wish const* wish) {
  auto const& change = removal.change;
  if (wish == nullptr) return complain("took out a foreign member of a group that nobody wants", change);
  if (world_.settings.at(wish->rule).foreign_members != ForeignMembers::remove)
    return complain("took out a foreign member", change);
  auto const* const settled = settled_.contains(wish->rule) ? &settled_.at(wish->rule) : nullptr;
  if (!one.approved && (settled == nullptr || settled->foreign_members != ForeignMembers::remove))
    complain("took out a foreign member by a new setting that nobody approved", change);
  auto const& users = removal.before.observed.users;
  auto const user = std::ranges::find(users, removal.user, &TargetUser::id);
  if (user == users.end()) return complain("took out nobody", change);
  auto const* const person = bearer(one.attempt.said, change.target, *user);
  if (person != nullptr && wish->people.contains(person->id))
    complain("took out a foreign member whom the directory gives the group", change);
}

void Oracle::expect_departure(Case const& one, Removal const& removal, Wish const* wish) {
  auto const& change = removal.change;
  auto const& said = one.attempt.said;
  auto const& users = removal.before.observed.users;
  auto const user = std::ranges::find(users, removal.user, &TargetUser::id);
  if (user == users.end()) return;
  auto const* const now = bearer(said, change.target, *user);
  if (wish != nullptr && now != nullptr && wish->people.contains(now->id))
    return complain("removed, though the directory gives it to " + now->dn, change);
  auto const* const person = said.person(removal.person);
  if (person == nullptr) {
    if (is_confirmed_gone(one, removal.person, change.dn)) return;
    if (wish == nullptr) return expect_orphan(one, removal);
    if (!look_finds(one, removal.person)) complain("removed, though their absence was not confirmed", change);
    return;
  }
  if (person->locked && change.part == Part::leavers)
    return complain("removed as a leaver, though only locked by wrong passwords", change);
  if (person->disabled) return;
  if (wish == nullptr) return expect_orphan(one, removal);
  if (wish->people.contains(person->id) && is_theirs(one, change.target, *user, person->id))
    return complain("removed, though the directory gives it to them", change);
  if (one.approved) return;
  if (auto const lost = lost_nested_group(one, *wish); !lost.empty())
    complain("removed, though they may have come through " + lost + ", which is only not seen", change);
  auto const* const settled = ledger_.wish_of(one.settled_wishes.at(change.target), change.target,
                                              change.group_id, removal.group->name);
  auto const still_wanted = wish->people.contains(person->id);
  if (!still_wanted && (settled == nullptr || settled->people.contains(person->id)))
    complain("removed only because the configuration changed, and nobody approved it", change);
}

/// A group that nobody wants any more keeps its people, unless the rule says otherwise.
void Oracle::expect_orphan(Case const& one, Removal const& removal) {
  auto const& change = removal.change;
  auto const settings = world_.settings.find(change.rule);
  if (settings == world_.settings.end() || settings->second.source_gone != SourceGone::empty)
    return complain("removed from a group whose source is not there, which keeps its members", change);
  auto const& of_target = ledger_.groups[change.target];
  auto const ours = of_target.find(change.group_id);
  if (ours == of_target.end()) return complain("removed from a group that is not ours", change);
  for (auto const& source : ours->second.sources)
    if (one.attempt.said.group(source) != nullptr || !is_confirmed_gone(one, source, ""))
      complain("removed, though the absence of source " + source + " was not confirmed", change);
}

/// A group that was read before and is not there now, while a value of what the wish was made of names it.
std::string Oracle::lost_nested_group(Case const& one, Wish const& wish) const {
  auto const& said = one.attempt.said;
  if (!world_.settings.at(wish.rule).nested) return "";
  for (auto const& id : wish.reached)
    for (auto const& value : said.group(id)->values)
      if (group_dns_.contains(value) && said.group_at(value) == nullptr) return value;
  return "";
}

void Oracle::expect_group_change(Case const& one, Change const& change) {
  auto const& wishes = one.wishes.at(change.target);
  auto const& before = one.attempt.before.at(change.target);
  auto const* const group = find_group_by_id(before, change.group_id);
  if (change.verb == Verb::create_group) {
    if (!wishes.contains(change.group)) complain("created, though nothing wants it", change);
    return;
  }
  if (group == nullptr) return complain("changed a group that was not there", change);
  auto const& ours = ledger_.groups[change.target];
  auto const known = ours.find(change.group_id);
  if (known == ours.end() || !known->second.created)
    return complain("changed a group that we did not make", change);
  auto const* const wish = ledger_.wish_of(wishes, change.target, change.group_id, group->name);
  if (change.verb == Verb::delete_group) {
    if (wish != nullptr) complain("deleted, though it is wanted", change);
    for (auto const& source : known->second.sources)
      if (!is_confirmed_gone(one, source, "")) complain("deleted, though its source may be there", change);
    return;
  }
  auto const named = wishes.find(change.new_name);
  if (named == wishes.end()) return complain("renamed to what nothing wants", change);
  auto const feeds = [&known](auto const& source) { return known->second.sources.contains(source); };
  if (std::ranges::none_of(named->second.sources, feeds)) complain("renamed for another source", change);
}

}  // namespace dirsync::sequences
