#pragma once
// The state file: what tests write by hand and the control interface shows. README-console.md describes it.
#include <boost/json/fwd.hpp>

#include "sync/model/error.hpp"
#include "tests/simulators/console/state.hpp"

namespace dirsync::sim::console {

/// Roles, groups and organizations may be named by id or by name. Absent ids are given.
/// Errors: invalid_argument with the place and what is wrong there.
Result<State> read_state(boost::json::value const& value);

/// Complete, with ids and passwords; read_state gives the same state again.
boost::json::object write_state(State const& state);

/// Adds one user or group in the form of the state file; answers its id.
Result<std::string> add_user(State& state, boost::json::object const& entry);
Result<std::string> add_group(State& state, boost::json::object const& entry);

/// The group of that id, or of that name in `org` or above it; empty when there is none.
std::string group_id(State const& state, std::string_view reference, std::string const& org);
std::string role_id(State const& state, std::string_view reference, std::string const& org);

}  // namespace dirsync::sim::console
