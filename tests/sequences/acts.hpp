#pragma once
// What may happen between two runs, and in one.
#include <span>
#include <string>

#include "tests/sequences/world.hpp"

namespace dirsync::sequences {

/// Does it to the world. In words; empty: nothing fits, and nothing happened.
using Deed = std::string (*)(World&, Dice&);

struct Act {
  int weight = 1;  // how often, beside the others
  Deed deed;
};

std::span<Act const> directory_acts();
std::span<Act const> target_acts();
std::span<Act const> fault_acts();
std::span<Act const> operator_acts();
std::span<Act const> configuration_acts();
std::span<Act const> freeze_acts();

}  // namespace dirsync::sequences
