#include "sync/plan/desired/crossing.hpp"

#include "sync/model/dn.hpp"

namespace dirsync::plan {

CrossedPeople cross(SourceTree const& tree, std::vector<Reached> const& named,
                    std::vector<bool> const& disabled) {
  CrossedPeople crossed;
  auto const& snapshot = *tree.directory->snapshot;
  auto const arrive = [&tree, &crossed](Bridge::Crossing const& crossing, Crossed from, std::string_view who,
                                        bool is_disabled) {
    if (!crossing.person) {
      crossed.all_crossed = false;
      auto const name = std::string{who};
      crossed.notices.push_back(
          {.code = "not-joined",
           .group = "",
           .principal = name,
           .text = "rule " + tree.rule->name + ": " + name + " leads to nobody: " + crossing.why_not});
      return;
    }
    if (is_disabled) return;
    crossed.people.push_back({*crossing.person, static_cast<std::uint32_t>(crossed.ways.size())});
    crossed.ways.push_back(from);
  };
  for (auto const& [person, node] : named)
    arrive(tree.bridge->cross(person), {node, person}, snapshot.people()[person].dn, disabled[person]);
  for (std::uint32_t node = 0; node < tree.nodes.size(); ++node)
    for (auto const value : snapshot.members(tree.nodes[node].group).unresolved) {
      auto const is_dn = normalized_dn(without_optional_uid(value)).has_value();
      auto const nowhere = "no entry of directory " + tree.directory->name + " has this DN";
      arrive(is_dn ? Bridge::Crossing{std::nullopt, nowhere} : tree.bridge->cross_uid(value),
             {node, std::nullopt, value}, value, false);
    }
  return crossed;
}

}  // namespace dirsync::plan
