#pragma once
#include "daemon/log_folding.hpp"
#include "sync/ports/clock.hpp"
#include "sync/ports/monitor.hpp"

namespace dirsync {

/// Passes everything on, but for events that come back run after run: those are told at growing distances,
/// with the fields `repeated` and `since`. Thread: that of the runs.
class FoldedLog final : public Monitor {
 public:
  FoldedLog(Monitor& log, Clock const& clock) : log_(log), clock_(clock) {}
  void event(Level level, std::string_view name, std::span<Field const> fields) override;
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override {
    log_.progress(what, done, total);
  }
  /// Tells of sides that can be read again.
  void end_run();

 private:
  Monitor& log_;
  Clock const& clock_;
  LogFolding folding_;
};

}  // namespace dirsync
