#pragma once
// Plans as JSON (docs/json.md).
#include <optional>
#include <string>

#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// {run, digest, verdict, reasons, targets}. `run`: null without a run.
std::string to_json(Plan const& plan, std::optional<RunId> run);

}  // namespace dirsync::plan
