#pragma once
// What all calls have in common on the wire: Accept, request bodies, answers and errors.
#include <optional>

#include "tests/simulators/console/context.hpp"

namespace dirsync::sim::console {

/// Refuses a caller that cannot take JSON, or asks for an API version that is not there.
std::optional<Refusal> check_accept(Knobs const& knobs, Request const& request);

Checked<json::object> read_body(Request const& request);

Response success(json::value const& body);
Response refused(Knobs const& knobs, Refusal const& refusal);

}  // namespace dirsync::sim::console
