#include "sync/plan/diff/arrivals.hpp"

#include <algorithm>

#include "sync/plan/desired/branches.hpp"
#include "sync/plan/diff/group_draft.hpp"
#include "sync/plan/people/fitting.hpp"

namespace dirsync::plan {
namespace {

bool may_be_given(Context const& context, Rule const& rule, PersonRef const& ref) {
  // Another directory may have an entry of the same person, which was not looked for.
  if (!ref.view->join.empty() && context.input.views.size() > 1) return false;
  auto const& accounts = context.desired.accounts.at(ref.view->name);
  if (accounts.disabled[ref.person] || accounts.unclear.contains(ref.person)) return false;
  return !rule.exclude_people || !people_who_fit(*ref.view->snapshot, *rule.exclude_people)[ref.person];
}

/// As the rule names people of that view; nothing: it takes none from there.
std::optional<NamedPerson> named_by(Context const& context, Rule const& rule, PersonRef const& ref) {
  auto const reach = context.desired.reach.find(rule.name);
  if (reach == context.desired.reach.end() || reach->second.wanted.empty()) return std::nullopt;
  auto const& from = reach->second.wanted.front().from;
  if (from.view != ref.view) return std::nullopt;
  return NamedPerson{from, ref.person, &member_name_of(rule, *ref.view->snapshot).text()};
}

/// By its DN the user is theirs and nobody else's: it is the only one who had it.
TargetUser const* their_user(Context const& context, NamedPerson const& person, ArrivalOf const& came) {
  auto const match = match_user(context.match, person, context.book);
  if (match.kind != Match::Kind::user || match.by != MatchedBy::user_dn) return nullptr;
  auto const& user = context.user(match.user);
  return user.id.empty() || user.id != came.user_id ? nullptr : &user;
}

bool is_in_already(Context const& context, TargetGroup const& group, TargetUser const& user) {
  auto const is_user = [&context, &user](std::uint32_t member) { return &context.user(member) == &user; };
  auto const is_other = [&user](OtherMember const& member) {
    return member.kind == OtherMember::Kind::unknown && member.id == user.id;
  };
  return std::ranges::any_of(group.users, is_user) || std::ranges::any_of(group.others, is_other);
}

}  // namespace

std::optional<Drafted> arrival(Context const& context, WritableGroup const& group,
                               ManagedGroup const& managed, EntryId const& person, ArrivalOf const& came) {
  auto const* const rule = rule_named(context.input, came.group.rule);
  auto const bearers = context.identities().bearers_of(person);
  if (rule == nullptr || managed.rule != rule->name || bearers.size() != 1) return std::nullopt;
  auto const& ref = bearers.front();
  auto const named = named_by(context, *rule, ref);
  if (!named || !may_be_given(context, *rule, ref)) return std::nullopt;
  auto const* const user = their_user(context, *named, came);
  if (user == nullptr || is_in_already(context, group.read(), *user)) return std::nullopt;
  auto const member = context.hands_off.user_to_add(group, *user);
  if (!member) return std::nullopt;
  Drafted drafted;
  auto& change = drafted.change;
  change = member_change(context, Verb::add, *member, rule->name);
  change.dn = std::string{ref.entry().dn};
  change.id = context.identities().id_of(ref);
  change.path = came.path + " > " + change.dn;
  change.why = "member of " + came.source;
  if (came.source != came.dn) change.why += " through nested group " + came.dn;
  change.matched = MatchedBy::user_dn;
  if (came.changed) change.changed_at = later(came.changed, ref.entry().changed.time());
  return drafted;
}

}  // namespace dirsync::plan
