#pragma once
// The Vault simulator behind TLS, and the client that talks to it.
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "sync/ports/target.hpp"
#include "sync/vault/settings.hpp"
#include "tests/simulators/server.hpp"
#include "tests/simulators/vault/vault_sim.hpp"

namespace dirsync::vault {

class SimulatedVault {
 public:
  /// `total`: how long a call may take. Knobs: see tests/simulators/README.md.
  explicit SimulatedVault(boost::asio::io_context& io, std::string const& profile, sim::Fields knobs = {},
                          std::chrono::milliseconds total = std::chrono::seconds{60});
  ~SimulatedVault();

  Target& target() { return *target_; }
  sim::VaultSim& simulator() { return simulator_; }
  sim::VaultSim const& simulator() const { return simulator_; }

  // Each takes JSON text as tests/simulators/README.md describes it, and must be right.
  void edit(std::string const& edits);
  void edit(sim::json::object const& one);
  void set(sim::Fields const& knobs);
  void faults(std::string const& rules);

  /// Requests as they came over the wire, since forget().
  std::vector<sim::Request> received() const;
  void forget();
  /// Calls that asked for a change, since forget().
  std::vector<sim::Call> writes() const;

  std::string group_id(std::string const& name) const;  // empty: there is none
  std::string user_id(std::string const& name) const;   // empty: there is none
  /// By the name that the group shows for them.
  std::set<std::string> members(std::string const& group) const;

 private:
  Settings settings(std::string const& profile, std::chrono::milliseconds total) const;

  sim::VaultSim simulator_;
  mutable std::mutex mutex_;
  std::vector<sim::Request> received_;
  std::unique_ptr<sim::Server> server_;
  std::unique_ptr<Target> target_;
};

}  // namespace dirsync::vault
