#pragma once
// Where the real console's behaviour is unknown or differs between releases, a knob chooses it.
// README-console.md explains each one.
#include <string_view>

#include "sync/model/error.hpp"
#include "tests/simulators/knobs.hpp"

namespace dirsync::sim::console {

/// The knobs as `doc-2.0.2` or `infer-2021` sets them; the defaults for an empty name. Errors:
/// invalid_argument.
Result<Knobs> knobs_of_set(std::string_view set_name);

inline bool enabled(Knobs const& knobs, std::string_view name) { return knobs.is(name, "true"); }
inline int status(Knobs const& knobs, std::string_view name) { return static_cast<int>(knobs.number(name)); }

/// An error of whoever drives the simulator.
Error wrong(std::string text);

}  // namespace dirsync::sim::console
