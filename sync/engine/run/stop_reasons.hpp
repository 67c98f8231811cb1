#pragma once
// What stopped a run while it was sending, as reasons of its plan. `report`: with its outcomes.
#include <map>
#include <string>
#include <vector>

#include "sync/engine/report.hpp"
#include "sync/model/freeze.hpp"

namespace dirsync::engine {

/// A target that could not be reached any more, or asked for a pause that is too long: as one that could not
/// be read, but some changes were made there.
void tell_ended(std::map<std::string, Error> const& ended, Report& report);

/// Freezes that came while changes were being sent, as if the plan had been made after them.
void tell_freezes(std::vector<Freeze> const& freezes, Report& report);

}  // namespace dirsync::engine
