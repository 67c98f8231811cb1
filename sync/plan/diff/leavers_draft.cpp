#include "sync/plan/diff/leavers_draft.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "sync/model/dn.hpp"
#include "sync/model/joined_id.hpp"
#include "sync/plan/diff/each_target.hpp"
#include "sync/plan/diff/granted.hpp"
#include "sync/plan/diff/merge.hpp"
#include "sync/plan/diff/standstill.hpp"

namespace dirsync::plan {
namespace {

/// An attribute whose absence disables may as well be hidden: only a whole read, which counts who shows it,
/// tells the two apart.
bool shows_what_disables(PersonRef const& ref) {
  if (!ref.view->disabled) return true;  // the directory's own signs disable by what stands there
  auto const is_shown = [&ref](std::string const& name) { return !ref.entry().values(name).empty(); };
  return std::ranges::all_of(ref.view->disabled->attributes_below_negation(), is_shown);
}

/// Another directory may have an entry of the same person, which was not looked for.
bool may_be_joined(Input const& input, PersonRef const& ref) {
  if (ref.view->join.empty()) return false;
  return std::ranges::any_of(input.views, [&ref](auto const& view) {
    return view.first != ref.view->name && !view.second.join.empty();
  });
}

bool is_told_for_certain(Input const& input, Desired const& desired, PersonRef const& ref) {
  auto const& unclear = desired.accounts.at(ref.view->name).unclear;
  return !unclear.contains(ref.person) && shows_what_disables(ref) && !may_be_joined(input, ref);
}

/// The DNs by which a target may know the person: of the entries, or the last one of each that is gone.
/// Empty: something about them is not certain.
std::set<std::string> certain_dns(Context const& context, EntryId const& person) {
  std::set<std::string> dns;
  auto const& last_dn = context.input.facts.last_dn;
  for (auto const& id : parts_of(person)) {
    auto const bearers = context.identities().bearers_of(id);
    for (auto const& ref : bearers) {
      if (!is_told_for_certain(context.input, context.desired, ref)) return {};
      dns.emplace(ref.entry().normalized_dn);
    }
    if (!bearers.empty()) continue;
    auto const last = last_dn.find(id);
    if (last == last_dn.end()) return {};
    dns.insert(last->second);
  }
  return dns;
}

/// By its DN the target's user is theirs and nobody else's: one who came in their place has another DN, and
/// would be found under this one.
bool is_their_user(Context const& context, Change const& change) {
  auto const& users = context.target.observed->users;
  auto const user = std::ranges::find(users, change.principal_id, &TargetUser::id);
  if (user == users.end() || user->dn.empty()) return false;
  auto const dn = normalized_dn(user->dn);
  return dn && certain_dns(context, change.id).contains(*dn);
}

bool may_be_sent(Context const& context, Drafted const& drafted) {
  auto const& change = drafted.change;
  auto const is_due =
      drafted.cause == Cause::disabled || drafted.cause == Cause::gone || drafted.cause == Cause::left;
  return is_due && drafted.ours && is_to_send(change) && feeds_target(context, change.rule) &&
         is_their_user(context, change);
}

/// Of somebody who is there, enabled, and not elsewhere as well.
std::optional<Drafted> departure(Context const& context, WritableGroup const& group, Grant const& grant,
                                 DepartureOf const& left) {
  auto const bearers = context.identities().bearers_of(grant.id);
  auto const granted = granted_member(context, group.read(), grant);
  if (bearers.size() != 1 || !granted.user || !granted.holds) return std::nullopt;
  auto const& ref = bearers.front();
  auto const member = removable(context, group, grant, granted);
  if (!member || context.desired.accounts.at(ref.view->name).disabled[ref.person]) return std::nullopt;
  Drafted drafted;
  drafted.cause = Cause::left;
  drafted.directory = ref.view->name;
  drafted.ours = true;
  drafted.change = member_change(context, Verb::remove, *member, grant.rule);
  drafted.change.id = grant.id;
  drafted.change.dn = std::string{ref.entry().dn};
  drafted.change.path = left.source;
  drafted.change.why = "no longer a member of " + left.source + ", nor of another group that leads there";
  drafted.change.changed_at = left.changed;
  return drafted;
}

struct Movements {
  Departures const& departures;
  Arrivals const& arrivals;
  std::function<bool(Change const&)> const& may_go;
};

void add_arrivals(Context const& context, WritableGroup const& group, ManagedGroup const& managed,
                  Movements const& movements, GroupDraft& draft) {
  auto const& arrivals = movements.arrivals;
  for (auto one = arrivals.lower_bound({context.target.name, managed.group_id, EntryId{}});
       one != arrivals.end(); ++one) {
    auto const& [membership, came] = *one;
    if (membership.target != context.target.name || membership.group_id != managed.group_id) return;
    auto drafted = arrival(context, group, managed, membership.person, came);
    if (drafted && movements.may_go(drafted->change)) draft.changes.push_back(*std::move(drafted));
  }
}

/// Without changes: not of any that these reads tell enough of.
GroupDraft movements_in(Context const& context, ManagedGroup const& managed, Movements const& movements) {
  auto const* const have = context.index.group(managed.group_id);
  auto const is_known = have != nullptr && !have->name.empty() && !have->members_unread &&
                        !context.index.is_renamed(managed) && feeds_target(context, managed.rule);
  if (!is_known) return {};
  auto const group = context.hands_off.group(*have);
  if (!group) return {};
  auto draft = leavers_of(context, *group, managed);
  for (auto const* grant : context.index.grants(managed.group_id)) {
    auto const left = movements.departures.find({context.target.name, managed.group_id, grant->id});
    if (left == movements.departures.end()) continue;
    if (auto drafted = departure(context, *group, *grant, left->second))
      draft.changes.push_back(*std::move(drafted));
  }
  std::erase_if(draft.changes, [&context, &movements](Drafted const& drafted) {
    return !may_be_sent(context, drafted) || !movements.may_go(drafted.change);
  });
  add_arrivals(context, *group, managed, movements, draft);
  draft.notices.clear();
  return draft;
}

}  // namespace

Draft draft_leavers(Input const& input, Desired const& desired, Departures const& departures,
                    Arrivals const& arrivals, std::function<bool(Change const&)> const& may_go) {
  auto confirm = input.limits.confirm;
  confirm.reads = std::numeric_limits<int>::max();  // this is no read of everything, and counts as none
  AbsenceBook book{input.facts, confirm};
  std::map<std::string, UnresolvedValues> unresolved;
  for (auto const& [name, view] : input.views) unresolved[name];
  std::map<std::string, std::vector<GroupDraft>> parts;
  Movements const movements{departures, arrivals, may_go};
  for_each_target(input, desired, unresolved, book, [&parts, &movements](Context const& context) {
    auto& of_target = parts[context.target.name];
    // A user of a target without DNs could be somebody else's by now, and only a whole read would tell.
    if (!context.target.traits.matches_by_dn) return;
    for (auto const& managed : context.target.managed->groups)
      of_target.push_back(movements_in(context, managed, movements));
  });
  return merge(input, std::move(parts), book);
}

bool may_leave(Input const& input, Desired const& desired, EntryId const& entry) {
  return std::ranges::all_of(desired.identities->bearers_of(entry), [&](PersonRef const& ref) {
    auto const& accounts = desired.accounts.at(ref.view->name);
    return accounts.disabled[ref.person] && is_told_for_certain(input, desired, ref);
  });
}

}  // namespace dirsync::plan
