#include "sync/plan/diff/draft.hpp"

#include "sync/plan/desired/excluded.hpp"
#include "sync/plan/diff/additions.hpp"
#include "sync/plan/diff/directory_member.hpp"
#include "sync/plan/diff/directory_objects.hpp"
#include "sync/plan/diff/foreign.hpp"
#include "sync/plan/diff/group_members.hpp"
#include "sync/plan/diff/merge.hpp"
#include "sync/plan/diff/object_dns.hpp"
#include "sync/plan/diff/removals.hpp"
#include "sync/plan/diff/resolve.hpp"
#include "sync/plan/diff/store_updates.hpp"
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
  for (auto& notice : foreign_others(desired, group, granted, nested.members()))
    draft.notices.push_back(std::move(notice));
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
  create.why = "source group " + source_names(desired);

  auto draft = draft_of(context, group, rule.name);
  draft.changes.push_back({.change = std::move(create)});
  auto const wanted = wanted_in(context, desired, matches);
  draft.notices = wanted.notices;
  if (rule.as == MembersAs::group)
    append(draft, group_additions(context, desired, group, stand_ins(context, desired, group, {})));
  else
    append(draft, additions(context, desired, group, wanted));
  return draft;
}

std::vector<GroupDraft> draft_target(Context const& context) {
  std::vector<GroupDraft> parts(1);
  auto& told = parts.front().notices;
  if (auto const found = context.desired.notices.find(context.target.name);
      found != context.desired.notices.end())
    told = found->second;
  auto const resolved = resolve(context);
  told.insert(told.end(), resolved.notices.begin(), resolved.notices.end());
  Matches matches{context};
  for (auto const& group : resolved.existing) parts.push_back(draft_existing(context, group, matches));
  for (auto const& group : resolved.to_create) parts.push_back(draft_new(context, group, matches));
  for (auto& part : unwanted_groups(context, resolved.claimed)) parts.push_back(std::move(part));
  for (auto& part : directory_objects(context)) parts.push_back(std::move(part));
  return parts;
}

std::vector<NamedPeople> const& people_of(Desired const& desired, std::string const& target) {
  static std::vector<NamedPeople> const nobody;
  auto const found = desired.people.find(target);
  return found == desired.people.end() ? nobody : found->second;
}

}  // namespace

Draft draft(Input const& input, Desired const& desired) {
  AbsenceBook book{input.facts, input.limits.confirm};
  std::map<std::string, UnresolvedValues> unresolved;
  for (auto const& [name, view] : input.views) unresolved.emplace(name, find_unresolved(view, book));
  auto const logon_names = logon_names_of(input);
  std::map<std::string, std::vector<GroupDraft>> parts;
  for (auto const& target : input.targets) {
    TargetIndex const index{target};
    HandsOff const hands_off{index, target};
    MatchSources const match{.traits = target.traits,
                             .users = index.users(),
                             .grants = index.granted_users(),
                             .identities = *desired.identities,
                             .people = people_of(desired, target.name),
                             .domains = target.domains};
    parts.emplace(target.name, draft_target({.input = input,
                                             .target = target,
                                             .desired = desired,
                                             .unresolved = unresolved,
                                             .logon_names = logon_names,
                                             .index = index,
                                             .hands_off = hands_off,
                                             .match = match,
                                             .book = book}));
  }
  keep_former_dns(input, book);
  auto draft = merge(input, std::move(parts), book);
  std::ranges::move(hold_for_missing(input.rules, desired.missing_excludes, draft.plan.changes),
                    std::back_inserter(draft.holds));
  return draft;
}

}  // namespace dirsync::plan
