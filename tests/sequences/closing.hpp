#pragma once
// The end of a story: nothing goes wrong any more, people mend what the runs name, and approve what waits.
#include <functional>
#include <string>
#include <vector>

#include "tests/sequences/acts.hpp"
#include "tests/sequences/oracle.hpp"

namespace dirsync::sequences {

/// A deed: minutes, hours or seconds until the next run.
std::string pass_time(World& world, Dice& dice);

/// Runs until nothing is left to do, and lets the oracle look at what came of it. `run`: makes one.
void come_to_rest(World& world, Oracle& oracle, std::function<Attempt()> const& run,
                  std::vector<std::string>& lines);

}  // namespace dirsync::sequences
