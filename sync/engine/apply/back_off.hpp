#pragma once
// Objects that fail are set aside with their reason and tried again with back-off (P7).
#include <span>
#include <string>
#include <vector>

#include "sync/model/record.hpp"

namespace dirsync::engine {

/// One minute after the first failure, then twice as long each time, up to six hours.
std::chrono::seconds back_off(int attempts);

/// The changes of `objects`, all of one target, whose time has not come, as skipped; with a group to create
/// its additions.
std::vector<Settled> skip_set_aside(std::span<Change const> changes, std::vector<SetAside> const& objects,
                                    Time now);

/// The list after a run: what failed is in, what was done or is no longer wanted is out. `keeps_others`:
/// objects that the plan does not mention stay, since it was only a part.
std::vector<SetAside> set_aside_after(std::span<Settled const> outcomes, std::string const& target,
                                      std::vector<SetAside> const& before, bool keeps_others, Time now);

}  // namespace dirsync::engine
