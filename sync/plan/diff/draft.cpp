#include "sync/plan/diff/draft.hpp"

#include "sync/model/joined_id.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/desired/excluded.hpp"
#include "sync/plan/diff/additions.hpp"
#include "sync/plan/diff/directory_member.hpp"
#include "sync/plan/diff/directory_objects.hpp"
#include "sync/plan/diff/each_target.hpp"
#include "sync/plan/diff/foreign.hpp"
#include "sync/plan/diff/group_members.hpp"
#include "sync/plan/diff/joining.hpp"
#include "sync/plan/diff/merge.hpp"
#include "sync/plan/diff/object_dns.hpp"
#include "sync/plan/diff/removals.hpp"
#include "sync/plan/diff/resolve.hpp"
#include "sync/plan/diff/store_updates.hpp"
#include "sync/plan/diff/summary.hpp"
#include "sync/plan/diff/unwanted_groups.hpp"

namespace dirsync::plan {
namespace {

Change with_source(Change change, DesiredGroup const& desired) {
  auto const& source = desired.trees.front().source();
  change.dn = std::string{source.dn};
  change.id = source.id;
  return change;
}

Change rename(Context const& context, ExistingGroup const& group) {
  auto const& desired = *group.desired;
  auto change =
      with_source(group_change(context, Verb::rename_group, group.group, desired.rule().name), desired);
  change.new_name = group.new_name->value();
  change.why =
      "the source group is now called so: " + group.group.name() + " becomes " + group.new_name->value();
  return change;
}

GroupDraft draft_existing(Context const& context, ExistingGroup const& existing, Matches& matches) {
  auto const& desired = *existing.desired;
  auto const& group = existing.group;
  auto const wanted = wanted_in(context, desired, matches);
  auto const granted = granted_in(context, group, wanted);
  auto const doubts = doubts_of(context, desired, existing.managed);
  auto const nested = stand_ins(context, desired, group, granted);
  auto const as_group = desired.rule().as == MembersAs::group;

  auto draft = draft_of(context, group, desired.rule().name);
  draft.figures.managed = granted.size();
  draft.notices = wanted.notices;
  if (existing.new_name) draft.changes.push_back({.change = rename(context, existing)});
  auto joining = as_group ? group_additions(context, desired, group, nested)
                          : additions(context, desired, group, wanted);
  // Whoever came through a nested group must be in otherwise before it goes.
  auto const nobody_joins = joining.changes.empty();
  append(draft, std::move(joining));
  append(draft, removals(context, desired, group, wanted, granted, doubts, nested.missing.empty()));
  if (nobody_joins) append(draft, group_removals(context, desired, group, wanted, granted, doubts));
  append(draft, removals_of_used_again(context, desired, group, wanted, granted, doubts));
  for (auto& notice : foreign_others(desired, group, granted, nested.members()))
    draft.notices.push_back(std::move(notice));
  append(draft, union_of(context, group, desired, existing.managed));
  append(draft, store_updates(context, existing, wanted, granted, doubts, nested));
  return draft;
}

GroupDraft draft_new(Context const& context, GroupToCreate const& wanted_group, Matches& matches) {
  auto const& desired = *wanted_group.desired;
  auto const& rule = desired.rule();
  TargetGroup placeholder;
  placeholder.name = wanted_group.name.value();
  auto const group = HandsOff::group_to_create(placeholder);
  auto create = with_source(group_change(context, Verb::create_group, group, rule.name), desired);
  create.roles = rule.roles;
  create.path = create.dn;
  create.id = joined_id(source_ids(desired));
  create.why = "source group " + source_names(desired);

  auto draft = draft_of(context, group, rule.name);
  draft.changes.push_back({.change = std::move(create)});
  auto const wanted = wanted_in(context, desired, matches);
  draft.notices = wanted.notices;
  if (rule.as == MembersAs::group)
    append(draft, group_additions(context, desired, group, stand_ins(context, desired, group, {})));
  else
    append(draft, additions(context, desired, group, wanted));
  append(draft, union_of(context, group, desired, nullptr));
  return draft;
}

/// One row for the group: what the rule wants to be made is there, and is somebody else's.
GroupDraft not_ours(Context const& context, NotOurs const& other) {
  Change change;
  change.target = context.target.name;
  change.verb = Verb::create_group;
  change.group = other.group->name;
  change.group_id = other.group->id;
  change.rule = other.desired->rule().name;
  change = with_source(std::move(change), *other.desired);
  change.why = "source group " + source_names(*other.desired);
  change.blocked = Obstacle{other.why.code, other.why.text};
  GroupDraft draft;
  draft.changes.push_back({.change = std::move(change)});
  return draft;
}

/// Whether the rules themselves want the member of `removal` in its group.
bool belongs_there(Context const& context, Resolved const& resolved, Change const& removal,
                   Matches& matches) {
  auto const is_it = [&removal](ExistingGroup const& one) { return one.group.id() == removal.group_id; };
  auto const group = std::ranges::find_if(resolved.existing, is_it);
  if (group == resolved.existing.end()) return false;
  auto const wanted = wanted_in(context, *group->desired, matches);
  return std::ranges::any_of(wanted.users, [&context, &removal](WantedUser const& one) {
    return context.index.users()[one.user].id == removal.principal_id;
  });
}

/// Somebody must take them out, or let the directory say that they belong there.
GroupDraft strangers(Context const& context, Resolved const& resolved, Matches& matches) {
  GroupDraft draft;
  for (auto const& stranger : context.target.strangers) {
    if (belongs_there(context, resolved, stranger.change, matches)) continue;
    auto change = stranger.change;
    change.blocked = Obstacle{stranger.code, stranger.reason};
    draft.changes.push_back({.change = std::move(change)});
  }
  return draft;
}

/// Users and groups that the target tells in a form that cannot be used.
std::vector<Notice> damages(Context const& context) {
  std::vector<Notice> notices;
  auto const note = [&notices](char const* kind, auto const& one) {
    if (one.left_alone != LeftAlone::damaged || one.protected_because.empty()) return;
    auto const name = one.name.empty() ? "without a name" : printable(one.name);
    auto const id = one.id.empty() ? "no id" : "id " + printable(one.id);
    notices.push_back({.code = to_text(LeftAlone::damaged),
                       .group = "",
                       .principal = printable(one.name),
                       .text = kind + name + " (" + id + ") is set aside: " + one.protected_because});
  };
  for (auto const& user : context.target.observed->users) note("user ", user);
  for (auto const& group : context.target.observed->groups) note("group ", group);
  return notices;
}

/// Domains through which people are to come in, and of which the target does not say whether it has them.
std::vector<Notice> unchecked_mappings(Context const& context) {
  std::vector<Notice> notices;
  auto const& mappings = context.book.facts().mappings;
  auto const answers = mappings.find(context.target.name);
  if (answers == mappings.end()) return notices;
  for (auto const& [domain, answer] : answers->second)
    if (!answer.is_told && !answer.text.empty())
      notices.push_back({.code = "unchecked-mapping",
                         .group = "",
                         .principal = domain,
                         .text = "whether the target has the directory mapping " + domain +
                                 ", through which people are to come in, is not known before the first of "
                                 "them: " +
                                 answer.text});
  return notices;
}

std::vector<GroupDraft> draft_target(Context const& context) {
  std::vector<GroupDraft> parts(1);
  auto& told = parts.front().notices;
  if (auto const found = context.desired.notices.find(context.target.name);
      found != context.desired.notices.end())
    told = found->second;
  for (auto const& found : {damages(context), unchecked_mappings(context)})
    told.insert(told.end(), found.begin(), found.end());
  auto const resolved = resolve(context);
  told.insert(told.end(), resolved.notices.begin(), resolved.notices.end());
  Matches matches{context};
  for (auto const& group : resolved.existing) parts.push_back(draft_existing(context, group, matches));
  for (auto const& group : resolved.to_create) parts.push_back(draft_new(context, group, matches));
  parts.push_back(strangers(context, resolved, matches));
  for (auto const& stuck : resolved.stuck) parts.push_back(blocked_in(context, stuck, matches));
  for (auto const& other : resolved.not_ours) parts.push_back(not_ours(context, other));
  for (auto const& [disputed, group] : resolved.disputed)
    parts.push_back(between_rules(
        context, {context.index.managed(group->id), group, &disputed->group, disputed->why}, matches));
  for (auto& part : unwanted_groups(context, resolved.claimed, matches)) parts.push_back(std::move(part));
  for (auto& part : directory_objects(context)) parts.push_back(std::move(part));
  parts.push_back(summaries_of_rules(context, resolved, matches));
  return parts;
}

/// Who has grants in a target that could not be read was not looked for.
void keep_unseen_counts(Input const& input, AbsenceBook& book) {
  if (input.unread_targets.empty()) return;
  auto const is_seen = [&input](std::string_view key) {
    auto const colon = key.find(':');
    EntryId const id{std::string{key.substr(colon + 1)}};
    return std::ranges::any_of(input.views, [&id](auto const& view) {
      return view.second.snapshot->person_by_id(id) || view.second.snapshot->group_by_id(id);
    });
  };
  auto const is_of_read_target = [&input](std::string_view key) {
    return std::ranges::any_of(input.targets, [&key](auto const& target) {
      return key.starts_with(membership_key_prefix(target.name));
    });
  };
  for (auto const& [side, counts] : input.facts.absences) {
    if (!input.views.contains(side)) continue;
    for (auto const& [key, absent] : counts) {
      auto const& text = key.value();
      auto const is_entry = text.starts_with("person:") || text.starts_with("group:");
      auto const is_membership = text.starts_with(membership_key_prefix());
      if ((is_entry && !is_seen(text)) || (is_membership && !is_of_read_target(text)))
        book.keep_count(side, key);
    }
  }
}

}  // namespace

Draft draft(Input const& input, Desired const& desired) {
  AbsenceBook book{input.facts, input.limits.confirm};
  std::map<std::string, UnresolvedValues> unresolved;
  for (auto const& [name, view] : input.views)
    unresolved.emplace(name, find_unresolved(input.views, view, book));
  std::map<std::string, std::vector<GroupDraft>> parts;
  for_each_target(input, desired, unresolved, book, [&parts](Context const& context) {
    parts.emplace(context.target.name, draft_target(context));
  });
  keep_former_dns(input, book);
  keep_unseen_counts(input, book);
  auto draft = merge(input, std::move(parts), book);
  for (auto const& nothing : desired.nothing_read) draft.nothing_read.push_back(nothing);
  for (auto const& [name, view] : input.views)
    draft.plan.summary.directories.emplace(name, summary_of(view, desired.accounts.at(name)));
  for (auto& [name, values] : unresolved) draft.unresolved.emplace(name, std::move(values.kept));
  std::ranges::move(hold_for_missing(input.rules, desired.missing_excludes, draft.plan.changes),
                    std::back_inserter(draft.holds));
  return draft;
}

}  // namespace dirsync::plan
