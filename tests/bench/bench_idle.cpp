// What the service costs between two runs, with a large company behind it: `bench_idle [SECONDS [PEOPLE]]`.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "tests/bench/measured.hpp"
#include "tests/support/process/figures.hpp"
#include "tests/system/world.hpp"

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

/// Half of the groups are for the Vault, half for the console; each person is in one of either.
test::Company large_company(int people) {
  constexpr int kMembers = 100;
  test::Company company;
  for (int n = 0; n < people; ++n)
    company.people.push_back({.uid = "p" + std::to_string(n), .name = "Person " + std::to_string(n)});
  for (int first = 0; first < people; first += 2 * kMembers)
    for (auto const* prefix : {"pam-", "iot-"}) {
      test::Group group{.cn = prefix + std::to_string(first)};
      for (int n = first; n < std::min(people, first + kMembers); ++n)
        group.people.push_back("p" + std::to_string(n));
      company.groups.push_back(std::move(group));
    }
  return company;
}

/// A stage for programs that are no tests.
class IdleService : public test::World {
 public:
  explicit IdleService(int people) {
    company = large_company(people);
    configuration.limits_keys = "first_plan = \"apply\"\nadditions = \"off\"\n";
    configuration.more =
        "[schedule]\ninterval = \"" + std::to_string(kInterval.count()) + "s\"\njitter = \"0s\"\n";
    World::SetUp();
    service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}});
    wait_for_run();
  }
  void TestBody() override {}

  test::ProcessFigures figures() const { return test::figures_of(service_->pid()); }
  /// Until one more run has ended.
  void wait_for_run() {
    ++runs_;
    auto const ended = [this] {
      auto const log = service_->err();
      int count = 0;
      for (auto at = log.find(kEnd); at != std::string::npos; at = log.find(kEnd, at + 1)) ++count;
      return count >= runs_ || !service_->running();
    };
    if (!test::eventually(ended, 2 * kInterval) || !service_->running())
      give_up("the service did not come to its end of a run:\n" + last_lines());
  }
  void stop() {
    service_->send_signal(SIGTERM);
    if (service_->wait().exit != 0) give_up("the service did not end well:\n" + last_lines());
  }

 private:
  /// Of the log, which tells of each of tens of thousands of changes.
  std::string last_lines() const {
    auto const log = service_->err();
    return log.substr(log.size() - std::min<std::size_t>(log.size(), 2000));
  }

  static constexpr std::string_view kEnd = "event=run_finished";
  std::unique_ptr<test::Process> service_;
  int runs_ = 0;
};

struct Idle {
  milliseconds cpu_time{0}, time{0};
  std::int64_t resident = 0;  // KiB, the most
};

/// Windows between two runs, until they are `wanted` long in all.
Idle measure_between_runs(IdleService& service, seconds wanted) {
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
    service.wait_for_run();
  }
}

bool print(char const* what, double figure, char const* unit, double budget) {
  std::printf("%-20s %8.3f %-4s budget %5.1f %-4s %s\n", what, figure, unit, budget, unit,
              figure <= budget ? "within" : "OVER");
  return figure <= budget;
}

int run(seconds wanted, int people) {
  IdleService service{people};
  std::printf("%d people, a run every %lld s, %lld s between runs\n", people,
              static_cast<long long>(kInterval.count()), static_cast<long long>(wanted.count()));
  std::fflush(stdout);
  auto const idle = measure_between_runs(service, wanted);
  service.stop();
  auto const share =
      100.0 * static_cast<double>(idle.cpu_time.count()) / static_cast<double>(idle.time.count());
  auto const is_quiet = print("processor", share, "%", kCpuBudget);
  auto const is_small =
      print("resident memory", static_cast<double>(idle.resident) / 1024, "MB", kMemoryBudget);
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
