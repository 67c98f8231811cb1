#include "sync/engine/read/orphans.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "sync/model/joined_id.hpp"

namespace dirsync::engine {

Result<bool> has_orphans_of(Setup const& setup, std::string const& target, std::string const& directory) {
  auto const managed = setup.journal->managed(target);
  if (!managed) return managed.error();
  auto const is_configured = [&setup](std::string const& rule) {
    return std::ranges::find(setup.rules, rule, &Rule::name) != setup.rules.end();
  };
  std::set<EntryId> orphans;
  for (auto const& grant : managed->grants)
    if (!is_configured(grant.rule))
      for (auto& id : parts_of(grant.id)) orphans.insert(std::move(id));
  for (auto const& group : managed->groups)
    if (!is_configured(group.rule)) orphans.insert(group.sources.begin(), group.sources.end());
  if (orphans.empty()) return false;
  std::vector<EntryId> const ids{orphans.begin(), orphans.end()};
  auto const known = setup.journal->known_by_id(directory, ids);
  if (!known) return known.error();
  return !known->empty();
}

}  // namespace dirsync::engine
