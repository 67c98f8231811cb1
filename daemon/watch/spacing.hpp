#pragma once
#include <algorithm>
#include <chrono>

#include "daemon/schedule.hpp"

namespace dirsync::watch {

/// How much of the time runs that feeds cause may take, whatever feeds tell: half of it, and besides ten
/// seconds that a rest earns, so that after one a short run is followed by the next at once. A run that took
/// longer than what was earned is followed by a pause as long as the rest of it. Pure. Thread: one at a time.
class Spacing {
 public:
  static constexpr std::chrono::milliseconds kMostEarned{10'000};

  void note_run(SinceBoot began, SinceBoot ended) {
    auto const earned = std::min(kMostEarned, began - earliest_);
    earliest_ = ended + (ended - began) - earned;
  }
  /// Of the next one's beginning.
  SinceBoot earliest() const { return earliest_; }

 private:
  SinceBoot earliest_{-kMostEarned};
};

}  // namespace dirsync::watch
