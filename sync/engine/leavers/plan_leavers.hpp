#pragma once
// Of a run of leavers all that comes before anything is sent. Inside this folder.
#include <boost/asio/awaitable.hpp>
#include <optional>

#include "sync/engine/leavers/leavers.hpp"
#include "sync/engine/run/stages.hpp"
#include "sync/plan/diff/leavers_draft.hpp"

namespace dirsync::engine {

struct PlannedLeavers {
  Judged judged;  // all of its plan may be sent
  plan::Arrivals arrivals;
};

/// Of those who leave and those who join; or, where these may not all be sent, of those who leave alone.
/// Nothing: nobody does. `reads`: with what the plan rests on. Errors: the journal's.
boost::asio::awaitable<Result<std::optional<PlannedLeavers>>> plan_leavers(RunContext const& context,
                                                                           LeaverBooks& books, Reads& reads);

}  // namespace dirsync::engine
