#pragma once
// Plans as JSON (docs/json.md).
#include <boost/json/fwd.hpp>
#include <optional>
#include <string>

#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// {run, digest, verdict, reasons, targets}. `run`: null without a run.
boost::json::object plan_document(Plan const& plan, std::optional<RunId> run);
/// The same, serialized.
std::string plan_json(Plan const& plan, std::optional<RunId> run);

}  // namespace dirsync::plan
