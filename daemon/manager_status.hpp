#pragma once
// What the service manager is told of the runs (sd_notify(3)).
#include <atomic>
#include <chrono>
#include <string>

#include "sync/model/time.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync {

/// Passes everything on to the log. Thread: that of the runs, but for tell_ready(): any.
class ManagerStatus final : public Monitor {
 public:
  explicit ManagerStatus(Monitor& log) : log_(log) {}
  /// Once the first reads have ended, well or not, the service is ready.
  void event(Level level, std::string_view name, std::span<Field const> fields) override;
  /// A line of status, at most one a second.
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;
  /// Only the first time. Whoever waits for a slow server is told that the service is there all the same.
  void tell_ready();
  /// `summary`: of the last run, one line.
  void tell_ended(std::string summary, Time next);

 private:
  Monitor& log_;
  std::atomic<bool> is_ready_ = false;
  std::string last_;  // of the last run, one line
  std::chrono::steady_clock::time_point told_;
};

}  // namespace dirsync
