#include "sync/engine/leavers/fed_groups.hpp"

#include <algorithm>
#include <unordered_map>
#include <variant>

#include "sync/engine/leavers/group_lists.hpp"

namespace dirsync::engine {
namespace {

bool is_fed_plainly(plan::DesiredGroup const& desired) {
  auto const& tree = desired.trees.front();
  auto const& rule = *tree.rule;
  return desired.trees.size() == 1 && is_plain(rule) && rule.exclude.empty() &&
         !std::holds_alternative<GroupsBelow>(rule.selection);
}

/// Ids of our groups in the target, by the key of the names that they have there.
using IdsByKey = std::map<std::string, std::vector<std::string>>;

IdsByKey our_groups(plan::TargetInput const& target, std::span<Settled const> outcomes) {
  auto const folds_case = target.traits.group_names_fold_case;
  std::unordered_map<std::string, std::string> ours;  // keys by id
  for (auto const& group : target.managed->groups)
    ours.emplace(group.group_id, plan::group_key(folds_case, group.group));
  IdsByKey ids;
  for (auto const& group : target.observed->groups) {
    auto const key = plan::group_key(folds_case, group.name);
    auto const our = ours.find(group.id);
    // One of another name than ours was renamed there, or its id is used again for something else.
    if (our != ours.end() && our->second == key) ids[key].push_back(group.id);
  }
  for (auto const& [change, outcome, detail, delay] : outcomes) {
    auto const is_made = change.target == target.name && change.verb == Verb::create_group &&
                         is_success(outcome) && !change.group_id.empty();
    if (is_made) ids[plan::group_key(folds_case, change.group)].push_back(change.group_id);
  }
  return ids;
}

}  // namespace

FedGroups fed_groups(Drafted const& drafted, std::span<Settled const> outcomes) {
  FedGroups fed;
  for (auto const& target : drafted.lined_up.input.targets) {
    auto const wanted = drafted.desired.groups.find(target.name);
    if (wanted == drafted.desired.groups.end() || !target.traits.matches_by_dn) continue;
    auto const ids = our_groups(target, outcomes);
    for (auto const& [key, desired] : wanted->second) {
      auto const found = ids.find(key);
      if (found == ids.end() || found->second.size() != 1 || !is_fed_plainly(desired)) continue;
      auto const& source = desired.trees.front().source().id;
      ManagedGroup group;
      group.group_id = found->second.front();
      group.group = desired.name;
      group.rule = desired.rule().name;
      group.sources = {source};
      fed[source].push_back({target.name, std::move(group)});
    }
  }
  return fed;
}

std::map<std::string, UserBook> user_books(plan::Input const& input) {
  std::map<std::string, UserBook> books;
  for (auto const& target : input.targets)
    if (target.traits.matches_by_dn) books.emplace(target.name, UserBook{*target.observed});
  return books;
}

}  // namespace dirsync::engine
