#include "sync/plan/desired/flatten.hpp"

#include <algorithm>

namespace dirsync::plan {

Flattener::Flattener(Snapshot const& snapshot)
    : snapshot_(snapshot), group_round_(snapshot.groups().size()), person_round_(snapshot.people().size()) {}

Flattened Flattener::flatten(GroupIndex source, NestingRules const& rules) {
  auto const excluded = [&rules](GroupIndex group) {
    return group < rules.excluded.size() && rules.excluded[group];
  };
  Flattened result;
  if (excluded(source)) return result;
  ++round_;
  group_round_[source] = round_;
  result.nodes.push_back({source, Node::kNoParent});
  // Breadth first, level by level: the first way found to a group or person is a shortest one.
  std::size_t level_end = 1;
  int depth = 0;
  for (std::uint32_t at = 0; at < result.nodes.size(); ++at) {
    if (at == level_end) {
      level_end = result.nodes.size();
      ++depth;
    }
    auto const members = snapshot_.members(result.nodes[at].group);
    for (auto const person : members.people) {
      if (person_round_[person] == round_) continue;
      person_round_[person] = round_;
      result.people.push_back({person, at});
    }
    result.unresolved_count += members.unresolved.size();
    if (result.example.empty() && !members.unresolved.empty()) result.example = members.unresolved.front();
    if (!rules.nested || (rules.max_depth > 0 && depth >= rules.max_depth)) continue;
    result.unresolved.insert(result.unresolved.end(), members.unresolved.begin(), members.unresolved.end());
    auto const first_of_level = result.nodes.size();
    for (auto const group : members.groups) {
      if (group_round_[group] == round_ || excluded(group)) continue;
      group_round_[group] = round_;
      result.nodes.push_back({group, at});
    }
    // By DN, so that the way to a person does not depend on the order in which a server delivers.
    std::ranges::sort(
        result.nodes.begin() + static_cast<std::ptrdiff_t>(first_of_level), result.nodes.end(), {},
        [this](Node const& node) { return std::string_view{snapshot_.groups()[node.group].normalized_dn}; });
  }
  std::ranges::sort(result.people, {}, &Reached::person);
  return result;
}

std::string path_text(Snapshot const& snapshot, std::vector<Node> const& nodes, std::uint32_t node,
                      std::string_view member) {
  std::vector<std::string_view> way{member};
  for (auto at = node; at != Node::kNoParent; at = nodes[at].parent)
    way.push_back(snapshot.groups()[nodes[at].group].dn);
  std::string text;
  for (auto step = way.rbegin(); step != way.rend(); ++step) {
    if (!text.empty()) text += " > ";
    text += *step;
  }
  return text;
}

}  // namespace dirsync::plan
