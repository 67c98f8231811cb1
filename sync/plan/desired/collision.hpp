#pragma once
// Several source groups that give the name of one target group.
#include <optional>
#include <vector>

#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// Of all that feed the group: each once, ordered.
std::vector<EntryId> source_ids(DesiredGroup const& group);
/// "cn=a,..., cn=b,...": the same in words, in the order of the rules.
std::string source_names(DesiredGroup const& group);
/// The strictest of its rules.
OnCollision collision_policy(DesiredGroup const& group);

/// A group that must not be fed by several sources and is. Code: collision.
std::optional<Notice> refused_collision(DesiredGroup const& group);

}  // namespace dirsync::plan
