#include "daemon/watch/possible_leavers.hpp"

#include <algorithm>
#include <vector>

namespace dirsync::watch {

bool may_be_leavers(store::Store& store, std::string const& directory, std::set<EntryId> const& entries) {
  auto const held = store.intervals().is_any_held(entries);
  if (!held) return false;
  if (*held) return true;
  auto const accepted = store.last_counts(directory);
  if (!accepted) return false;
  if (!*accepted) return true;
  std::vector<EntryId> const ids(entries.begin(), entries.end());
  auto const known = store.known_by_id(directory, ids);
  return known && std::ranges::any_of(*known, &KnownEntry::is_group);
}

}  // namespace dirsync::watch
