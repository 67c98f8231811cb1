#pragma once
// Plans as JSON (docs/json.md).
#include <boost/json/fwd.hpp>
#include <optional>
#include <span>
#include <string>

#include "sync/model/plan.hpp"

namespace dirsync::plan {

/// {run, digest, verdict, reasons, targets}, of a rehearsal also `rehearsal`. `run`: null without a run.
/// `outcomes`: of changes of this plan; joined to it here and nowhere else.
boost::json::object plan_document(Plan const& plan, std::optional<RunId> run,
                                  std::span<Settled const> outcomes = {});
/// The same, serialized.
std::string plan_json(Plan const& plan, std::optional<RunId> run, std::span<Settled const> outcomes = {});

/// {target, removals, reason, by, since, until}; `target` and `until` are null where there is none.
boost::json::object freeze_value(Freeze const& freeze);

}  // namespace dirsync::plan
