#pragma once
// What one engine works with; made once from the configuration.
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sync/model/account.hpp"
#include "sync/model/policy.hpp"
#include "sync/ports/clock.hpp"
#include "sync/ports/directory.hpp"
#include "sync/ports/journal.hpp"
#include "sync/ports/monitor.hpp"
#include "sync/ports/target.hpp"

namespace dirsync::engine {

/// How far counts may move from one accepted read to the next, in per cent.
struct Band {
  double groups = 20, users = 20, values = 30;
};

struct SourceDirectory {
  std::string name;
  Directory* directory = nullptr;
  std::optional<Filter> disabled;  // replaces account_states
  std::string normalized_base;
  Band band;
  bool has_canaries = false;  // entries that every read of it must see
  AccountStates account_states = {};
  std::string join = {};  // attribute by which people are joined over all directories that have one
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
