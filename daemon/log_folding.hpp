#pragma once
// Which of the events that come back run after run are told.
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sync/model/time.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync {

/// Pure; the time is given. Thread: one at a time.
class LogFolding {
 public:
  /// For how long at the most an event that comes back is not told.
  static constexpr std::chrono::hours kLongestSilence{1};

  struct Verdict {
    bool tell = true;
    std::uint64_t repeated = 1;  // how often it came, this time included
    Time since;                  // when it came first
  };
  /// Events that say how something is (a side that cannot be read, a plan that waits) are told the first
  /// time, the 2nd, 4th, 8th and so on, and when the last time was an hour ago. Equal are those whose fields
  /// are, but for the run and its duration. So are feeds that go down and up again and again, until an hour
  /// has passed without. Of all other events each is told.
  Verdict note(std::string_view event, std::span<Monitor::Field const> fields, Time now);

  /// A side that could not be read in so many runs, whatever the errors, and since when.
  struct Unread {
    std::string side;
    std::uint64_t runs = 0;
    Time since;
    friend bool operator==(Unread const&, Unread const&) = default;
  };
  /// At the end of a run: forgets what did not come in it. Returns the sides that could not be read before,
  /// and were read in it.
  std::vector<Unread> end_run();

 private:
  struct State {
    std::uint64_t repeated = 0;
    Time since, told, last;
    bool in_this_run = false;
  };
  static Verdict judge(State& state, Time now);
  std::map<std::vector<std::string>, State> states_;  // by event and fields
  std::map<std::vector<std::string>, State> feeds_;   // the same; they come between runs
  std::map<std::string, State> unread_;               // by side
};

}  // namespace dirsync
