#include "sync/plan/diff/store_updates.hpp"

#include <algorithm>

namespace dirsync::plan {
namespace {

ManagedGroup as_managed(ExistingGroup const& group, GroupDoubts const& doubts) {
  auto sources = source_ids(*group.desired);
  sources.insert(sources.end(), doubts.lost_sources.begin(), doubts.lost_sources.end());
  std::ranges::sort(sources);
  return {.group_id = group.group.id(),
          .group = group.group.name(),
          .rule = group.desired->rule().name,
          .created_by_us = group.managed != nullptr && group.managed->created_by_us,
          .sources = std::move(sources)};
}

/// What a grant is to remember of a person who is, or was, several entries: those that are joined now, and
/// those of before that are no longer seen or cannot be told apart. Nothing: what it has.
std::optional<EntryId> id_to_keep(Identities const& identities, EntryId const& granted,
                                  PersonRef const& person) {
  auto const before = parts_of(granted);
  if (before.size() == 1 && identities.joined(person).empty()) return std::nullopt;
  auto ids = parts_of(identities.id_of(person));
  auto const is_another = [&identities, &person](PersonRef const& ref) {
    return identities.are_two(ref, person);
  };
  for (auto const& id : before) {
    auto const bearers = identities.bearers_of(id);
    if (bearers.empty() || !std::ranges::all_of(bearers, is_another)) ids.push_back(id);
  }
  auto id = joined_id(std::move(ids));
  return id == granted ? std::nullopt : std::optional{std::move(id)};
}

}  // namespace

GroupDraft store_updates(Context const& context, ExistingGroup const& group, Wanted const& wanted,
                         Granted const& granted, GroupDoubts const& doubts, StandIns const& nested) {
  GroupDraft draft;
  auto& updates = draft.store_updates;
  updates.forget = granted.ended;
  auto const& desired = *group.desired;
  auto now = as_managed(group, doubts);
  auto const* const before = group.managed;
  if (before == nullptr)
    updates.adopt_groups.push_back(std::move(now));
  else if (before->sources != now.sources || before->group != now.group || before->rule != now.rule)
    updates.update_groups.push_back(std::move(now));

  auto const adopts = desired.rule().adopt;
  if (adopts) updates.adopt_grants = found_stand_ins(group.group, nested, granted);
  draft.figures.adopted = static_cast<std::int64_t>(updates.adopt_grants.size());
  if (!adopts && !context.identities().has_several_directories()) return draft;
  for (auto const& [user, member] : wanted.users) {
    auto const& known = context.user(user);
    auto const is_member = std::ranges::binary_search(group.group.read().users, user);
    auto const* const grant = granted.find(user);
    if (!is_member || !known.protected_because.empty() || (grant == nullptr && !adopts)) continue;
    auto const person = ref_of(desired, *member);
    auto id = grant == nullptr ? std::optional{context.identities().id_of(person)}
                               : id_to_keep(context.identities(), grant->id, person);
    if (!id) continue;
    updates.adopt_grants.push_back({.group_id = group.group.id(),
                                    .group = group.group.name(),
                                    .principal = known.name,
                                    .principal_id = known.id,
                                    .id = *std::move(id),
                                    .dn = std::string{person.entry().dn},
                                    .rule = tree_of(desired, *member).rule->name});
    if (grant == nullptr) ++draft.figures.adopted;
  }
  return draft;
}

}  // namespace dirsync::plan
