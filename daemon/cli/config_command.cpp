#include <boost/json.hpp>
#include <cstdio>

#include "daemon/cli/context.hpp"

namespace dirsync::cli {

int check_config(Arguments const& arguments) {
  auto const config = load_config(arguments, config::Secrets::fetch);
  if (!config) return kUsage;
  for (auto const& warning : config->warnings)
    std::fprintf(stderr, "dirsyncd: warning: %s\n", warning.c_str());
  if (arguments.json) {
    boost::json::array warnings;
    for (auto const& warning : config->warnings) warnings.emplace_back(warning);
    std::puts(boost::json::serialize(boost::json::object{{"file", config->file},
                                                         {"valid", true},
                                                         {"digest", config->digest},
                                                         {"warnings", std::move(warnings)}})
                  .c_str());
  } else {
    std::printf("%s is valid: %zu directories, %zu targets, %zu rules\n", config->file.c_str(),
                config->directories.size(), config->targets.size(), config->rules.size());
  }
  return kDone;
}

}  // namespace dirsync::cli
