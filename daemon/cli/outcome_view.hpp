#pragma once
#include <span>
#include <string>

#include "daemon/cli/presentation.hpp"
#include "sync/model/plan.hpp"
#include "sync/model/strong.hpp"

namespace dirsync::cli {

/// How a run ended that had something to send.
struct RunEnd {
  RunId run{};            // 0: none is kept
  bool declined = false;  // a person said no
  bool stopped = false;   // a signal ended it early
};

/// What was done, what failed, with its reason, what waits, and what to do next.
std::string outcome_view(Plan const& plan, std::span<Settled const> outcomes, RunEnd const& end,
                         Presentation const& presentation);

}  // namespace dirsync::cli
