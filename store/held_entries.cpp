// Whether entries of a directory have something because of us.
#include <algorithm>

#include "store/interval_tables.hpp"
#include "store/intervals.hpp"
#include "store/sql.hpp"

namespace dirsync::store {

/// Changes on their way are few, and have no index: they are walked once for all entries.
Result<bool> Intervals::is_any_held(std::set<EntryId> const& entries) const {
  static constexpr char kOnTheWay[] = "SELECT entry_id FROM intent";
  static constexpr char kHeld[] =
      "SELECT 1 FROM interval_member AS member JOIN membership_interval AS held ON held.member = "
      "member.number WHERE member.entry_id = ? AND held.ended = ? LIMIT 1";
  if (entries.empty()) return false;
  return database_->reading("who has a membership cannot be read", [this, &entries]() -> Result<bool> {
    for (auto on_the_way = database_->query(kOnTheWay); on_the_way.step();)
      if (entries.contains(EntryId{on_the_way.text(0)})) return true;
    auto held = database_->query(kHeld);
    return std::ranges::any_of(entries,
                               [&held](EntryId const& entry) { return held.with(entry, kLasting).step(); });
  });
}

}  // namespace dirsync::store
