#include "sync/plan/diff/joining.hpp"

#include <algorithm>

namespace dirsync::plan {
namespace {

/// What is recorded of the group stays as it is.
void leave_out(StoreUpdates& updates, Joining const& joining) {
  std::erase_if(updates.update_groups,
                [&joining](ManagedGroup const& group) { return group.group_id == joining.group_id; });
  for (auto& group : updates.adopt_groups)
    if (group.group_id == joining.group_id) group.sources.clear();
}

bool is_about(Change const& change, Joining const& joining) {
  return is_to_send(change) && change.target == joining.target && change.group_id == joining.group_id &&
         (!joining.group_id.empty() || change.group == joining.group);
}

}  // namespace

GroupDraft union_of(Context const& context, WritableGroup const& group, DesiredGroup const& desired,
                    ManagedGroup const* managed) {
  GroupDraft draft;
  auto joined = source_ids(desired);
  if (joined.size() < 2) return draft;
  auto const names = source_names(desired);
  draft.notices.push_back({.code = "united",
                           .group = group.name(),
                           .principal = "",
                           .text = "several source groups give its name and feed it: " + names});
  if (managed != nullptr)
    std::erase_if(joined, [managed](EntryId const& source) {
      return std::ranges::find(managed->sources, source) != managed->sources.end();
    });
  if (joined.empty() || collision_policy(desired) == OnCollision::unite) return draft;
  draft.joining.push_back({.target = context.target.name,
                           .group = group.name(),
                           .group_id = group.id(),
                           .rule = desired.rule().name,
                           .sources = std::move(joined),
                           .names = names});
  return draft;
}

void hold_joining(Draft& draft, std::vector<Joining> const& joining) {
  for (auto const& one : joining) {
    auto const changes = std::ranges::count_if(
        draft.plan.changes, [&one](Change const& change) { return is_about(change, one); });
    if (changes == 0) {
      leave_out(draft.store_updates[one.target], one);
      continue;
    }
    draft.holds.push_back({.code = "source-joined",
                           .text = one.group + " is to be fed by several source groups: " + one.names +
                                   "; approve the plan if they belong together, else rename one of them",
                           .target = one.target,
                           .rule = one.rule,
                           .group = one.group,
                           .count = static_cast<std::int64_t>(one.sources.size()),
                           .allowed = 0});
  }
}

}  // namespace dirsync::plan
