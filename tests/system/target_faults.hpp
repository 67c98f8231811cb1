#pragma once
#include <string>
#include <vector>

#include "tests/sequences/dice.hpp"

namespace dirsync::test {

/// A rule for a simulator (tests/simulators/README.md) that ends by itself. `write_fails`: among them is a
/// write that is refused, after which dirsyncd leaves that object alone for a minute or more.
inline std::string random_target_fault(sequences::Dice& dice, bool write_fails) {
  auto const nth = "\"nth\":" + std::to_string(1 + dice.below(8)) + ",";
  auto const count = ",\"count\":" + std::to_string(1 + dice.below(3));
  std::vector<std::string> rules{
      R"("write":false,"status":500)" + count,
      R"("write":false,"status":503,"headers":{"Retry-After":"0"})" + count,
      R"("write":false,"status":429,"headers":{"Retry-After":"1"})",
      R"("write":false,"drop":true)" + count,
      R"("write":false,"cut_after":)" + std::to_string(dice.below(300)) + count,
      R"("delay_ms":400)" + count,
      R"("write":true,"drop":true)",
      R"("write":true,"drop":true,"effect":"prevented")",
      R"("write":true,"status":429,"headers":{"Retry-After":"0"})",
  };
  if (write_fails) rules.push_back(R"("write":true,"status":500)");
  return "{" + nth + dice.pick(rules) + "}";
}

}  // namespace dirsync::test
