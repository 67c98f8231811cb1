#pragma once
// The service with a large company behind it, for programs that are no tests.
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <string>

#include "tests/bench/measured.hpp"
#include "tests/support/occurrences.hpp"
#include "tests/support/process/figures.hpp"
#include "tests/system/world.hpp"

namespace dirsync::bench {

/// Of six characters or more, as people have them: a Vault is not asked to search for very short words.
inline std::string person_name(int n) {
  auto const digits = std::to_string(n);
  return "p" + std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
}

/// Half of the groups are for the Vault, half for the console, `members` in each; each person is in one of
/// either.
inline test::Company large_company(int people, int members) {
  test::Company company;
  for (int n = 0; n < people; ++n)
    company.people.push_back({.uid = person_name(n), .name = "Person " + std::to_string(n)});
  for (int first = 0; first < people; first += members)
    for (auto const* prefix : {"pam-", "iot-"}) {
      test::Group group{.cn = prefix + std::to_string(first)};
      for (int n = first; n < std::min(people, first + members); ++n) group.people.push_back(person_name(n));
      company.groups.push_back(std::move(group));
    }
  return company;
}

/// Ends this program when the service does not do as it should.
class Service : public test::World {
 public:
  void TestBody() override {}
  /// World's members are set by then. The first run, which fills the targets, has ended after it.
  void begin(std::chrono::seconds longest) {
    World::SetUp();
    service_ = start({"run"}, {{"NOTIFY_SOCKET", ""}});
    log_.open(folder_.path() / "run-1.err");
    wait_for_run(longest);
  }
  test::ProcessFigures figures() const { return test::figures_of(service_->pid()); }
  /// How many have ended.
  int runs() {
    std::string line;
    while (std::getline(log_, line)) {
      runs_ += test::occurrences(line, "event=run_finished");
      last_line_ = line;
    }
    log_.clear();
    return runs_;
  }
  /// Runs that have ended by now are not waited for.
  void count_from_here() { waited_for_ = runs(); }
  /// Until one more run has ended than were waited for, or had ended when it was last counted from.
  void wait_for_run(std::chrono::seconds longest) {
    ++waited_for_;
    if (!test::eventually([this] { return runs() >= waited_for_ || !service_->running(); }, longest) ||
        !service_->running())
      give_up("the service did not come to its end of a run; last it said\n" + last_line_);
  }
  void stop() {
    service_->send_signal(SIGTERM);
    if (service_->wait().exit != 0) give_up("the service did not end well; last it said\n" + last_line_);
  }

 private:
  std::unique_ptr<test::Process> service_;
  std::ifstream log_;  // of each of tens of thousands of changes; read once
  std::string last_line_;
  int runs_ = 0, waited_for_ = 0;
};

/// Whether it is within.
inline bool print_beside(double budget, char const* what, double figure, char const* unit) {
  std::printf("%-44s %10.3f %-4s budget %7.1f %-4s %s\n", what, figure, unit, budget, unit,
              figure <= budget ? "within" : "OVER");
  std::fflush(stdout);
  return figure <= budget;
}

/// Per cent of one processor.
inline double share_of_processor(std::chrono::milliseconds used, std::chrono::milliseconds time) {
  return 100.0 * static_cast<double>(used.count()) / static_cast<double>(time.count());
}

}  // namespace dirsync::bench
