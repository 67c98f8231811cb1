#pragma once
// Members of target groups that no change is about, for `who` and `why`. Inside this folder only.
#include <string>
#include <vector>

#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {

/// Who is in the groups of that target, which was read, and not because of us; as the run leaves it.
std::vector<MembersOfOthers> foreign_members(Reads const& reads, Drafted const& drafted, Report const& report,
                                             std::string const& target, bool adopted);

/// Whom the sources of its groups name, and who gets nothing by them.
std::vector<LeftOut> left_out_people(Drafted const& drafted, std::string const& target);

}  // namespace dirsync::engine
