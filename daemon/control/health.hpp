#pragma once
// Whether the service does its work, for a load balancer or a supervisor.
#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "sync/model/time.hpp"

namespace dirsync::control {

/// Thread: any.
class Health {
 public:
  /// What a target's last success must not be older than: three of these.
  void set_expected(std::chrono::milliseconds interval, std::vector<std::string> targets);
  void note_success(std::string const& target, Time time);
  /// Why it is not ready, a sentence for each target; none: it is.
  std::vector<std::string> reasons(Time now) const;

 private:
  std::mutex mutable mutex_;
  std::chrono::milliseconds interval_{0};
  std::vector<std::string> targets_;
  std::map<std::string, Time> successes_;
};

}  // namespace dirsync::control
