#pragma once
#include <string_view>

namespace dirsync::test {

/// How often `part`, which is not empty, stands in `text`; each byte counts once.
inline int occurrences(std::string_view text, std::string_view part) {
  auto count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

}  // namespace dirsync::test
