#pragma once
// When the service's next run is due, and which sides it does not try.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>

#include "sync/engine/report.hpp"
#include "sync/model/time.hpp"

namespace dirsync {

/// Since the machine started, sleep included (CLOCK_BOOTTIME): nobody sets it, and it does not stand still.
using SinceBoot = std::chrono::milliseconds;
SinceBoot since_boot();

/// How long to wait before looking whether `due` has come: timers stand still while the machine sleeps, so at
/// most a minute. Zero: it has come.
std::chrono::milliseconds look_again_after(SinceBoot due, SinceBoot now);

/// For how long a side that failed `failures` times in a row is not tried. The first failure costs nothing;
/// then it doubles with each, at most an hour.
std::chrono::milliseconds side_back_off(std::chrono::milliseconds interval, std::uint64_t failures);

/// The same for a side that runs fail to read which feeds cause, one soon after the other: in place of an
/// interval ten seconds, at most `interval`.
std::chrono::milliseconds short_back_off(std::chrono::milliseconds interval, std::uint64_t failures);

/// Sides that cannot be read, each for itself: what answers and is refused for what it says is not among
/// them, for a person may have taken it meanwhile. Thread: one at a time.
class SideBackOff {
 public:
  /// For a run that begins now.
  engine::Untried untried(SinceBoot now) const;
  /// What came of a run of which `left_out` was not tried. `by_feed`: it did not wait for the interval, so
  /// of what it could not read it counts for the interval's back-off only once in an interval.
  void note(engine::Report const& report, engine::Untried const& left_out, std::chrono::milliseconds interval,
            SinceBoot now, Time time, bool by_feed = false);
  /// When a run is to come that tries again the first of those that failed; at least ten seconds from now.
  SinceBoot next_try(SinceBoot now) const;
  /// All are tried by the next run, as if none had failed.
  void forget();
  /// Tried by the next run, and left out for longer if it fails again: directories, and that target; empty:
  /// every target.
  void try_again(std::string const& target);

 private:
  /// Of a run, for all its sides.
  struct Moment {
    std::chrono::milliseconds interval;
    SinceBoot now;
    Time time;
    bool by_feed;
  };
  struct Side {
    std::uint64_t failures = 0;  // in a row
    std::uint64_t counted = 0;   // of them, for the interval's back-off
    SinceBoot counted_at{0};     // the last of these
    Time since;                  // of the first
    SinceBoot next{0};           // not before
    Time next_time;              // the same for people
    Error last;
  };
  using Sides = std::map<std::string, Side>;
  static void note(std::map<std::string, Error> const& unread, std::map<std::string, Error> const& left_out,
                   Moment const& moment, Sides& sides);
  static std::chrono::milliseconds count_failure(Side& side, Moment const& moment);
  static std::map<std::string, Error> untried(Sides const& sides, SinceBoot now);

  Sides directories_, targets_;
};

}  // namespace dirsync
