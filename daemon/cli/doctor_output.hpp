#pragma once
#include <boost/json/fwd.hpp>
#include <string>

#include "daemon/cli/output.hpp"
#include "daemon/doctor/check.hpp"

namespace dirsync::cli {

/// {checks: [{id, side, state, text, remedy, show}]}
boost::json::object doctor_document(doctor::Checks const& checks);

/// A line for each check, below it what to do and how to see the same where that helps; at the end how many
/// came out how.
std::string doctor_view(doctor::Checks const& checks, Palette const& palette);

}  // namespace dirsync::cli
