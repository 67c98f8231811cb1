#pragma once
#include "tests/simulators/vault/calls.hpp"

namespace dirsync::sim::vault {

/// One edit of POST /_sim/do; see README.md. Returns what is wrong, or nothing.
std::optional<std::string> do_edit(World& world, json::object const& edit);

/// `values`: an object of names and values.
std::optional<std::string> set_knobs(Knobs& knobs, json::value const& values);

}  // namespace dirsync::sim::vault
