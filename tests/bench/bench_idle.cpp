// What the service costs between two runs, with a large company behind it: `bench_idle [SECONDS [PEOPLE]]`.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "tests/bench/service.hpp"

namespace dirsync::bench {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr double kCpuBudget = 0.1;     // percent of one processor
constexpr double kMemoryBudget = 40;   // MB
constexpr seconds kInterval{300};      // of the schedule
constexpr seconds kBeforeTheNext{10};  // a window has ended by then
constexpr seconds kAfterTheLast{2};    // the log tells of a run's end before its memory is given back

class RestingService : public Service {
 public:
  explicit RestingService(int people) {
    company = large_company(people, 100);
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.more =
        "[schedule]\ninterval = \"" + std::to_string(kInterval.count()) + "s\"\njitter = \"0s\"\n";
    begin(2 * kInterval);
  }
};

struct Idle {
  milliseconds cpu_time{0}, time{0};
  std::int64_t resident = 0;  // KiB, the most
};

/// Windows between two runs, until they are `wanted` long in all.
Idle measure_between_runs(Service& service, seconds wanted) {
  Idle idle;
  for (;;) {
    auto const window =
        std::min<milliseconds>(kInterval - kAfterTheLast - kBeforeTheNext, wanted - idle.time);
    std::this_thread::sleep_for(kAfterTheLast);
    auto const before = service.figures();
    auto const begun = steady_clock::now();
    std::this_thread::sleep_for(window);
    auto const after = service.figures();
    idle.time += std::chrono::duration_cast<milliseconds>(steady_clock::now() - begun);
    idle.cpu_time += after.cpu_time - before.cpu_time;
    idle.resident = std::max({idle.resident, before.resident, after.resident});
    if (idle.time >= wanted) return idle;
    service.wait_for_run(2 * kInterval);
  }
}

int run(seconds wanted, int people) {
  RestingService service{people};
  std::printf("%d people, a run every %lld s, %lld s between runs\n", people,
              static_cast<long long>(kInterval.count()), static_cast<long long>(wanted.count()));
  std::fflush(stdout);
  auto const idle = measure_between_runs(service, wanted);
  service.stop();
  auto const share = share_of_processor(idle.cpu_time, idle.time);
  auto const is_quiet = print_beside(kCpuBudget, "processor", share, "%");
  auto const is_small =
      print_beside(kMemoryBudget, "resident memory", static_cast<double>(idle.resident) / 1024, "MB");
  return is_quiet && is_small ? 0 : 1;
}

}  // namespace
}  // namespace dirsync::bench

int main(int argc, char** argv) {
  auto const number = [argc, argv](int at, int otherwise) {
    return argc > at ? std::max(1, std::atoi(argv[at])) : otherwise;
  };
  return dirsync::bench::run(std::chrono::seconds{number(1, 600)}, number(2, 20'000));
}
