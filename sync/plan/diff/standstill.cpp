#include "sync/plan/diff/standstill.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "sync/plan/diff/change_time.hpp"
#include "sync/plan/diff/group_members.hpp"
#include "sync/plan/diff/removals.hpp"

namespace dirsync::plan {
namespace {

/// Why every entry of the person that is still there is disabled; empty: one is not, or is only locked.
std::string why_disabled_everywhere(Context const& context, Whereabouts const& person) {
  std::string first;
  for (auto const& ref : person.found) {
    if (!context.desired.accounts.at(ref.view->name).disabled[ref.person]) return {};
    auto const account = why_blocked(*ref.view, ref.person);
    if (account.state == AccountState::locked) return {};
    if (first.empty()) first = std::string{ref.entry().dn} + " " + account.text;
  }
  auto const all_found = person.missing.empty() && person.unread.empty() && person.unknown.empty();
  return all_found ? first : std::string{};
}

/// Nothing: the person is there, and nobody says that they leave.
std::optional<Certainty> leaves(Context const& context, Grant const& grant, Whereabouts const& person) {
  if (auto why = why_disabled_everywhere(context, person); !why.empty())
    return Certainty{Cause::disabled, true, std::move(why), disabled_since(person.found)};
  if (!person.found.empty() || !person.unread.empty() || !person.unknown.empty()) return std::nullopt;
  if (person.missing.empty()) return std::nullopt;
  auto absence = absence_of(context, person, grant);
  return Certainty{Cause::gone, absence.confirmed, std::move(absence.text),
                   deleted_since(context.book.facts(), grant.id)};
}

/// `change`: of the member, with what it is to be called.
Drafted as_leaver(Change change, Grant const& grant, Whereabouts const& person, Certainty certainty) {
  Drafted drafted;
  drafted.cause = certainty.cause;
  drafted.directory = person.directory;
  drafted.ours = true;
  change.phase = Phase::revocation;
  change.id = grant.id;
  change.dn = person.found.empty() ? grant.dn : std::string{person.found.front().entry().dn};
  change.why = std::move(certainty.why);
  change.changed_at = certainty.since;
  change.unconfirmed = !certainty.confirmed;
  if (change.unconfirmed) change.blocked.reset();  // not due yet
  drafted.change = std::move(change);
  return drafted;
}

/// What no rule says about a person is decided by the grant alone. Where nobody knows any more which
/// directory they were in, all that were read show that they are in none; the first of them counts it.
Whereabouts find_granted(Context const& context, Grant const& grant) {
  static Rule const nobodys;
  auto person = find_person(context, grant, nobodys);
  if (!person.directory.empty()) return person;
  auto const& read = context.input.views;
  if (read.empty())
    person.unknown.insert(person.unknown.end(), person.missing.begin(), person.missing.end());
  else
    person.directory = read.begin()->first;
  return person;
}

/// Nothing: the rules want it, or nobody can tell.
std::optional<Drafted> blocked_if_due(Context const& context, Departure const& one, Notice const& why) {
  auto const& [desired, wanted, doubts, grant] = one;
  for (auto const* kept : {&wanted.entries, &wanted.unclear, &wanted.behind})
    if (contains_any(*kept, grant.id)) return std::nullopt;
  auto change = blocked_removal(context, grant, why);
  if (!is_group_principal(grant.principal_id)) return removal_of_grant(context, one, std::move(change));
  if (context.desired.unnamed_sources.contains(grant.id)) return std::nullopt;
  return removal_of_nested(context, one, std::move(change));
}

}  // namespace

GroupDraft leavers_of(Context const& context, WritableGroup const& group, ManagedGroup const& managed) {
  auto draft = draft_of(context, group, managed.rule);
  for (auto const* grant : context.index.grants(managed.group_id)) {
    auto const granted = granted_member(context, group.read(), *grant);
    if (!granted.user) continue;
    if (granted.holds)
      ++draft.figures.managed;
    else
      draft.notices.push_back(used_again(context, group.read(), *grant, granted));
    auto const person = find_granted(context, *grant);
    auto certainty = leaves(context, *grant, person);
    if (!certainty) continue;
    auto const member = removable(context, group, *grant, granted);
    auto change = member ? member_change(context, Verb::remove, *member, grant->rule)
                         : blocked_removal(context, *grant, member.error());
    draft.changes.push_back(as_leaver(std::move(change), *grant, person, *std::move(certainty)));
  }
  return draft;
}

GroupDraft removals_of_used_again(Context const& context, DesiredGroup const& desired,
                                  WritableGroup const& group, Wanted const& wanted, Granted const& granted,
                                  GroupDoubts const& doubts) {
  GroupDraft draft;
  for (auto const& [grant, member] : granted.used_again) {
    auto const why = used_again(context, group.read(), *grant, member);
    draft.notices.push_back(why);
    if (member.user && wanted.find(*member.user) != nullptr) continue;  // there in their own right
    if (auto removal = blocked_if_due(context, {desired, wanted, doubts, *grant}, why))
      draft.changes.push_back(*std::move(removal));
  }
  return draft;
}

GroupDraft blocked_in(Context const& context, StuckGroup const& stuck, Matches& matches) {
  GroupDraft draft;
  std::optional<Wanted> wanted;
  std::optional<GroupDoubts> doubts;
  if (stuck.desired != nullptr) {
    wanted = wanted_in(context, *stuck.desired, matches);
    doubts = doubts_of(context, *stuck.desired, stuck.managed);
  }
  for (auto const* grant : context.index.grants(stuck.managed->group_id)) {
    auto why = stuck.why;
    if (stuck.read != nullptr && !stuck.read->members_unread) {
      auto const granted = granted_member(context, *stuck.read, *grant);
      if (!granted.is_there()) continue;
      if (!granted.holds) why = used_again(context, *stuck.read, *grant, granted);
    }
    if (wanted) {
      if (auto removal = blocked_if_due(context, {*stuck.desired, *wanted, *doubts, *grant}, why))
        draft.changes.push_back(*std::move(removal));
      continue;
    }
    if (is_group_principal(grant->principal_id)) continue;  // nobody leaves by that
    auto const person = find_granted(context, *grant);
    if (auto certainty = leaves(context, *grant, person))
      draft.changes.push_back(
          as_leaver(blocked_removal(context, *grant, why), *grant, person, *std::move(certainty)));
  }
  if (draft.changes.empty()) draft.notices.push_back(stuck.why);
  return draft;
}

GroupDraft between_rules(Context const& context, StuckGroup const& stuck, Matches& matches) {
  auto const group = context.hands_off.group(*stuck.read);
  if (!group) return blocked_in(context, {stuck.managed, stuck.read, stuck.desired, group.error()}, matches);
  auto draft = leavers_of(context, *group, *stuck.managed);
  std::set<std::string_view> leaving;
  for (auto const& drafted : draft.changes) leaving.insert(drafted.change.id.value());
  auto wanted = wanted_in(context, *stuck.desired, matches);
  // Whichever of the rules takes its source for a member.
  for (auto const& tree : stuck.desired->trees) wanted.entries.insert(tree.source().id.value());
  auto const doubts = doubts_of(context, *stuck.desired, stuck.managed);
  std::vector<Drafted> blocked;
  for (auto const* grant : context.index.grants(stuck.managed->group_id)) {
    if (leaving.contains(grant->id.value())) continue;
    auto const granted = granted_member(context, *stuck.read, *grant);
    if (!granted.is_there() || !granted.holds) continue;
    if (auto removal = blocked_if_due(context, {*stuck.desired, wanted, doubts, *grant}, stuck.why))
      blocked.push_back(*std::move(removal));
  }
  std::ranges::move(blocked, std::back_inserter(draft.changes));
  return draft;
}

std::vector<ManagedGroup const*> hidden_groups(Context const& context) {
  std::vector<ManagedGroup const*> hidden;
  for (auto const& managed : context.target.managed->groups) {
    if (context.index.group(managed.group_id) != nullptr || is_deleted(context, managed)) continue;
    hidden.push_back(&managed);
  }
  return hidden;
}

Notice hidden_notice(Context const& context, ManagedGroup const& managed) {
  auto const* const advice = context.target.traits.tells_deleted
                                 ? ". Let the service user see it again, or delete the group there"
                                 : ", as one that it does not see looks like one that was deleted. Let the "
                                   "service user see it again; "
                                   "if it was deleted, make a group of that name there, if only for one run";
  return {
      .code = "hidden-group",
      .group = managed.group,
      .principal = "",
      .text = "the target does not list " + managed.group + ", which is ours; its grants are kept" + advice};
}

bool is_deleted(Context const& context, ManagedGroup const& managed) {
  if (!context.target.traits.tells_deleted) return !context.index.groups_named(managed.group).empty();
  return is_said_to_be_deleted(context, managed);
}

bool is_said_to_be_deleted(Context const& context, ManagedGroup const& managed) {
  auto const& deleted = context.book.facts().deleted_groups;
  auto const found = deleted.find(context.target.name);
  return found != deleted.end() && found->second.contains(managed.group_id);
}

}  // namespace dirsync::plan
