#include "sync/plan/undo/take_back.hpp"

#include <algorithm>
#include <optional>

#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/diff/granted.hpp"

namespace dirsync::plan {
namespace {

Because because_of(Notice const& notice) { return {notice.code, notice.text}; }

std::string text_of_run(RunId run) { return std::to_string(run.value()); }

Because changed_since(PastChange const& past) {
  auto const& [run, verb] = *past.later;
  auto const& [who, group] = std::tie(past.change.principal, past.change.group);
  auto const by = "run " + text_of_run(run);
  if (verb == "forget")
    return {"changed-by-others", "somebody else took " + who + " out of " + group + ", as " + by + " found"};
  if (verb == "adopt")
    return {"changed-by-others", "somebody else let " + who + " into " + group + ", as " + by + " found"};
  if (verb == "delete-group") return {"changed-by-run", by + " deleted the group"};
  return {"changed-by-run", by + (verb == "add" ? " added " : " removed ") + who + " since"};
}

/// Why nobody takes the person for one who may have access; nothing: they may.
std::optional<Because> why_unusable(Context const& context, Change const& change) {
  auto is_there = false;
  for (auto const& id : parts_of(change.id)) {
    for (auto const& ref : context.identities().bearers_of(id)) {
      is_there = true;
      auto const& accounts = context.desired.accounts.at(ref.view->name);
      auto const dn = std::string{ref.entry().dn};
      if (accounts.disabled[ref.person])
        return Because{"disabled", dn + " " + why_blocked(*ref.view, ref.person).text +
                                       "; access is not given back to them"};
      auto const unclear = accounts.unclear.find(ref.person);
      if (unclear != accounts.unclear.end()) return Because{"unclear-account", dn + " " + unclear->second};
    }
  }
  if (is_there) return std::nullopt;
  return Because{"gone", change.dn + " is in no directory that was read; access is not given back to them"};
}

Grant const* grant_of_past(Context const& context, Change const& change) {
  auto const wanted = grant_of(change);
  auto const grants = context.index.grants(change.group_id);
  auto const found =
      std::ranges::find_if(grants, [&wanted](Grant const* grant) { return same_membership(*grant, wanted); });
  return found == grants.end() ? nullptr : *found;
}

OrBecause<Drafted> take_out(Context const& context, PastChange const& past, RunId run) {
  auto const& change = past.change;
  auto const group = group_to_change(context, past);
  if (!group) return group.error();
  auto const* const grant = grant_of_past(context, change);
  if (grant == nullptr)
    return Because{"not-ours", "the membership of " + change.principal + " in " + group->name() +
                                   " is not ours any more"};
  auto const member = granted_member(context, group->read(), *grant);
  if (!member.is_there())
    return Because{"changed-by-others",
                   "somebody else took " + grant->principal + " out of " + group->name()};
  auto const writable = removable(context, *group, *grant, member);
  if (!writable) return because_of(writable.error());
  Drafted drafted;
  drafted.cause = Cause::left;
  drafted.ours = true;
  drafted.change = member_change(context, Verb::remove, *writable, grant->rule);
  drafted.change.id = grant->id;
  drafted.change.dn = grant->dn;
  drafted.change.path = change.path;
  drafted.change.why = "undoes run " + text_of_run(run) + ", which added them";
  return drafted;
}

/// Whom the removal took out, as the target has them now; the other members are looked at by the caller.
OrBecause<WritableMember> user_to_let_in(Context const& context, WritableGroup const& group,
                                         Change const& change) {
  auto const bound = context.binding.bind(grant_of(change));
  if (!bound.user) return Because{"member-gone", "the target has no user " + change.principal + " any more"};
  auto const& user = context.user(*bound.user);
  if (!bound.holds)
    return Because{"ambiguous", user.name + " has the id that " + change.principal + " (" + change.dn +
                                    ") had, and is somebody else"};
  if (std::ranges::binary_search(group.read().users, *bound.user))
    return Because{"changed-by-others", "somebody else let " + user.name + " into " + group.name()};
  auto const member = context.hands_off.user_to_add(group, user);
  if (!member) return because_of(member.error());
  return *member;
}

OrBecause<WritableMember> nested_to_let_in(Context const& context, WritableGroup const& group,
                                           Change const& change) {
  auto const id = change.principal_id.substr(kGroupPrincipal.size());
  auto const* const nested = context.index.group(id);
  if (nested == nullptr)
    return Because{"member-gone", "the target does not list the group " + change.principal + " any more"};
  if (fold_case(nested->name) != fold_case(change.principal))
    return Because{"ambiguous",
                   nested->name + " has the id that " + change.principal + " had, and may be another group"};
  auto const is_it = [&id](OtherMember const& other) {
    return other.kind == OtherMember::Kind::group && other.id == id;
  };
  if (std::ranges::any_of(group.read().others, is_it))
    return Because{"changed-by-others", "somebody else let " + nested->name + " into " + group.name()};
  if (!source_is_there(context.input, change.id))
    return Because{"gone", change.dn + " is in no directory that was read; access is not given back to it"};
  auto const member = context.hands_off.group_to_add(group, *nested);
  if (!member) return because_of(member.error());
  return *member;
}

OrBecause<Drafted> let_in(Context const& context, PastChange const& past, RunId run) {
  auto const& change = past.change;
  if (!feeds_target(context, change.rule))
    return Because{"rule-gone", "rule " + change.rule + " does not feed this target any more"};
  auto const group = group_to_change(context, past);
  if (!group) return group.error();
  auto const is_nested = is_group_principal(change.principal_id);
  auto const member =
      is_nested ? nested_to_let_in(context, *group, change) : user_to_let_in(context, *group, change);
  if (!member) return member.error();
  if (!is_nested)
    if (auto unusable = why_unusable(context, change)) return *std::move(unusable);
  Drafted drafted;
  drafted.change = member_change(context, Verb::add, *member, change.rule);
  drafted.change.id = change.id;
  drafted.change.dn = change.dn;
  drafted.change.path = change.path;
  drafted.change.why = "undoes run " + text_of_run(run) + ", which removed them";
  return drafted;
}

}  // namespace

OrBecause<WritableGroup> group_to_change(Context const& context, PastChange const& past) {
  auto const& change = past.change;
  auto const* const have = context.index.group(change.group_id);
  if (have == nullptr)
    return Because{"group-gone", "the group " + change.group + " is not there any more, or cannot be seen"};
  auto const* const managed = context.index.managed(change.group_id);
  if (managed == nullptr) return Because{"not-ours", "the group " + have->name + " is not ours any more"};
  if (context.index.is_used_again(*managed))
    return Because{"ambiguous", have->name + " has the id that " + managed->group +
                                    " had, and another group bears that name"};
  if (have->members_unread) return Because{"unread", "the target did not tell who is in " + have->name};
  auto const group = context.hands_off.group(*have);
  if (!group) return because_of(group.error());
  return *group;
}

OrBecause<Drafted> take_back_membership(Context const& context, PastChange const& past, RunId run) {
  auto const& change = past.change;
  if (past.outcome == Outcome::already)
    return Because{"so-before", "it was so before the run, which changed nothing there"};
  if (change.rule.empty()) return Because{"by-hand", "it was no rule's change"};
  if (past.later) return changed_since(past);
  return change.verb == Verb::add ? take_out(context, past, run) : let_in(context, past, run);
}

}  // namespace dirsync::plan
