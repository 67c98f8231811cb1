#include "sync/plan/undo/words.hpp"

#include <algorithm>
#include <vector>

#include "sync/model/join.hpp"
#include "sync/model/joined_id.hpp"

namespace dirsync::plan {
namespace {

std::string ids_of_sources(DesiredGroup const& group) {
  std::vector<std::string_view> ids;
  for (auto const& tree : group.trees) ids.emplace_back(tree.source().id.value());
  std::ranges::sort(ids);
  auto const rest = std::ranges::unique(ids);
  ids.erase(rest.begin(), rest.end());
  return join(ids, " ");
}

/// Source group, nested groups.
std::string ids_of_way(SourceTree const& tree, std::uint32_t node) {
  std::vector<std::string_view> ids;
  for (auto at = node; at != Node::kNoParent; at = tree.nodes[at].parent)
    ids.emplace_back(tree.nodes[at].entry().id.value());
  std::ranges::reverse(ids);
  return join(ids, " > ");
}

bool has_any_source(DesiredGroup const& group, std::vector<EntryId> const& sources) {
  return std::ranges::any_of(group.trees, [&sources](SourceTree const& tree) {
    return std::ranges::find(sources, tree.source().id) != sources.end();
  });
}

}  // namespace

DesiredGroup const* DirectoryWords::group_named(std::string const& name) const {
  return desired_.find(target_.name, group_key(target_.traits.group_names_fold_case, name));
}

/// By the name under which it is ours, else by what feeds it: its sources may have another name by now.
DesiredGroup const* DirectoryWords::group_of(Change const& change) const {
  auto const& groups = target_.managed->groups;
  auto const managed = std::ranges::find(groups, change.group_id, &ManagedGroup::group_id);
  if (managed == groups.end()) return group_named(change.group);
  if (auto const* const named = group_named(managed->group)) return named;
  auto const wanted = desired_.groups.find(target_.name);
  if (wanted == desired_.groups.end()) return nullptr;
  for (auto const& [key, group] : wanted->second)
    if (has_any_source(group, managed->sources)) return &group;
  return nullptr;
}

bool DirectoryWords::is_disputed(Change const& change) const {
  auto const disputed = desired_.disputed.find(target_.name);
  return disputed != desired_.disputed.end() &&
         disputed->second.contains(group_key(target_.traits.group_names_fold_case, change.group));
}

DirectoryWords::Members const& DirectoryWords::members_of(DesiredGroup const& group) {
  auto const [found, is_new] = members_.try_emplace(&group);
  if (is_new)
    for (auto const& member : group.members)
      found->second.emplace(entry_of(group, member).id.value(), &member);
  return found->second;
}

std::string DirectoryWords::way_to(DesiredGroup const& group, Change const& change) {
  if (is_group_principal(change.principal_id)) {
    auto const is_wanted = group.rule().as == MembersAs::group && has_any_source(group, parts_of(change.id));
    return is_wanted ? change.id.value() : "";
  }
  auto const& members = members_of(group);
  for (auto const& id : parts_of(change.id)) {
    auto const found = members.find(id.value());
    if (found == members.end()) continue;
    auto const& tree = tree_of(group, *found->second);
    auto const way = found->second->way;
    return ids_of_way(tree, tree.bridge == nullptr ? way : tree.crossed[way].node);
  }
  return {};
}

std::optional<std::string> DirectoryWords::say(Change const& change) {
  if (is_disputed(change)) return std::nullopt;
  if (change.verb == Verb::add || change.verb == Verb::remove) {
    auto const* const group = group_of(change);
    return group == nullptr ? std::string{} : way_to(*group, change);
  }
  auto const* const group = group_named(change.verb == Verb::rename_group ? change.new_name : change.group);
  return group == nullptr ? std::string{} : ids_of_sources(*group);
}

}  // namespace dirsync::plan
