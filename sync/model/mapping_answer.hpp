#pragma once
#include <string>

namespace dirsync {

/// Whether a target can take people in through a directory mapping of its own (Change::domain).
struct MappingAnswer {
  bool is_told = false;  // else `text` says why the target does not tell; empty: it was not asked
  std::string text;      // told: why it can take in nobody; empty: it can
};

}  // namespace dirsync
