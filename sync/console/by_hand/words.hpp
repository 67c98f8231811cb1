#pragma once
// How groups and members are named to people.
#include <string>

#include "sync/console/api/answers.hpp"

namespace dirsync::console {

/// In single quotes, with what a terminal cannot show replaced.
std::string quoted(std::string const& text);
/// "group 'Depot' (g5)"
std::string label(Group const& group);
/// False for a nested group and the like.
bool is_person(Member const& member);

}  // namespace dirsync::console
