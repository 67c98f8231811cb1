// doctor, and config check --online.
#include <algorithm>

#include "daemon/cli/context.hpp"
#include "daemon/cli/doctor_output.hpp"
#include "daemon/cli/screen.hpp"
#include "daemon/doctor/doctor.hpp"
#include "sync/model/join.hpp"

namespace dirsync::cli {
namespace {

/// A side that does not exist has nothing wrong; that must not look like being in order. Where the
/// configuration cannot be read its checks say so.
bool knows_side(Arguments const& arguments) {
  if (arguments.side.empty()) return true;
  config::ProcessEnvironment const environment;
  auto const config = config::load(arguments.config, environment, config::Secrets::leave);
  if (!config || config->directories.contains(arguments.side) || config->targets.contains(arguments.side))
    return true;
  std::vector<std::string> names;
  for (auto const& [name, directory] : config->directories) names.push_back(name);
  for (auto const& [name, target] : config->targets) names.push_back(name);
  print_error(arguments, "usage",
              "--side: no directory or target " + arguments.side + " in " + arguments.config +
                  "; there are: " + join(names, ", "));
  return false;
}

}  // namespace

int show_doctor(Arguments const& arguments) {
  if (!knows_side(arguments)) return kUsage;
  auto const checks = doctor::examine({.config_file = arguments.config, .side = arguments.side});
  if (arguments.json) {
    show_json(doctor_document(checks));
  } else {
    auto const palette = Palette::for_descriptor(1);
    show_painted(stdout, doctor_view(checks, palette), palette);
  }
  return doctor::has_failed(checks) ? kFailed : kDone;
}

}  // namespace dirsync::cli
