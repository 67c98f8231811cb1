#include "sync/plan/diff/group_draft.hpp"

#include <algorithm>
#include <iterator>

namespace dirsync::plan {
namespace {

template <class T>
void move_to_end(std::vector<T>& into, std::vector<T>& from) {
  if (into.capacity() == 0)
    into = std::move(from);
  else
    std::ranges::move(from, std::back_inserter(into));
}

/// Whoever bears that name under another id now is somebody else.
bool is_made_by_us(Managed const& managed, WritableMember const& member) {
  auto const made = std::ranges::lower_bound(managed.made_users, member.id(), {}, &MadeUser::id);
  return made != managed.made_users.end() && made->id == member.id() && made->name == member.name();
}

}  // namespace

GroupDraft draft_of(Context const& context, WritableGroup const& group, std::string const& rule) {
  GroupDraft draft;
  draft.figures.target = context.target.name;
  draft.figures.group = group.name();
  draft.figures.group_id = group.id();
  draft.figures.rule = rule;
  return draft;
}

void append(GroupDraft& into, GroupDraft from) {
  into.figures.managed += from.figures.managed;
  into.figures.adopted += from.figures.adopted;
  move_to_end(into.changes, from.changes);
  move_to_end(into.notices, from.notices);
  move_to_end(into.holds, from.holds);
  move_to_end(into.joining, from.joining);
  move_to_end(into.nothing_read, from.nothing_read);
  into.rules.merge(from.rules);
  move_to_end(into.store_updates.adopt_groups, from.store_updates.adopt_groups);
  move_to_end(into.store_updates.adopt_grants, from.store_updates.adopt_grants);
  move_to_end(into.store_updates.forget, from.store_updates.forget);
  move_to_end(into.store_updates.update_groups, from.store_updates.update_groups);
}

Change group_change(Context const& context, Verb verb, WritableGroup const& group, std::string const& rule) {
  Change change;
  change.target = context.target.name;
  change.verb = verb;
  change.phase = verb == Verb::create_group ? Phase::addition : Phase::tidying;
  change.group = group.name();
  change.group_id = group.id();
  change.rule = rule;
  return change;
}

Change member_change(Context const& context, Verb verb, WritableMember const& member,
                     std::string const& rule) {
  auto change = group_change(context, verb, member.group(), rule);
  change.phase = verb == Verb::add ? Phase::addition : Phase::removal;
  change.principal = member.name();
  change.principal_id = member.id();
  change.source = member.source();
  change.made_by_us = is_made_by_us(*context.target.managed, member);
  return change;
}

Change blocked_removal(Context const& context, Grant const& grant, Notice const& why) {
  Change change;
  change.target = context.target.name;
  change.verb = Verb::remove;
  change.phase = Phase::removal;
  change.group = grant.group;
  change.group_id = grant.group_id;
  change.principal = grant.principal;
  change.principal_id = grant.principal_id;
  change.source = grant.source;
  change.rule = grant.rule;
  change.blocked = Obstacle{why.code, why.text};
  return change;
}

}  // namespace dirsync::plan
