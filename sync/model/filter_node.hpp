#pragma once
// What Filter::parse() makes and BoundFilter takes; nothing else includes it.
#include <cstdint>
#include <string>
#include <vector>

namespace dirsync {

struct FilterNode {
  enum class Kind { all, any, negation, equal, pieces, at_least, at_most, present, all_bits, any_bits };
  Kind kind{};
  std::vector<FilterNode> nodes{};    // all, any, negation
  std::string attribute{};            // lower case, with options
  std::string value{};                // equal, at_least, at_most; escapes resolved
  std::string rule{};                 // equal: another rule than the type's own
  std::vector<std::string> pieces{};  // first, inner ones, last; an empty first or last is open
  std::int64_t bits = 0;
  std::size_t start = 0, end = 0;  // in the filter's text, parentheses included
};

}  // namespace dirsync
