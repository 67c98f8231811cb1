#pragma once
// What one engine works with; made once from the configuration.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/model/directory_policy.hpp"
#include "sync/model/policy.hpp"
#include "sync/ports/clock.hpp"
#include "sync/ports/directory.hpp"
#include "sync/ports/journal.hpp"
#include "sync/ports/monitor.hpp"
#include "sync/ports/target.hpp"

namespace dirsync::engine {

struct SourceDirectory {
  std::string name;
  Directory* directory = nullptr;
  std::string normalized_base{};
  DirectoryPolicy policy{};
};

struct SinkTarget {
  std::string name;
  Target* target = nullptr;
  Limits limits;                               // of this target, merged with the overall ones
  std::map<std::string, std::string> domains;  // by directory, "" for all
  bool replace_stale_groups = false;           // stale_directory_groups = "replace"
};

/// The pointers must outlive the engine.
struct Setup {
  std::vector<Rule> rules;
  Limits limits;
  std::vector<SourceDirectory> directories;
  std::vector<SinkTarget> targets;
  Journal* journal = nullptr;
  Clock const* clock = nullptr;
  Monitor* monitor = nullptr;
  std::string configuration_digest;
};

}  // namespace dirsync::engine
