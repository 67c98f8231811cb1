#include "sync/plan/diff/group_members.hpp"

#include <algorithm>
#include <ranges>

#include "sync/model/counted.hpp"
#include "sync/plan/diff/directory_member.hpp"
#include "sync/plan/diff/removals.hpp"

namespace dirsync::plan {
namespace {

/// The member that stands for that source: by its DN, or because we put it there for this very entry when it
/// had another one.
OtherMember const* member_for(Context const& context, WritableGroup const& group, Granted const& granted,
                              Entry const& source) {
  auto const& others = group.read().others;
  auto const by_dn = std::ranges::find_if(others, [&context, &source](OtherMember const& member) {
    return stands_for(context.index, member, source.normalized_dn);
  });
  if (by_dn != others.end()) return &*by_dn;
  for (auto const& [member, grant] : granted.groups)
    if (grant->id == source.id) return member;
  return nullptr;
}

/// The people who come through the sources, for whoever asks who is in the group.
Notice people_behind(DesiredGroup const& desired, std::string const& group) {
  constexpr std::size_t kMost = 1000;
  std::string names;
  auto const& members = desired.members;
  for (auto const& member : members | std::views::take(kMost)) {
    auto const name = tree_of(desired, member).names->label(member.person);
    names +=
        (names.empty() ? ": " : ", ") + (name.empty() ? std::string{entry_of(desired, member).dn} : name);
  }
  if (members.size() > kMost) names += " and " + std::to_string(members.size() - kMost) + " more";
  auto const sources = source_names(desired);
  return {.code = "effective",
          .group = group,
          .principal = sources,
          .text = number_of(members.size(), "person", "people") + " through " + sources + names};
}

}  // namespace

std::set<OtherMember const*> StandIns::members() const {
  auto const keys = std::views::keys(by_member);
  return {keys.begin(), keys.end()};
}

StandIns stand_ins(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                   Granted const& granted) {
  StandIns found;
  if (desired.rule().as != MembersAs::group) return found;
  std::set<EntryId> seen;  // two rules may select one source
  for (auto const& tree : desired.trees) {
    auto const& source = tree.source();
    if (!seen.insert(source.id).second) continue;
    if (auto const* const member = member_for(context, group, granted, source))
      found.by_member.emplace(member, &tree);
    else
      found.missing.push_back(&tree);
  }
  return found;
}

GroupDraft group_additions(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                           StandIns const& nested) {
  GroupDraft draft;
  for (auto const* tree : nested.missing) {
    auto const& source = tree->source();
    auto change = group_addition(context, group, *tree->directory, source, tree->rule->name);
    if (!change) {
      draft.notices.push_back(change.error());
      continue;
    }
    change->why = std::string{source.dn} + " itself is the member; as = \"group\"";
    draft.changes.push_back({.change = *std::move(change)});
  }
  draft.notices.push_back(people_behind(desired, group.name()));
  return draft;
}

Drafted removal_of_nested(Context const& context, Departure const& one, Change change) {
  auto const& [desired, wanted, doubts, grant] = one;
  auto const& rule = desired.rule();
  auto const there = source_is_there(context.input, grant.id);
  auto const has_rule = rule_named(context.input, grant.rule) != nullptr;
  Drafted drafted;
  drafted.cause = there ? Cause::left : Cause::gone;
  drafted.directory = rule.directory;
  drafted.ours = true;
  change.rule = has_rule ? grant.rule : rule.name;
  if (!feeds_target(context, grant.rule)) drafted.gone_rule = grant.rule;
  change.dn = grant.dn;
  change.id = grant.id;
  change.path = source_names(desired);
  Evidence evidence;
  evidence.not_found = !there;
  if (there) {
    auto const key = membership_key(context.target.name, change.group_id, change.principal_id);
    drafted.absence_key = key;
    evidence.left = rule.as == MembersAs::users
                        ? "its people are members themselves now; as = \"users\""
                        : grant.dn + " is no longer one of the groups that feed " + change.group;
    evidence.doubt = doubt_about(context, desired, doubts, {}, "");
    if (!evidence.doubt.empty()) evidence.doubted = count_doubt(context, doubts, drafted.directory, key);
  } else {
    evidence.missing = absence_of_group(context, rule.directory, grant.id);
    evidence.missing->text = grant.dn + " is gone: " + evidence.missing->text;
  }
  auto certainty = certainty_of(evidence);
  change.why = std::move(certainty.why);
  change.unconfirmed = !certainty.confirmed;
  if (change.unconfirmed) change.blocked.reset();  // not due yet
  drafted.change = std::move(change);
  return drafted;
}

GroupDraft group_removals(Context const& context, DesiredGroup const& desired, WritableGroup const& group,
                          Wanted const& wanted, Granted const& granted, GroupDoubts const& doubts) {
  GroupDraft draft;
  for (auto const& [nested, grant] : granted.groups) {
    if (contains_any(wanted.entries, grant->id) || context.desired.unnamed_sources.contains(grant->id))
      continue;
    auto const member = context.hands_off.group_to_remove(group, *nested);
    auto change = member ? member_change(context, Verb::remove, *member, grant->rule)
                         : blocked_removal(context, *grant, member.error());
    draft.changes.push_back(removal_of_nested(context, {desired, wanted, doubts, *grant}, std::move(change)));
  }
  return draft;
}

std::vector<Grant> found_stand_ins(WritableGroup const& group, StandIns const& nested,
                                   Granted const& granted) {
  std::vector<Grant> grants;
  for (auto const& [member, tree] : nested.by_member) {
    if (granted.find(*member) != nullptr) continue;
    auto const& source = tree->source();
    grants.push_back({.group_id = group.id(),
                      .group = group.name(),
                      .principal = member->name,
                      .principal_id = group_principal_id(member->id),
                      .id = source.id,
                      .dn = std::string{source.dn},
                      .rule = tree->rule->name});
  }
  return grants;
}

}  // namespace dirsync::plan
