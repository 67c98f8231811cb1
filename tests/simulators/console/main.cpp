#include <stdexcept>

#include "tests/simulators/console/console_sim.hpp"
#include "tests/simulators/program.hpp"

namespace {
std::unique_ptr<dirsync::sim::Simulator> make(dirsync::sim::ProgramOptions const& given) {
  dirsync::sim::ConsoleSim::Options options;
  options.set_name = given.profile;
  options.knobs = given.knobs;
  auto const state = given.state.value_or(boost::json::object{});
  auto sim = dirsync::sim::ConsoleSim::open(state, std::move(options));
  if (!sim) throw std::invalid_argument{sim.error().context};
  return std::move(*sim);
}
}  // namespace

int main(int argc, char** argv) { return dirsync::sim::run_program(argc, argv, make); }
