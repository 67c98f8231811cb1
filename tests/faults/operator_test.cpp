// What people do to dirsyncd.
#include <signal.h>

#include "tests/faults/stage.hpp"

namespace dirsync::test {
namespace {

Fault acted(std::string name, std::string const& expected, std::function<Finished(Stage&)> act) {
  auto fault = for_both(std::move(name), expected, [](Stage&) {});
  fault.act = std::move(act);
  return fault;
}

/// A run that is stopped by that signal while its second write waits for an answer.
Fault stopped(std::string name, std::string const& expected, int signal) {
  return acted(std::move(name), expected, [signal](Stage& stage) {
    for (auto const side : {Side::vault, Side::console})
      stage.simulator(side).replace_faults(R"([{"write": true, "nth": 2, "delay_ms": 3000}])");
    auto const process = stage.start({"sync", "--json"});
    EXPECT_TRUE(eventually([&stage] {
      return stage.simulator(Side::vault).writes() + stage.simulator(Side::console).writes() > 1;
    }));
    process->send_signal(signal);
    return process->wait();
  });
}

void tightened(Configuration& configuration) { configuration.limits_keys = "removals = 0\n"; }

std::string record_of_u04(Stage& stage, std::string const& what) {
  return "dn: " + stage.company.group("team-a").dn() + "\nchangetype: modify\n" + what +
         ": member\nmember: " + stage.company.person("u04").dn() + "\n";
}

/// Between a plan and its approval one more person leaves.
Fault outdated() {
  return acted("a plan is approved that is another by now", "4 hold: removals", [](Stage& stage) {
    stage.change_configuration(tightened);
    EXPECT_EQ(stage.run({"sync", "--json"}).exit, 4);
    auto const old = stage.digest_held();
    stage.modify_directory(record_of_u04(stage, "delete"));
    auto finished = stage.run({"sync", "--approve", old, "--json"});
    stage.modify_directory(record_of_u04(stage, "add"));
    return finished;
  });
}

std::vector<Fault> faults() {
  return {
      acted("the digest of another plan is approved", "2 run",
            [](Stage& stage) {
              return stage.run({"sync", "--approve", std::string(64, '0'), "--json"});
            }),
      outdated(),
      acted("a held plan is rejected, and runs again", "4 hold: removals",
            [](Stage& stage) {
              stage.change_configuration(tightened);
              EXPECT_EQ(stage.run({"sync", "--json"}).exit, 4);
              EXPECT_EQ(stage.run({"reject", stage.digest_held()}).exit, 0);
              return stage.run({"sync", "--json"});
            }),
      acted("two runs at once: the second", "7 locked",
            [](Stage& stage) {
              for (auto const side : {Side::vault, Side::console})
                stage.simulator(side).replace_faults(R"([{"write": true, "delay_ms": 3000}])");
              auto const first = stage.start({"sync", "--json"});
              EXPECT_TRUE(eventually([&stage] {
                return stage.simulator(Side::vault).writes() + stage.simulator(Side::console).writes() > 0;
              }));
              auto second = stage.run({"sync", "--json"});
              EXPECT_EQ(first->wait().exit, 0);
              return second;
            }),
      acted("the clock is set back by two hours", "0 run",
            [](Stage& stage) {
              // The sanitizer wants to be the first library otherwise.
              Environment const environment{{"LD_PRELOAD", CLOCK_BACK_LIBRARY},
                                            {"CLOCK_BACK", "7200"},
                                            {"ASAN_OPTIONS", "verify_asan_link_order=0"}};
              return stage.run({"sync", "--json"}, environment);
            }),
      stopped("a run is killed in the middle of its writes", "-9", SIGKILL),
      stopped("a run is asked to end in the middle of its writes", "6 run: skipped", SIGTERM),
  };
}

using GivenAnOperator = Stage;
TEST_F(GivenAnOperator, WhenTheyErrThenNobodyIsWrongedOrForgotten) { play_all("The operator", faults()); }

}  // namespace
}  // namespace dirsync::test
