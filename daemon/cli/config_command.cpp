
#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"

namespace dirsync::cli {

int check_config(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::fetch);
  if (!config) return kUsage;
  for (auto const& warning : config->warnings) show(stderr, "dirsyncd: warning: " + warning + "\n");
  if (arguments.json) {
    boost::json::array warnings;
    for (auto const& warning : config->warnings) warnings.emplace_back(warning);
    show_json(boost::json::object{{"file", config->file},
                                  {"valid", true},
                                  {"digest", config->digest},
                                  {"warnings", std::move(warnings)}});
  } else {
    show(stdout, config->file + " is valid: " + std::to_string(config->directories.size()) +
                     " directories, " + std::to_string(config->targets.size()) + " targets, " +
                     std::to_string(config->rules.size()) + " rules\n");
  }
  return kDone;
}

}  // namespace dirsync::cli
