#include "sync/engine/read/orphans.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "sync/model/joined_id.hpp"

namespace dirsync::engine {

Result<bool> has_members_from(Setup const& setup, std::string const& target, std::string const& directory) {
  auto const managed = setup.journal->managed(target);
  if (!managed) return managed.error();
  auto const names_it = [&setup, &directory](std::string const& name) {
    auto const rule = std::ranges::find(setup.rules, name, &Rule::name);
    return rule != setup.rules.end() &&
           (rule->directory == directory || rule->people_directory() == directory);
  };
  std::set<EntryId> entries;
  for (auto const& grant : managed->grants)
    if (!names_it(grant.rule))
      for (auto& id : parts_of(grant.id)) entries.insert(std::move(id));
  for (auto const& group : managed->groups)
    if (!names_it(group.rule)) entries.insert(group.sources.begin(), group.sources.end());
  if (entries.empty()) return false;
  std::vector<EntryId> const ids{entries.begin(), entries.end()};
  auto const known = setup.journal->known_by_id(directory, ids);
  if (!known) return known.error();
  return !known->empty();
}

}  // namespace dirsync::engine
