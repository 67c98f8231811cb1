#include "sync/plan/diff/removals.hpp"

#include <algorithm>

#include "sync/model/dn.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/diff/change_time.hpp"
#include "sync/plan/diff/foreign.hpp"

namespace dirsync::plan {
namespace {

std::string why_excluded(DesiredGroup const& desired, std::vector<PersonRef> const& entries) {
  for (auto const& tree : desired.trees)
    for (auto const& ref : entries)
      if (tree.people == ref.view && tree.excludes(ref.person))
        return "excluded by exclude_people = " + tree.rule->exclude_people->text();
  return {};
}

/// Why no entry of the person gives the membership any more, all of them being read and one of them disabled;
/// nothing: one could.
Disabled why_all_disabled(Context const& context, DesiredGroup const& desired, Whereabouts const& person) {
  if (!person.missing.empty() || !person.unread.empty() || !person.unknown.empty()) return {};
  Disabled all{.why = "", .only_locked = true};
  for (auto const& ref : person.found) {
    auto const feeds = [&ref](SourceTree const& tree) { return tree.people == ref.view; };
    auto const one = why_disabled(context, desired, ref);
    if (!one.is_so() && std::ranges::any_of(desired.trees, feeds)) return {};
    if (!one.is_so()) continue;
    if (!all.is_so()) all.why = one.why;
    all.only_locked = all.only_locked && one.only_locked;
  }
  return all;
}

/// The entry of the grant was made anew under its DN: whoever bears the DN now is whom the target's user
/// stands for.
Disabled why_successor_disabled(Context const& context, Departure const& one, Whereabouts const& person) {
  auto const user = context.binding.bind(one.grant).user;
  if (!context.target.traits.matches_by_dn || !person.found.empty() || !user) return {};
  auto const dn = normalized_dn(context.user(*user).dn);
  if (!dn || dn->empty()) return {};
  Disabled all;
  for (auto const& ref : context.identities().bearers_of_dn(*dn)) {
    auto const disabled = why_disabled(context, one.desired, ref);
    if (!disabled.is_so()) return {};
    all = disabled;
  }
  return all;
}

/// Of a person who is wanted, but not as this user.
std::string why_another_user(Context const& context, Departure const& one, Whereabouts const& person) {
  for (auto const& [user, member, by, is_shared] : one.wanted.users)
    for (auto const& ref : person.found)
      if (ref_of(one.desired, *member) == ref)
        return std::string{ref.entry().dn} + " is a member as " + context.user(user).name + " now, not as " +
               one.grant.principal + " any more";
  return "the user " + one.grant.principal + " belongs to another person now";
}

std::string why_left(Context const& context, Departure const& one, Whereabouts const& person) {
  if (person.found.empty() && person.unread.empty())
    return one.grant.dn + " was last seen in a directory that was not read, or is not configured any more";
  if (person.found.empty())
    return one.grant.dn +
           " is there, as a closer look found, but no longer among the people that directory " +
           person.directory + " shows";
  if (contains_any(one.wanted.entries, one.grant.id)) return why_another_user(context, one, person);
  if (contains_any(one.wanted.behind, one.grant.id))
    return source_names(one.desired) + " itself is the member now; as = \"group\"";
  if (auto excluded = why_excluded(one.desired, person.found); !excluded.empty()) return excluded;
  return "no longer a member of " + source_names(one.desired) + " or of a group in it";
}

/// Of a person who left: since when. Not known where it is no change of an entry that took them out.
std::optional<Time> left_since(Departure const& one, Whereabouts const& person) {
  if (person.found.empty() || contains_any(one.wanted.entries, one.grant.id) ||
      contains_any(one.wanted.behind, one.grant.id))
    return std::nullopt;
  if (!why_excluded(one.desired, person.found).empty()) return last_change(person.found);
  return one.wanted.sources_changed;
}

/// Whether the user's name would be that of a wanted person, if others did not bear it as well.
bool is_unclear(Context const& context, Wanted const& wanted, std::uint32_t user) {
  return !context.target.traits.matches_by_dn &&
         wanted.unclear_names.contains(fold_case(context.user(user).name));
}

Evidence gather_evidence(Context const& context, Departure const& one, Whereabouts const& person,
                         AbsenceKey const& key) {
  Evidence evidence;
  evidence.disabled = why_all_disabled(context, one.desired, person);
  if (evidence.disabled.is_so()) evidence.since = disabled_since(person.found);
  if (!evidence.disabled.is_so()) evidence.disabled = why_successor_disabled(context, one, person);
  if (evidence.disabled.is_so()) return evidence;
  evidence.not_found = person.found.empty() && person.unread.empty() && person.unknown.empty();
  if (!person.missing.empty()) evidence.missing = absence_of(context, person, one.grant);
  if (evidence.not_found) {
    evidence.since = deleted_since(context.book.facts(), one.grant.id);
    return evidence;
  }
  evidence.since = left_since(one, person);
  evidence.left = why_left(context, one, person);
  // A person of whom an entry is missing, or whom nothing joins to the group's directory any more, has not
  // been seen to leave: that is confirmed like an absence, though one entry is there.
  evidence.doubt = doubt_about(context, one.desired, one.doubts, person.found, one.grant.dn);
  if (!evidence.doubt.empty()) evidence.doubted = count_doubt(context, one.doubts, person.directory, key);
  return evidence;
}

}  // namespace

Drafted removal_of_grant(Context const& context, Departure const& one, Change change) {
  auto const person = find_person(context, one.grant, one.desired.rule());
  auto const key = membership_key(context.target.name, change.group_id, change.principal);
  auto certainty = certainty_of(gather_evidence(context, one, person, key));
  Drafted drafted;
  drafted.cause = certainty.cause;
  drafted.directory = person.directory;
  drafted.ours = true;
  // A rule that is configured no more is judged as the one that feeds the group now.
  auto const has_rule = rule_named(context.input, one.grant.rule) != nullptr;
  change.rule = has_rule ? one.grant.rule : one.desired.rule().name;
  if (!person.unknown.empty() || !feeds_target(context, one.grant.rule)) drafted.gone_rule = one.grant.rule;
  if (certainty.cause == Cause::disabled || certainty.cause == Cause::gone) change.phase = Phase::revocation;
  change.path = source_names(one.desired);
  change.id = one.grant.id;
  change.dn = person.found.empty() ? one.grant.dn : std::string{person.found.front().entry().dn};
  change.why = std::move(certainty.why);
  change.changed_at = certainty.since;
  change.unconfirmed = !certainty.confirmed;
  if (certainty.cause == Cause::left) drafted.absence_key = key;
  if (change.unconfirmed) change.blocked.reset();
  drafted.change = std::move(change);
  return drafted;
}

Certainty certainty_of(Evidence const& evidence) {
  if (evidence.disabled.is_so())
    return {evidence.disabled.only_locked ? Cause::locked : Cause::disabled, true, evidence.disabled.why,
            evidence.since};
  if (evidence.not_found)
    return {Cause::gone, evidence.missing->confirmed, evidence.missing->text, evidence.since};
  Certainty certainty{Cause::left, true, evidence.left, evidence.since};
  if (evidence.missing) {
    certainty.why += "; " + evidence.missing->text;
    certainty.confirmed = evidence.missing->confirmed;
  }
  if (evidence.doubted) {
    certainty.why = evidence.doubt + ": " + evidence.doubted->text;
    certainty.confirmed = certainty.confirmed && evidence.doubted->confirmed;
  }
  return certainty;
}

/// A nested group that was known and is no longer found keeps the people it gave until a person approves.
/// Nobody knows any more whom it gave: whoever leaves now may be one of them.
void wait_for_lost_groups(Context const& context, DesiredGroup const& desired, GroupDoubts const& doubts,
                          Change& change, std::vector<Reason>& holds) {
  if (!doubts.lost_sources.empty()) {
    change.why +=
        ", or came from a source group that has no name any more or whose absence is not confirmed yet";
    change.unconfirmed = true;
  }
  if (doubts.lost_groups.empty()) return;
  change.why += ", or came through a nested group that is no longer found";
  auto const waits = [reads = context.book.reads_to_confirm()](auto const& lost) {
    return lost.second < reads;
  };
  if (std::ranges::any_of(doubts.lost_groups, waits)) {
    change.unconfirmed = true;
    return;
  }
  holds.push_back(
      {.code = "nested-group-gone",
       .text = "a nested group of " + change.group + " is no longer found; the people it gave leave with it",
       .target = context.target.name,
       .rule = desired.rule().name,
       .group = change.group,
       .count = std::nullopt,
       .allowed = std::nullopt});
  for (auto const& [lost, runs] : doubts.lost_groups)
    context.book.settle_by_approval(lost.first, nested_key(lost.second));
}

GroupDraft removals(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                    Wanted const& wanted, Granted const& granted, GroupDoubts const& doubts,
                    bool all_nested) {
  GroupDraft draft;
  for (auto const user : group.read().users) {
    if (wanted.find(user) != nullptr) continue;
    auto const* const grant = granted.find(user);
    if (grant == nullptr) {
      if (granted.has_taken_an_id(user)) continue;
      append(draft, foreign_member(context, desired, group, wanted, doubts, user));
      continue;
    }
    // Wanted, but set aside (no name, ambiguous): what they have stays. Wanted as another user: this one
    // goes.
    if (contains_any(wanted.unclear, grant->id)) continue;
    // To come through their group from now on: that must be seen to be in its place first.
    if (!all_nested && contains_any(wanted.behind, grant->id)) continue;
    auto const member = context.hands_off.user_to_remove(group, context.user(user));
    auto removal = removal_of_grant(context, {desired, wanted, doubts, *grant},
                                    member ? member_change(context, Verb::remove, *member, grant->rule)
                                           : blocked_removal(context, *grant, member.error()));
    // A wanted one bears the name together with others: whoever has it keeps it.
    if (removal.cause == Cause::left && is_unclear(context, wanted, user)) continue;
    if (removal.cause == Cause::left && !removal.change.blocked)
      wait_for_lost_groups(context, desired, doubts, removal.change, draft.holds);
    draft.changes.push_back(std::move(removal));
  }
  return draft;
}

}  // namespace dirsync::plan
