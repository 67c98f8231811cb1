#pragma once
// A change in few words. Nothing here is printable yet.
#include <string>
#include <vector>

#include "sync/model/change.hpp"

namespace dirsync::cli {

/// Why, without the DNs: "via linux-team", "disabled: (employeeType=disabled)", "no longer a member"; empty
/// for somebody whom the source group itself names.
std::string short_why(Change const& change);

/// DNs of the groups that feed the change's group, as far as the change tells; none for most removals of
/// groups.
std::vector<std::string> sources_of(Change const& change);

}  // namespace dirsync::cli
