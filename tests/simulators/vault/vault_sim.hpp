#pragma once
// A CyberArk Vault behind PVWA, as its REST API shows it.
#include <chrono>
#include <functional>
#include <string>

#include "tests/simulators/simulator.hpp"
#include "tests/simulators/vault/calls.hpp"

namespace dirsync::sim {

class VaultSim final : public Simulator {
 public:
  struct Options {
    std::string profile = "pam-12.2";
    Fields knobs = {};  // name, value
    std::function<vault::Instant()> now = std::chrono::steady_clock::now;
  };
  VaultSim() : VaultSim{Options{}, vault::default_state()} {}
  explicit VaultSim(Options options) : VaultSim{std::move(options), vault::default_state()} {}
  /// State: see README.md. Knobs of the state go before those of the profile, and Options::knobs before both.
  /// Throws std::invalid_argument for an unknown profile or knob, or a wrong state.
  VaultSim(Options options, json::value const& state);

 private:
  Route route_of(Request const& request) const override;
  Answer answer(Request const& request) override;
  json::value dump_state() const override;
  std::optional<std::string> load_state(json::value const& state) override;
  std::optional<std::string> do_edit(json::object const& edit) override;
  bool is_unfit(std::string_view path) const override;
  void add_counters(json::object& counters) const override;

  vault::World world_;
};

}  // namespace dirsync::sim
