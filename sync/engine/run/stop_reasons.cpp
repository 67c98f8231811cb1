#include "sync/engine/run/stop_reasons.hpp"

#include <algorithm>

namespace dirsync::engine {

void tell_ended(std::map<std::string, Error> const& ended, Report& report) {
  for (auto const& [target, why] : ended) {
    Reason reason;
    reason.code = "ended-early";
    reason.text = target + " took no more changes in mid-run: " + text(why) +
                  "; what was not sent to it is planned again by the next run";
    reason.target = target;
    report.plan.targets[target].reasons.push_back(reason);
    report.plan.reasons.push_back(std::move(reason));
  }
  report.ended_early = !ended.empty();
}

void tell_freezes(std::vector<Freeze> const& freezes, Report& report) {
  for (auto const& freeze : freezes) {
    std::map<std::string, std::int64_t> left;
    for (auto const& settled : report.outcomes)
      if (settled.outcome == Outcome::skipped && stops(freeze, settled.change)) ++left[settled.change.target];
    for (auto const& [target, count] : left) {
      Reason reason;
      reason.code = "frozen";
      reason.text = text(freeze) + ", while changes were being sent; " + std::to_string(count) +
                    " of them were not. They are planned again once `dirsyncd " + thaw_command({&freeze, 1}) +
                    "` ends it, or its time";
      reason.target = target;
      reason.count = count;
      reason.holds = false;
      report.plan.targets[target].reasons.push_back(reason);
      report.plan.reasons.push_back(std::move(reason));
      if (report.plan.targets[target].verdict != Verdict::refuse)
        report.plan.targets[target].verdict = Verdict::hold;
    }
    report.plan.freezes.push_back(freeze);
    report.plan.verdict = std::max(report.plan.verdict, Verdict::hold);
  }
}

}  // namespace dirsync::engine
