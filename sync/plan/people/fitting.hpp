#pragma once
#include <vector>

#include "sync/model/bound_filter.hpp"
#include "sync/model/snapshot.hpp"

namespace dirsync::plan {

/// Whom the filter fits, by PersonIndex, as their server says. It can be evaluated by the snapshot's schema:
/// a read for which that is not so is refused, and a rule's former settings are looked at beforehand.
std::vector<bool> people_who_fit(Snapshot const& snapshot, Filter const& filter);

}  // namespace dirsync::plan
