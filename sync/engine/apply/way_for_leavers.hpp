#pragma once
#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>

#include "sync/model/change.hpp"

namespace dirsync::engine {

/// Whether a run sends on, or leaves its rest for the next one, which begins with those who must lose access.
/// Those of this run are sent in any case: before they were answered nobody asks.
class WayForLeavers {
 public:
  /// What is said of changes that were left.
  static constexpr std::string_view kLeft =
      "not sent: left for the next run: somebody may have to lose access at once";

  /// `gives_way`: as in RunRequest; empty: never.
  void ask_by(std::function<bool()> gives_way) { gives_way_ = std::move(gives_way); }
  /// That change is going to be sent, or told why it is not.
  void expect(Change const& change) { urgent_ += is_urgent(change) ? 1U : 0U; }
  void note_answered(Change const& change) { urgent_ -= is_urgent(change) ? 1U : 0U; }
  /// Before a call. Once it was given, it is given for good.
  void look() { is_given_ = is_given_ || (urgent_ == 0 && gives_way_ && gives_way_()); }
  bool is_given() const { return is_given_; }

 private:
  /// Somebody loses access at once by it.
  static bool is_urgent(Change const& change) {
    return change.part == Part::leavers || change.phase == Phase::revocation;
  }

  std::function<bool()> gives_way_;
  std::uint64_t urgent_ = 0;  // expected, and not answered yet
  bool is_given_ = false;
};

/// Not sent because way was given.
inline bool is_left_for_next_run(Settled const& settled) {
  return settled.outcome == Outcome::skipped && settled.detail == WayForLeavers::kLeft;
}

}  // namespace dirsync::engine
