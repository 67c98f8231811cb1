#pragma once
// The executables around the simulators.
#include <functional>
#include <memory>

#include "tests/simulators/simulator.hpp"

namespace dirsync::sim {

struct ProgramOptions {
  std::string profile;               // empty: the simulator's default
  std::optional<json::value> state;  // of --state
  Fields knobs;                      // of --set
};

/// Makes the simulator; throws std::exception with a message for the user.
using MakeSimulator = std::function<std::unique_ptr<Simulator>(ProgramOptions const&)>;

/// --state FILE --profile NAME (or --set-name NAME) --port N --cert FILE --key FILE --set knob=value ...
/// Prints "listening https://127.0.0.1:PORT" when ready; ends on SIGTERM and SIGINT. Returns the exit code.
int run_program(int argc, char const* const* argv, MakeSimulator const& make);

}  // namespace dirsync::sim
