#include "daemon/revocation_delay.hpp"

#include <algorithm>

namespace dirsync {
namespace {
using std::chrono::milliseconds;

milliseconds percentile(Delays const& ascending, std::size_t percent) {
  auto const rank = (ascending.size() * percent + 99) / 100;
  return ascending[std::max(rank, std::size_t{1}) - 1];
}

std::int64_t count_over(Delays const& ascending, milliseconds target) {
  return ascending.end() - std::ranges::upper_bound(ascending, target);
}

/// "0.042 s"
std::string in_seconds(milliseconds delay) {
  auto const thousandths = std::to_string(delay.count() % 1000);
  return std::to_string(delay.count() / 1000) + "." + std::string(3 - thousandths.size(), '0') + thousandths +
         " s";
}

}  // namespace

RevocationDelay revocation_delay(Delays const& ascending, std::optional<milliseconds> target) {
  RevocationDelay delay;
  if (ascending.empty()) return delay;
  delay.p50 = percentile(ascending, 50);
  delay.p99 = percentile(ascending, 99);
  delay.worst = ascending.back();
  if (target) delay.over_target = count_over(ascending, *target);
  return delay;
}

Delays removal_delays(engine::Report const& report) {
  Delays delays;
  for (auto const& settled : report.outcomes)
    if (settled.change.verb == Verb::remove && settled.delay) delays.push_back(*settled.delay);
  std::ranges::sort(delays);
  return delays;
}

void tell_late_removals(Monitor& log, engine::Report const& report, std::optional<milliseconds> target) {
  if (!target) return;
  auto const delays = removal_delays(report);
  auto const late = count_over(delays, *target);
  if (late == 0) return;
  Monitor::Field const fields[] = {{"cycle", std::to_string(report.run.value())},
                                   {"count", std::to_string(late)},
                                   {"worst_ms", std::to_string(delays.back().count())},
                                   {"target_ms", std::to_string(target->count())}};
  log.event(Monitor::Level::warn, "revocation_late", fields);
}

std::string revocation_line(RevocationDelay const& delay) {
  if (!delay.worst) return {};
  auto line = "removals of the last 24 hours took, from the directory's change: half at most " +
              in_seconds(*delay.p50) + ", 99 % at most " + in_seconds(*delay.p99) + ", the longest " +
              in_seconds(*delay.worst);
  if (delay.over_target)
    line += "; longer than schedule.revocation_target: " + std::to_string(*delay.over_target);
  return line + "\n";
}

}  // namespace dirsync
