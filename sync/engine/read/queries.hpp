#pragma once
#include <map>
#include <optional>
#include <string>

#include "sync/engine/setup.hpp"
#include "sync/plan/kept/in_force.hpp"

namespace dirsync::engine {

/// What a run that begins now wants to know of each directory, by its name; `rehearses` as read_sides() has
/// it. Errors: the journal's.
Result<std::map<std::string, DirectoryQuery>> queries_of(
    Setup const& setup, std::optional<plan::GoneRules> const& rehearses = std::nullopt);

}  // namespace dirsync::engine
