#include "tests/simulators/program.hpp"
#include "tests/simulators/vault/vault_sim.hpp"

namespace {
std::unique_ptr<dirsync::sim::Simulator> make(dirsync::sim::ProgramOptions const& given) {
  dirsync::sim::VaultSim::Options options;
  if (!given.profile.empty()) options.profile = given.profile;
  options.knobs = given.knobs;
  auto const state = given.state ? *given.state : dirsync::sim::vault::default_state();
  return std::make_unique<dirsync::sim::VaultSim>(std::move(options), state);
}
}  // namespace

int main(int argc, char** argv) { return dirsync::sim::run_program(argc, argv, make); }
