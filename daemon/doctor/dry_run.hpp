#pragma once
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "daemon/config/config.hpp"
#include "daemon/doctor/watched_sides.hpp"
#include "store/store.hpp"
#include "sync/model/plan.hpp"

namespace dirsync::doctor {

struct DryRun {
  std::optional<Error> error;  // no plan could be made
  Plan plan;
  std::map<std::string, DirectoryRead> directories;  // those that were read
  std::map<std::string, TargetRead> targets;
  std::map<std::string, std::map<std::string, MappingAnswer>> mappings;  // by target and mapping
  std::map<std::string, char const*> no_mappings;                        // why a target has none to ask for
};

/// One run in memory, up to the plan: reads every side but those in `left_out`, writes to none, and keeps
/// nothing. `store`: null where nothing is remembered yet. Blocks, with an event loop of its own, and ends
/// the sessions that it opened.
DryRun dry_run(config::Config const& config, store::Store* store, std::set<std::string> const& left_out);

}  // namespace dirsync::doctor
