
#include "daemon/cli/context.hpp"
#include "daemon/cli/screen.hpp"
#include "sync/model/counted.hpp"

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
    show(stdout, config->file +
                     " is valid: " + counted(config->directories.size(), "directory", "directories") + ", " +
                     counted(config->targets.size(), "target", "targets") + ", " +
                     counted(config->rules.size(), "rule", "rules") + "\n");
  }
  return kDone;
}

}  // namespace dirsync::cli
