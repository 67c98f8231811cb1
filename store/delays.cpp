// How long it took from the directory's changes until they were so in the targets.
#include <algorithm>

#include "store/audit_rows.hpp"
#include "store/store.hpp"

namespace dirsync::store {

Result<std::vector<std::chrono::milliseconds>> Store::removal_delays(Time since) {
  using Delays = std::vector<std::chrono::milliseconds>;
  static constexpr char kSelect[] =
      "SELECT delay_ms FROM audit WHERE sequence >= ? AND time >= ? AND phase = 'change' AND verb = 'remove' "
      "AND delay_ms IS NOT NULL";
  return database_->reading("delays cannot be read", [this, since]() -> Result<Delays> {
    Delays delays;
    auto const time = rfc3339(since);
    auto const first = first_row_since(*database_, time);
    auto query = database_->query(kSelect);
    for (query.with(first, time); query.step();) delays.emplace_back(query.integer(0));
    std::ranges::sort(delays);
    return delays;
  });
}

}  // namespace dirsync::store
