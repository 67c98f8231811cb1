#pragma once
#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// What of that directory's read was set aside, each by name; of many the first hundred, and how many more.
std::vector<Notice> damage_notices(DirectoryView const& view);

/// By GroupIndex: groups of which nobody can tell which ones they are. Empty: none.
std::set<GroupIndex> groups_set_aside(Snapshot const& snapshot);

}  // namespace dirsync::plan
