#include "sync/plan/desired/collision.hpp"

#include <algorithm>

#include "sync/model/join.hpp"

namespace dirsync::plan {

std::vector<EntryId> source_ids(DesiredGroup const& group) {
  std::vector<EntryId> ids;
  for (auto const& tree : group.trees) ids.push_back(tree.source().id);
  std::ranges::sort(ids);
  auto const repeated = std::ranges::unique(ids);
  ids.erase(repeated.begin(), repeated.end());
  return ids;
}

std::string source_names(DesiredGroup const& group) {
  std::vector<std::string_view> dns;
  for (auto const& tree : group.trees)
    if (!tree.is_branch) dns.push_back(tree.source().dn);
  return join(dns, ", ");
}

OnCollision collision_policy(DesiredGroup const& group) {
  auto const policy_of = [](SourceTree const& tree) { return tree.rule->on_collision; };
  return policy_of(*std::ranges::max_element(group.trees, {}, policy_of));
}

std::optional<Notice> refused_collision(DesiredGroup const& group) {
  if (collision_policy(group) != OnCollision::refuse || source_ids(group).size() < 2) return std::nullopt;
  return Notice{.code = "collision",
                .group = group.name,
                .principal = "",
                .text = "several source groups give the name " + group.name + ": " + source_names(group) +
                        "; nothing is done to it until one of them is renamed or no longer selected, or "
                        "on_collision is \"hold\" or \"unite\""};
}

}  // namespace dirsync::plan
