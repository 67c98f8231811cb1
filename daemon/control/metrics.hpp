#pragma once
// What a monitoring system may know (OpenMetrics text, as Prometheus reads it). Names are fixed: people's
// alerts use them.
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "daemon/watch/feed_state.hpp"
#include "sync/engine/report.hpp"
#include "sync/model/time.hpp"
#include "sync/ports/monitor.hpp"

namespace prometheus {
class Gauge;
}

namespace dirsync::control {

/// What only the store knows at the end of a run.
struct StoreFigures {
  std::map<std::string, Time> last_success;       // by target
  std::map<std::string, std::int64_t> set_aside;  // objects, by target; 0 for those without
  std::int64_t held_plans = 0, frozen = 0, bytes = 0, audit_rows = 0;
};

/// Counts what passes on its way to the log: requests, and how long the stages of runs take. Thread: events
/// and runs on one; text() and certificates() on any.
class Metrics final : public Monitor {
 public:
  explicit Metrics(Monitor& log);
  ~Metrics() override;
  Metrics(Metrics const&) = delete;
  Metrics& operator=(Metrics const&) = delete;

  void event(Level level, std::string_view name, std::span<Field const> fields) override;
  void progress(std::string_view what, std::uint64_t done, std::uint64_t total) override;
  void note_run(engine::Report const& report);
  /// Its changes and how long they took; of how anything stands it says nothing.
  void note_leavers_run(engine::Report const& report) { count_changes(report); }
  void note_store(StoreFigures const& figures);
  /// Of all directories that are followed, and no others.
  void note_feeds(watch::FeedStates const& states);
  void count_feed_events(std::string const& directory, std::uint64_t events);
  /// Of entries.
  void count_full_read_differences(std::string const& directory, std::uint64_t entries);
  /// When the certificate of each side ends, as its last run saw. Thread: any.
  std::map<std::string, Time> certificates() const;
  std::string text() const;

 private:
  struct Families;
  void count_request(std::span<Field const> fields);
  void count_changes(engine::Report const& report);
  void keep_certificate(std::span<Field const> fields);

  Monitor& log_;
  std::unique_ptr<Families> families_;
  std::map<std::pair<std::string, FeedKind>, prometheus::Gauge*> feeds_;  // by directory and kind
  std::map<std::string, Time> certificate_ends_;  // by side, the first of those shown since the last run
  std::mutex mutable seen_mutex_;
  std::map<std::string, Time> seen_certificates_;  // the same of each side's last run
};

}  // namespace dirsync::control
