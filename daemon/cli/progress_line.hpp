#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace dirsync::cli {

/// Entries that came, by directory.
using EntryCounts = std::map<std::string, std::uint64_t>;

/// How far something has come.
struct Progress {
  std::string what;                      // "applying changes"
  std::uint64_t done = 0, total = 0;     // total 0: unknown
  EntryCounts read;                      // since it began
  std::chrono::milliseconds elapsed{0};  // the same
};

/// "reading corp: 12,000 entries, 8,000/s"; "applying changes: 300 of 1,200, 40/s, 22 s left". Rates once a
/// second has passed. Printable.
std::string progress_text(Progress const& progress);

/// A line on standard error that tells a waiting person what is going on, once a second has passed. Nothing
/// where standard error is no terminal. Thread: event loop.
class ProgressLine {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// `now`: what time it is.
  explicit ProgressLine(bool enabled, std::function<Time()> now = std::chrono::steady_clock::now)
      : enabled_(enabled), now_(std::move(now)) {}
  void set(std::string_view what, std::uint64_t done, std::uint64_t total);
  /// `counts`: of the whole run so far.
  void set_read(EntryCounts counts) { read_ = std::move(counts); }
  /// Draws; called a few times a second.
  void tick();
  /// Takes the line away before something else is printed; the next tick draws it again.
  void hide();
  /// Takes it away, until something is set.
  void clear();

 private:
  bool enabled_, shown_ = false;
  std::function<Time()> now_;
  std::string what_;
  std::uint64_t done_ = 0, total_ = 0;
  EntryCounts read_, read_before_;        // before: when `what_` began
  Time since_ = now_(), begun_ = since_;  // begun: what goes on now
};

}  // namespace dirsync::cli
