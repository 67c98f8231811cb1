#pragma once
// Changes that do not come from the client under test: other administrators, the passing of time.
#include <chrono>

#include "sync/model/error.hpp"
#include "tests/simulators/console/context.hpp"

namespace dirsync::sim::console {

/// `ahead`: how far the simulator's clock is set forward. Errors: invalid_argument with what is wrong.
Result<void> run_edit(Model& model, std::chrono::milliseconds& ahead, std::int64_t now,
                      json::object const& edit);

}  // namespace dirsync::sim::console
