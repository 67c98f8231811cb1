#pragma once
#include <string>

#include "daemon/cli/presentation.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::cli {

/// What follows a plan that may run.
enum class AfterPlan {
  nothing,   // it was only looked at: a person is told how to let it run
  question,  // it is asked for, or run, at once
};

/// The plan for people: what was read and came of it, why it waits, the changes of each target and group,
/// notices, and the figures, the digest and what to do next at the end.
std::string plan_view(Plan const& plan, AfterPlan after, Presentation const& presentation);

}  // namespace dirsync::cli
