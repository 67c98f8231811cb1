#pragma once
#include <optional>

#include "sync/plan/desired/desired.hpp"

namespace dirsync::plan {

/// Member values that name nothing that was read, of the sources of the group and of groups in them: how
/// many, and up to three. Of a rule with `people` each is told by itself (`not-joined`). Nothing: there are
/// none.
std::optional<Notice> unresolved_notice(DesiredGroup const& group);

}  // namespace dirsync::plan
