#pragma once
// The configuration of one rule, as far as these worlds change it.
#include <set>
#include <string>

#include "sync/model/policy.hpp"

namespace dirsync::sequences {

struct Settings {
  std::string target, prefix;  // prefix: of the target groups' names
  bool configured = true;
  bool teams_only = false;
  bool no_contractors = false;
  bool nested = true;
  bool adopt = false;
  std::set<std::string> excluded = {};  // DNs
  ForeignMembers foreign_members = ForeignMembers::report;
  SourceGone source_gone = SourceGone::keep;
  DeleteGroups delete_groups = DeleteGroups::never;
  friend bool operator==(Settings const&, Settings const&) = default;
};

/// As the configuration would give it; its digest is over all of that. `limits`: those of the whole.
Rule rule_of(std::string const& name, Settings const& settings, Limits const& limits);

}  // namespace dirsync::sequences
