#include "sync/plan/diff/standstill.hpp"

#include <algorithm>

#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/removals.hpp"

namespace dirsync::plan {
namespace {

/// Why every entry of the person that is still there is disabled; empty: one is not, or is only locked.
std::string why_disabled_everywhere(Context const& context, Whereabouts const& person) {
  std::string first;
  for (auto const& ref : person.found) {
    if (!context.desired.accounts.at(ref.view->name).disabled[ref.person]) return {};
    auto const account = account_of(*ref.view, ref.person);
    if (account.state == AccountState::locked) return {};
    if (first.empty()) first = std::string{ref.entry().dn} + " " + account.text;
  }
  auto const all_found = person.missing.empty() && person.unread.empty() && person.unknown.empty();
  return all_found ? first : std::string{};
}

/// Nothing: the person is there, and nobody says that they leave.
std::optional<Certainty> leaves(Context const& context, Grant const& grant, Whereabouts const& person) {
  if (auto why = why_disabled_everywhere(context, person); !why.empty())
    return Certainty{Cause::disabled, true, std::move(why)};
  if (!person.found.empty() || !person.unread.empty() || !person.unknown.empty()) return std::nullopt;
  if (person.missing.empty()) return std::nullopt;
  auto absence = absence_of(context, person, grant);
  return Certainty{Cause::gone, absence.confirmed, std::move(absence.text)};
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
  change.unconfirmed = !certainty.confirmed;
  if (change.unconfirmed) change.blocked.reset();  // not due yet
  drafted.change = std::move(change);
  return drafted;
}

/// A rule that does not exist: what nobody's rule says about a person is decided by the grant alone.
Whereabouts find_granted(Context const& context, Grant const& grant) {
  static Rule const nobodys;
  return find_person(context, grant, nobodys);
}

bool is_member(Context const& context, TargetGroup const& group, Grant const& grant) {
  auto const user = context.index.users().user_of(grant);
  return user && std::ranges::binary_search(group.users, *user);
}

}  // namespace

GroupDraft leavers_of(Context const& context, WritableGroup const& group, ManagedGroup const& managed) {
  auto draft = draft_of(context, group, managed.rule);
  for (auto const* grant : context.index.grants(managed.group_id)) {
    if (!is_member(context, group.read(), *grant)) continue;
    ++draft.figures.managed;
    auto const person = find_granted(context, *grant);
    auto certainty = leaves(context, *grant, person);
    if (!certainty) continue;
    auto const& user = context.user(*context.index.users().user_of(*grant));
    auto const member = context.hands_off.user_to_remove(group, user);
    auto change = member ? member_change(context, Verb::remove, *member, grant->rule)
                         : blocked_removal(context, *grant, member.error());
    draft.changes.push_back(as_leaver(std::move(change), *grant, person, *std::move(certainty)));
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
    if (is_group_principal(grant->principal_id)) continue;
    if (stuck.read != nullptr && !is_member(context, *stuck.read, *grant)) continue;
    auto change = blocked_removal(context, *grant, stuck.why);
    if (wanted && (contains_any(wanted->entries, grant->id) || contains_any(wanted->unclear, grant->id) ||
                   contains_any(wanted->behind, grant->id)))
      continue;
    if (wanted) {
      draft.changes.push_back(
          removal_of_grant(context, {*stuck.desired, *wanted, *doubts, *grant}, std::move(change)));
      continue;
    }
    auto const person = find_granted(context, *grant);
    if (auto certainty = leaves(context, *grant, person))
      draft.changes.push_back(as_leaver(std::move(change), *grant, person, *std::move(certainty)));
  }
  if (draft.changes.empty()) draft.notices.push_back(stuck.why);
  return draft;
}

std::vector<ManagedGroup const*> hidden_groups(Context const& context) {
  std::vector<ManagedGroup const*> hidden;
  for (auto const& managed : context.target.managed->groups) {
    if (context.index.group(managed.group_id) != nullptr || is_deleted(context, managed.group_id)) continue;
    hidden.push_back(&managed);
  }
  return hidden;
}

Notice hidden_notice(ManagedGroup const& managed) {
  return {.code = "hidden-group",
          .group = managed.group,
          .principal = "",
          .text = "the target does not list " + managed.group +
                  ", which is ours; its grants are kept. Let the service user see it again, or delete the "
                  "group there"};
}

bool is_deleted(Context const& context, std::string const& group_id) {
  auto const& deleted = context.book.facts().deleted_groups;
  auto const found = deleted.find(context.target.name);
  return found != deleted.end() && found->second.contains(group_id);
}

}  // namespace dirsync::plan
