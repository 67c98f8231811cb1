#pragma once
#include <cstdlib>
#include <string>

namespace dirsync::test {

/// What the variable says, a whole number; `otherwise` where it is not set. Throws std::invalid_argument.
inline unsigned figure_from_environment(char const* variable, unsigned otherwise) {
  auto const* const given = std::getenv(variable);
  return given != nullptr ? static_cast<unsigned>(std::stoul(given)) : otherwise;
}

}  // namespace dirsync::test
