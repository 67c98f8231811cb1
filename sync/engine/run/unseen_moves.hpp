#pragma once
// Entries that moved while a target that may still show their old DN could not be read.
#include <string>
#include <vector>

#include "sync/engine/run/stages.hpp"

namespace dirsync::engine {

/// Who had which DN at the last accepted read of `directory` and has another one now, for each target that
/// the directory feeds and that has no part in the run, as counts of absence. The next read of that target
/// tells which of them are to be kept. Errors: the journal's.
Result<std::vector<AbsenceCount>> unseen_moves(RunContext const& context, Reads const& reads,
                                               std::string const& directory);

}  // namespace dirsync::engine
