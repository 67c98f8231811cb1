#pragma once
// An engine between a directory in memory and the simulated console.
#include <map>
#include <memory>
#include <set>
#include <string>

#include "sync/console/target.hpp"
#include "tests/simulators/console/console_sim.hpp"
#include "tests/unit/engine/plant.hpp"

namespace dirsync::console {

/// The client's requests go to the simulator's handler without a wire. There is one rule, from all groups of
/// the directory; a person's console user bears their uid. Nothing waits for a second read or an approval.
class ConsolePlant {
 public:
  static constexpr int kPageSize = 200;
  /// `set` and `state` as tests/simulators/README-console.md describes them; the fillers are left out.
  ConsolePlant(std::string const& set, std::string const& profile, sim::json::object state);

  engine::Plant plant;  // before the client, which lives on its event loop

  sim::ConsoleSim& simulator() { return *sim_; }
  void faults(sim::json::array const& rules);
  /// People of the directory.
  void people(std::vector<std::string> const& uids);
  /// One run, which must end like that; its report.
  engine::Report run(engine::Exit exit);
  /// Calls by route, since the calls were last forgotten.
  std::map<std::string, std::int64_t> routes() const { return sim_->counters().by_route; }
  std::int64_t mark(std::string const& name) const;
  /// Of every user of the console, by name: as the state of the simulator has them.
  std::map<std::string, sim::json::object> users() const;
  /// Names of the groups of every user.
  std::map<std::string, std::set<std::string>> groups_of_each() const;
  /// None of the counters counts what a client has no business to do.
  void expect_harmless() const;

 private:
  SystemClock clock_;
  std::unique_ptr<sim::ConsoleSim> sim_;
  std::unique_ptr<ConsoleTarget> target_;
};

}  // namespace dirsync::console
