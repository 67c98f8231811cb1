#pragma once
#include <chrono>
#include <cstdint>
#include <vector>

namespace dirsync::store {

/// What runs and changes of one day (UTC) came to.
struct DayFigures {
  std::int64_t runs = 0, runs_held = 0;  // held: a person had to decide
  std::int64_t runs_failed = 0;          // a side was not read, something was not achieved, or it was cut off
  std::int64_t added = 0, removed = 0, others = 0;          // that were made; others: of groups
  std::int64_t failed = 0;                                  // that were not, or of which nobody knows
  std::vector<std::chrono::milliseconds> removal_delays{};  // as Store::removal_delays() has them
};

}  // namespace dirsync::store
