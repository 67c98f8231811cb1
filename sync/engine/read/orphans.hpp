#pragma once
#include <string>

#include "sync/engine/setup.hpp"

namespace dirsync::engine {

/// Whether the target holds what a rule that is no longer configured gave to people or took from groups of
/// that directory: who left it must still be told from who is not seen. Errors: the journal's.
Result<bool> has_orphans_of(Setup const& setup, std::string const& target, std::string const& directory);

}  // namespace dirsync::engine
