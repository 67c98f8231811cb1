#pragma once
// What `status` says of plans and reads that wait for a person. Pure.
#include <chrono>
#include <string>
#include <vector>

#include "sync/model/record.hpp"

namespace dirsync::cli {

/// Of each since when it waits and why, who approved it so far and whether another person must, and the
/// command lines that show it and let it run. Approvals older than `approval_ttl` at `now` do not count.
std::string held_view(std::vector<StoredPlan> const& held, std::chrono::seconds approval_ttl, Time now);

}  // namespace dirsync::cli
