#include "sync/engine/read/members_unread.hpp"

#include <algorithm>

#include "sync/model/elsewhere.hpp"
#include "sync/model/text.hpp"
#include "sync/plan/desired/flatten.hpp"

namespace dirsync::engine {
namespace {

std::optional<std::string> value_for(std::string const& base, plan::Flattened const& flat) {
  for (auto const& node : flat.nodes)
    for (auto const value : node.in->members(node.group).unresolved)
      if (may_be_in(value, base)) return printable(node.entry().dn) + " names \"" + printable(value) + "\"";
  return std::nullopt;
}

std::optional<std::string> value_for(std::string const& base, Rule const& rule,
                                     std::map<std::string, Snapshot> const& snapshots) {
  auto const own = snapshots.find(rule.directory);
  if (own == snapshots.end()) return std::nullopt;
  plan::Flattener::Others others;
  for (auto const& [directory, snapshot] : snapshots)
    if (directory != rule.directory) others.emplace(directory, &snapshot);
  plan::Flattener flattener{own->second, std::move(others)};
  // Excluded groups are entered as well: who follows them by id is not known yet.
  plan::NestingRules const nesting{rule.nested, rule.max_depth, {}};
  for (auto const source : own->second.selected(rule.name))
    if (auto found = value_for(base, flattener.flatten(source, nesting))) return found;
  return std::nullopt;
}

}  // namespace

std::optional<std::string> member_of_unread(Setup const& setup,
                                            std::map<std::string, Snapshot> const& snapshots,
                                            std::string const& target, std::string const& unread) {
  auto const directory = std::ranges::find(setup.directories, unread, &SourceDirectory::name);
  for (auto const& rule : setup.rules)
    if (rule.target == target)
      if (auto found = value_for(directory->normalized_base, rule, snapshots)) return found;
  return std::nullopt;
}

}  // namespace dirsync::engine
