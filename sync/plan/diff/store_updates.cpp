#include "sync/plan/diff/store_updates.hpp"

#include <algorithm>

#include "sync/plan/diff/absence.hpp"

namespace dirsync::plan {
namespace {

/// One that was renamed by hand keeps the name under which it is known, so that it is not renamed in return.
ManagedGroup as_managed(Context const& context, ExistingGroup const& group, GroupDoubts const& doubts) {
  auto sources = source_ids(*group.desired);
  sources.insert(sources.end(), doubts.lost_sources.begin(), doubts.lost_sources.end());
  std::ranges::sort(sources);
  auto const folds_case = context.target.traits.group_names_fold_case;
  auto const is_by_hand =
      group.managed != nullptr && context.index.is_renamed(*group.managed) &&
      group_key(folds_case, group.managed->group) == group_key(folds_case, group.desired->name);
  return {.group_id = group.group.id(),
          .group = is_by_hand ? group.managed->group : group.group.name(),
          .rule = group.desired->rule().name,
          .created_by_us = group.managed != nullptr && group.managed->created_by_us,
          .sources = std::move(sources)};
}

/// Whether the user that was granted to another entry is this person's now, and that entry is surely not
/// theirs: it is seen as somebody else, or it is gone.
bool is_inherited(Context const& context, Grant const& grant, PersonRef const& person, Rule const& rule) {
  auto const before = find_person(context, grant, rule);
  if (!before.unread.empty() || !before.unknown.empty()) return false;
  auto const is_another = [&context, &person](PersonRef const& ref) {
    return context.identities().are_two(ref, person);
  };
  return std::ranges::all_of(before.found, is_another) &&
         (before.missing.empty() || absence_of(context, before, grant).confirmed);
}

/// What a grant is to remember of a person. Of one who is, or was, several entries: those that are joined
/// now, and those of before that are no longer seen or cannot be told apart. Nothing: what it has.
std::optional<EntryId> id_to_keep(Context const& context, Grant const& grant, PersonRef const& person,
                                  Rule const& rule) {
  auto const& identities = context.identities();
  auto const is_alone = identities.joined(person).empty();
  if (is_alone && grant.id == person.entry().id) return std::nullopt;  // nearly always
  auto const before = parts_of(grant.id);
  if (before.size() == 1 && is_alone)
    return is_inherited(context, grant, person, rule) ? std::optional{person.entry().id} : std::nullopt;
  auto ids = parts_of(identities.id_of(person));
  auto const is_another = [&identities, &person](PersonRef const& ref) {
    return identities.are_two(ref, person);
  };
  for (auto const& id : before) {
    auto const bearers = identities.bearers_of(id);
    if (bearers.empty() || !std::ranges::all_of(bearers, is_another)) ids.push_back(id);
  }
  auto id = joined_id(std::move(ids));
  return id == grant.id ? std::nullopt : std::optional{std::move(id)};
}

}  // namespace

GroupDraft store_updates(Context const& context, ExistingGroup const& group, Wanted const& wanted,
                         Granted const& granted, GroupDoubts const& doubts, StandIns const& nested) {
  GroupDraft draft;
  auto& updates = draft.store_updates;
  updates.forget = granted.ended;
  auto const& desired = *group.desired;
  auto now = as_managed(context, group, doubts);
  auto const* const before = group.managed;
  if (before == nullptr)
    updates.adopt_groups.push_back(std::move(now));
  else if (before->sources != now.sources || before->group != now.group || before->rule != now.rule)
    updates.update_groups.push_back(std::move(now));

  auto const adopts = desired.rule().adopt;
  if (adopts) updates.adopt_grants = found_stand_ins(group.group, nested, granted);
  draft.figures.adopted = static_cast<std::int64_t>(updates.adopt_grants.size());
  for (auto const& [user, member, by, is_shared] : wanted.users) {
    auto const& known = context.user(user);
    auto const is_member = std::ranges::binary_search(group.group.read().users, user);
    auto const* const grant = granted.find(user);
    if (!is_member || is_shared || !known.protected_because.empty() || (grant == nullptr && !adopts))
      continue;
    auto const person = ref_of(desired, *member);
    auto id = grant == nullptr ? std::optional{context.identities().id_of(person)}
                               : id_to_keep(context, *grant, person, desired.rule());
    if (!id) continue;
    updates.adopt_grants.push_back({.group_id = group.group.id(),
                                    .group = group.group.name(),
                                    .principal = known.name,
                                    .principal_id = known.id,
                                    .id = *std::move(id),
                                    .dn = std::string{person.entry().dn},
                                    .rule = tree_of(desired, *member).rule->name,
                                    .source = known.source});
    if (grant == nullptr) ++draft.figures.adopted;
  }
  return draft;
}

}  // namespace dirsync::plan
