#include "sync/plan/diff/change_time.hpp"

#include "sync/model/joined_id.hpp"

namespace dirsync::plan {

std::optional<Time> last_change(std::span<PersonRef const> entries) {
  std::optional<Time> last;
  for (auto const& ref : entries) last = later(last, ref.entry().changed.time());
  return last;
}

std::optional<Time> disabled_since(std::span<PersonRef const> entries) {
  auto last = last_change(entries);
  for (auto const& ref : entries)
    if (auto const account = why_blocked(*ref.view, ref.person); account.since)
      last = later(last, stamp_of(*account.since).time());
  return last;
}

std::optional<Time> deleted_since(Facts const& facts, EntryId const& person) {
  std::optional<Time> last;
  if (facts.deleted_at.empty()) return last;
  for (auto const& id : parts_of(person))
    if (auto const deleted = facts.deleted_at.find(id); deleted != facts.deleted_at.end())
      last = later(last, deleted->second);
  return last;
}

std::optional<Time> last_change_of_sources(DesiredGroup const& group) {
  std::optional<Time> last;
  for (auto const& tree : group.trees)
    for (auto const& node : tree.nodes) last = later(last, node.entry().changed.time());
  return last;
}

std::optional<Time> named_since(DesiredGroup const& group, DesiredMember const& member) {
  auto const& tree = tree_of(group, member);
  auto last = entry_of(group, member).changed.time();
  for (auto node = node_of(tree, member); node != Node::kNoParent; node = tree.nodes[node].parent)
    last = later(last, tree.nodes[node].entry().changed.time());
  return last;
}

}  // namespace dirsync::plan
