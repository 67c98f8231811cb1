#pragma once
#include <string>

#include "sync/model/certificate.hpp"
#include "sync/model/error.hpp"
#include "sync/model/observed.hpp"

namespace dirsync::engine {

/// Whether few enough users and groups of a target are damaged, by the default band of a directory. Adds the
/// clause `damaged-band` where some are. Errors: EngineErrc::damaged.
Result<void> require_few_damaged_rows(std::string const& target, Observed const& observed,
                                      Certificate& certificate);

}  // namespace dirsync::engine
