#include "sync/model/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace dirsync {
void assertion_failed(char const* what, char const* file, int line) noexcept {
  std::fprintf(stderr, "dirsyncd: broken invariant at %s:%d: %s\n", file, line, what);
  std::abort();
}
}  // namespace dirsync
