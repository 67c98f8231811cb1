#pragma once
#include "sync/engine/setup.hpp"

namespace dirsync::engine {

/// Whether everything that the configuration asks of people of this directory can be answered as its server
/// would. Adds the clause `filter` where it cannot, or a part of a filter is undefined for everybody.
/// Errors: EngineErrc::filter, with directory, key, part and remedy.
Result<void> require_evaluable(Setup const& setup, SourceDirectory const& directory, Schema const& schema,
                               Certificate& certificate);

}  // namespace dirsync::engine
