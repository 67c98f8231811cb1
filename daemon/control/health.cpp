#include "daemon/control/health.hpp"

namespace dirsync::control {

void Health::set_expected(std::chrono::milliseconds interval, std::vector<std::string> targets) {
  std::lock_guard const lock{mutex_};
  interval_ = interval;
  targets_ = std::move(targets);
}

void Health::note_success(std::string const& target, Time time) {
  std::lock_guard const lock{mutex_};
  successes_[target] = time;
}

std::vector<std::string> Health::reasons(Time now) const {
  std::lock_guard const lock{mutex_};
  constexpr int kIntervals = 3;
  std::vector<std::string> reasons;
  for (auto const& target : targets_) {
    auto const found = successes_.find(target);
    if (found == successes_.end())
      reasons.push_back("target " + target +
                        ": no run has ended with it equal to the rules yet; see dirsyncd status");
    else if (now - found->second >= kIntervals * interval_)
      reasons.push_back("target " + target + ": last equal to the rules at " + rfc3339(found->second) +
                        ", more than three intervals ago; see dirsyncd status");
  }
  return reasons;
}

}  // namespace dirsync::control
